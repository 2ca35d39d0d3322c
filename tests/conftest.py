from __future__ import annotations

import os
from collections.abc import Iterator

import pytest
from hypothesis import settings

from calmtone import Analyzer
from calmtone.analyzer import default_analyzer

# Tests import onnxruntime themselves, some before the library can switch its reports off.
os.environ.setdefault("ORT_DISABLE_TELEMETRY", "1")
settings.register_profile(
    "calmtone", deadline=None, derandomize=True, database=None, max_examples=150
)
settings.load_profile("calmtone")


@pytest.fixture(scope="session")
def analyzer() -> Analyzer:
    """The shipped rules; shared, as callers are told to do."""
    return Analyzer(engine="rules")


@pytest.fixture(scope="module")
def rules_only() -> Iterator[None]:
    """As where the extra `onnx` is not installed: for what is expected of the rules alone."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("calmtone.engines.missing_library", lambda: "onnxruntime")
        default_analyzer.cache_clear()
        yield
    default_analyzer.cache_clear()
