"""`mta doctor`: looks at everything that MTA needs, and mends nothing."""
