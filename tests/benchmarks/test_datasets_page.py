"""docs/datasets.md explains every key, and its examples work."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

from benchmarks.suite.datasets import (
    Example,
    cleaning,
    fields,
    marking,
    records,
    registry,
    tables,
)
from benchmarks.suite.datasets.fields import label_value

PAGE = Path(__file__).parents[2] / "docs" / "datasets.md"
TEXT = PAGE.read_text("utf-8")


def test_every_key_is_explained() -> None:
    keys = {
        *registry.KEYS,
        *registry.COLUMNS,
        *fields.LABEL_RULES,
        *marking.SPAN_FORMS,
        *cleaning.CLEANERS,
        *tables.READERS,
        *records.KINDS,
        *records.USES,
    }
    assert [key for key in sorted(keys) if f"`{key}`" not in TEXT] == []


def test_the_labels_of_the_page_do_what_it_says() -> None:
    (source,) = re.findall(r"^```toml\n(.*?)^```$", TEXT, re.M | re.S)
    rude, warmth, small_talk = tomllib.loads(source)["labels"]
    row = {"tone": "Very rude", "warmth": "1.5", "topic": "Greeting in the morning"}
    assert [label_value(row, rule) for rule in (rude, warmth, small_talk)] == [1.0, 1.5, 1.0]
    row = {"tone": "odd", "warmth": "", "topic": "bills"}
    assert [label_value(row, rule) for rule in (rude, warmth, small_talk)] == [None] * 3


def test_the_python_of_the_page_runs() -> None:
    (source,) = re.findall(r"^```python\n(.*?)^```$", TEXT, re.M | re.S)
    scope: dict[str, object] = {}
    exec(compile(source, "<page>", "exec"), scope)
    assert isinstance(scope["dataset"].examples[0], Example)  # type: ignore[attr-defined]
