# `make check` is what a change has to pass. Every target makes the virtual environment that it needs.
PYTHON ?= python3
VENV ?= .venv
RUN = $(VENV)/bin/python

.PHONY: check format lint types test browser fresh docs data bench dist

check: lint types fresh test

$(VENV)/installed: pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(RUN) -m pip install --quiet --disable-pip-version-check --editable ".[dev]"
	touch $@

# Rewrites the code in the one format.
format: $(VENV)/installed
	$(RUN) -m ruff check --quiet --fix --exit-zero .
	$(RUN) -m ruff format .

lint: $(VENV)/installed
	$(RUN) -m ruff format --check .
	$(RUN) -m ruff check .

types: $(VENV)/installed
	$(RUN) -m mypy

# Generated files are what their sources say.
fresh: $(VENV)/installed
	$(RUN) -m calmtone.rules.build --check
	$(RUN) -m benchmarks.docs --check
	$(RUN) -m benchmarks report --check

test: $(VENV)/installed
	$(RUN) -m pytest

# Looks at the report in a real browser; skipped where no Chromium is found.
browser: $(VENV)/installed
	$(RUN) -m pip install --quiet --disable-pip-version-check --editable ".[browser]"
	$(RUN) -m pytest -rs tests/test_conversation_browser.py

# Compiles the rule files for the matcher.
data: $(VENV)/installed
	$(RUN) -m calmtone.rules.build

# Fills in everything that the documentation generates.
docs: $(VENV)/installed
	$(RUN) -m benchmarks.docs

# Measures everything; needs the data sets, see docs/how-it-works.md.
bench: $(VENV)/installed
	$(RUN) -m pip install --quiet --disable-pip-version-check --editable ".[bench]"
	$(RUN) -m benchmarks.quality --system calmtone
	$(RUN) -m benchmarks.quality --system tfidf
	$(RUN) -m benchmarks.quality --system vader
	$(RUN) -m benchmarks.speed
	$(RUN) -m benchmarks.rewrites --write
	$(RUN) -m benchmarks.rewrites --dev --write
	$(RUN) -m benchmarks.conversations
	$(RUN) -m benchmarks run
	$(RUN) -m benchmarks report
	$(RUN) -m benchmarks.docs

dist: $(VENV)/installed
	$(RUN) -m pip install --quiet --disable-pip-version-check "build>=1.2"
	$(RUN) -m build
