"""Fitting of the numbers that the rule engine ships (`python -m benchmarks.fit`)."""
