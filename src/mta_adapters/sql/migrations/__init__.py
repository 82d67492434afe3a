"""How the database file came to look as it does."""
