"""The version of calmtone, which every result names."""

__version__ = "0.1.0"
