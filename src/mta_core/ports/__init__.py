"""What the core needs from the world, each as a small Protocol."""
