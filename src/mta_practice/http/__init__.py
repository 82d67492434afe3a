"""The thin HTTP layer over the practice city."""
