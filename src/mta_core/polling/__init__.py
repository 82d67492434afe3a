"""Which question to the city comes next: pure and deterministic."""
