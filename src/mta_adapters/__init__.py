"""Technology behind the core's ports, one folder each."""
