"""Generate what the documentation shows: `python -m benchmarks.docs [--check]`.

The rule reference comes from the rule files, the figures from `benchmarks/results`, the
outputs of the examples and the terminal's picture from runs. With `--check` nothing is
written, and the exit code is 1 if a page is stale or a link leads nowhere. Results that are
missing, or of other rules, are only noted: to measure them takes the data sets.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

from calmtone import Analyzer

from .blocks import filled
from .examples import Examples
from .figures import figures
from .picture import picture
from .reference import reference

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
WRITTEN = ("adding-a-rule.md", "command-line.md")  # by hand as a whole
_LINK = re.compile(r"\]\((?!https?:)([^)#\s]*)(?:#([^)\s]*))?\)|<img[^>]* src=\"([^\"]+)\"")
_CODE = re.compile(r"^```.*?^```|`[^`\n]+`", re.DOTALL | re.MULTILINE)


def generated(problems: list[str], notes: list[str]) -> dict[Path, str]:
    """Every generated file and what it should hold."""
    files = {DOCS / "rules" / name: page for name, page in reference().items()}
    files[DOCS / "terminal.svg"] = picture()
    blocks = figures(Analyzer().rules_hash, notes)
    for page in (ROOT / "README.md", *sorted(DOCS.glob("*.md"))):
        if page.name not in WRITTEN:
            text = page.read_text(encoding="utf-8")
            files[page] = filled(text, {**blocks, "example": Examples().run}, page, problems)
    return files


def orphans(files: dict[Path, str]) -> list[Path]:
    """Pages of the rule reference that no rule file stands for any more."""
    return [page for page in (DOCS / "rules").glob("*.md") if page not in files]


def broken_links(files: dict[Path, str]) -> list[str]:
    """Relative links of all pages that lead to no file or to no heading."""
    pages = dict(files)
    for page in (*DOCS.rglob("*.md"), ROOT / "CHANGELOG.md"):
        if page not in pages and page.exists():
            pages[page] = page.read_text(encoding="utf-8")
    anchors = {page: _anchors(text) for page, text in pages.items() if page.suffix == ".md"}
    broken = []
    for page in anchors:
        for path, anchor, image in _LINK.findall(_CODE.sub("", pages[page])):
            target = (page.parent / (path or image)).resolve() if path or image else page
            missing = not (target.exists() or target in pages)
            if not missing and anchor:
                missing = anchor not in anchors.get(target, set())
            if missing:
                link = f"{path or image}{'#' * bool(anchor)}{anchor}"
                broken.append(f"{page.relative_to(ROOT)}: no {link}")
    return broken


def _anchors(text: str) -> set[str]:
    """What the headings of a page can be linked by."""
    titles = re.findall(r"^#+ (.+)$", re.sub(r"(?ms)^```.*?^```", "", text), re.MULTILINE)
    kept = (re.sub(r"[^\w\- ]", "", title.strip().lower()) for title in titles)
    return {title.replace(" ", "-") for title in kept}


def main() -> int:
    """Write what is stale; with `--check` only name it."""
    check = "--check" in sys.argv[1:]
    problems: list[str] = []
    notes: list[str] = []
    files = generated(problems, notes)
    stale = 0
    for path, content in files.items():
        if not path.exists() or path.read_text(encoding="utf-8") != content:
            stale += 1
            if not check:
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(content, encoding="utf-8")
            print(f"{path.relative_to(ROOT)} {'is stale: make docs' if check else 'written'}")
    for page in orphans(files):
        stale += 1
        if not check:
            page.unlink()
        print(f"{page.relative_to(ROOT)} {'has no source: make docs' if check else 'removed'}")
    problems += broken_links(files)
    for line in notes + problems:
        print(line, file=sys.stderr)
    return int(bool(problems) or (check and stale > 0))


if __name__ == "__main__":
    sys.exit(main())
