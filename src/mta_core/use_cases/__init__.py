"""What MTA can do, one capability a file."""
