"""Generation of what the documentation shows (`python -m benchmarks.docs`)."""
