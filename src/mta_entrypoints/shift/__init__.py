"""The page on which a person passes the city's human check, on this machine alone."""
