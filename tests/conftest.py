from __future__ import annotations

import pytest
from hypothesis import settings

from calmtone import Analyzer

settings.register_profile(
    "calmtone", deadline=None, derandomize=True, database=None, max_examples=150
)
settings.load_profile("calmtone")


@pytest.fixture(scope="session")
def analyzer() -> Analyzer:
    """The shipped rules; shared, as callers are told to do."""
    return Analyzer(engine="rules")
