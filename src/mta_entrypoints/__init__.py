"""The processes: each folder wires its parts in a container and runs them."""
