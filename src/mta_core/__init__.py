"""MTA, the Munich Termin Automator: the core."""
