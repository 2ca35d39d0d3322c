"""Fits the numbers that replies are read with: `python -m benchmarks.fit.replies`."""
