"""CITATION.cff says what the package says of itself."""

import re
import tomllib
from pathlib import Path

import calmtone

ROOT = Path(__file__).parents[2]


def test_the_citation_is_of_this_version() -> None:
    lines = (ROOT / "CITATION.cff").read_text(encoding="utf-8").splitlines()
    found = dict(re.findall(r"^([a-z-]+): \"?([^\">\n]+)\"?$", "\n".join(lines), re.MULTILINE))
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert found["cff-version"] == "1.2.0"
    assert found["version"] == project["version"] == calmtone.__version__
    assert found["license"] == project["license"]
    assert found["title"].startswith(project["name"])
    released = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    assert f"## [{found['version']}] - {found['date-released']}" in released
    assert '  - name: "The calmtone developers"' in lines
