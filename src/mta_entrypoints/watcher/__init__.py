"""The watcher: asks the city, one question at a time, and relays what is due."""
