"""Measurements: run side by side in one go, given as ratios (design: numbers)."""
