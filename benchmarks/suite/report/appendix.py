"""The end of the page: what is missing, the data, the systems, sources and machine."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from typing import Any

from benchmarks.docs.blocks import table

from ..results import Result
from .cells import NONE, OTHER, count, folded, number, plain
from .gaps import gaps
from .prose import prose
from .published import Published
from .wording import Wording

_LEFT_OUT = ("key", "data_sha256", "system_version")  # of the provenance: shown elsewhere


def not_run(results: Sequence[Result], words: Wording) -> str:
    """What has no figures, and why."""
    found = gaps(results, words.served)
    if not found:
        return "## Not run\nNothing was left out: every entry ran.\n"
    rows = [
        [gap.status, *(_names(part) for part in gap[2:]), plain(gap.reason)] for gap in found
    ]
    return _section("not-run", ["status", "systems", "tasks", "data sets", "why"], rows)


def datasets(results: Sequence[Result], words: Wording) -> str:
    """Every data set, run or not."""
    rows = []
    ordered = sorted(results, key=lambda result: result.dataset)
    for name, group in groupby(ordered, key=lambda result: result.dataset):
        of_set = list(group)
        done = [result for result in of_set if result.status == "done"]
        text = words.dataset(name)
        title = plain(text.title)
        left_out = dict.fromkeys(note for result in of_set for note in result.notes)
        notes = [text.notes, *(f"{note}." for note in left_out)]
        rows.append(
            [
                f"`{name}`",
                f"[{title}]({text.url})" if text.url else title,
                plain(text.licence) or NONE,
                next((result.use for result in of_set if result.use), None) or NONE,
                count(max((result.n for result in done), default=None)),
                count(max((result.duplicates_removed for result in done), default=None)),
                "yes" if any(result.partial_copy for result in of_set) else NONE,
                plain(" ".join(notes)),
            ]
        )
    head = ["name", "data set", "licence", "use", "n", "removed", "partial copy", "to know"]
    return _section("data-sets", head, rows)


def systems(results: Sequence[Result], words: Wording) -> str:
    """Every system, with the versions that ran."""
    rows = []
    for name in words.ordered_systems({result.system for result in results}):
        text = words.system(name)
        versions = {
            plain(str(result.provenance["system_version"]))
            for result in results
            if result.system == name and result.provenance.get("system_version")
        }
        shown = "<br>".join(sorted(versions)) or NONE
        rows.append([f"`{name}`", text.title, plain(text.about), shown])
    return "## Systems\n\n" + _words(["name", "system", "what it is", "version"], rows)


def elsewhere(published: Published) -> str:
    """Published figures that have no cell above."""
    rows = [
        [
            item.system,
            item.measure,
            item.data,
            f"*{number(item.value, None)}*",
            f"{item.why}[^{item.source}]",
        ]
        for item in published.elsewhere
    ]
    head = ["system", "measure", "data", "published", "why it can't be compared"]
    return _section("elsewhere", head, rows)


def provenance(results: Sequence[Result]) -> str:
    """Machine, versions and seed of all runs; where runs differ, each value."""
    found: dict[str, dict[str, None]] = {}
    for result in results:
        if result.status == "done":
            for key, value in _flat(result.provenance):
                found.setdefault(key, {})[value] = None
    rows = [[key, "<br>".join(values)] for key, values in found.items()]
    return "## Where it ran\n\n" + _words(["", "value"], rows)


def citations(results: Sequence[Result], words: Wording) -> str:
    """The records of the data sets for a bibliography."""
    names = sorted({result.dataset for result in results})
    cited = dict.fromkeys(words.dataset(name).citation.strip() for name in names)
    records = "\n\n".join(citation for citation in cited if citation)
    if not records:
        return ""
    return "\n".join(folded("The data sets, for BibTeX", f"```bibtex\n{records}\n```"))


def footnotes(published: Published, used: Collection[str] | None = None) -> str:
    """The sources of published figures, with what a reader has to know of them.

    Args:
        published: all that is known.
        used: keys of the sources that are wanted; all unless given.
    """
    differs: dict[str, dict[str, None]] = {}
    for value in published.values:
        if value.differs:
            differs.setdefault(value.source, {})[value.differs] = None
    lines = []
    for key, source in published.sources.items():
        if used is not None and key not in used:
            continue
        said = [f"{source.citation} [{source.where}]({source.url})."]
        said += [f"{OTHER}: {text}." for text in differs.get(key, ())]
        said += published.remarks.get(key, ())
        lines.append(f"[^{key}]: {' '.join(said)}")
    return "\n".join(lines)


def _section(name: str, head: list[str], rows: list[list[str]]) -> str:
    return f"{prose(name)}\n{_words(head, rows)}"


def _words(head: list[str], rows: list[list[str]]) -> str:
    """A table of words: all columns aligned to the left."""
    return table(head, rows, right=len(head))


def _names(names: Iterable[str]) -> str:
    return ", ".join(f"`{name}`" for name in names) or "all"


def _flat(given: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for key, value in given.items():
        if key in _LEFT_OUT:
            continue
        title = key.replace("_", " ")
        if isinstance(value, Mapping):
            for name, item in value.items():
                yield f"{title}: {name}", _shown(item)
        else:
            yield title, _shown(value)


def _shown(value: Any) -> str:
    return plain(value if isinstance(value, str) else json.dumps(value))
