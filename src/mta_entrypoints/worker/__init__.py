"""The worker: books, follows up and delivers."""
