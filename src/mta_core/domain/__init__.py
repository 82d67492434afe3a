"""The words and the rules: pure values and state machines, no I/O, no clock."""
