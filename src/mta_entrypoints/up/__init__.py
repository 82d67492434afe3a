"""Everything in one process, with nothing installed (design: processes)."""
