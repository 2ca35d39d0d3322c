"""What a data set of the suite is made of.

An `Entry` is what `datasets.toml` declares, a `Dataset` what `load` read from its files.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

DIMENSIONS = ("hostility", "defensiveness", "empathy")
KINDS = ("binary", "rating", "rewrite", "span", "false-alarm")
USES = ("train", "evaluate")


class Example(NamedTuple):
    """One text with what people said about it.

    Attributes:
        id: stable within the data set.
        text: as the raters saw it, entities and escapes resolved.
        context: the message that the text answers.
        labels: label name to its value: 0 or 1, or a rating in the unit of the source. A
            label that the source doesn't give for this text is not in the mapping.
        spans: (start, end, dimension) in code points of `text`, end-exclusive, in order.
            None where nobody marked spans; empty where raters marked none.
        group: what has to stay together (thread, review, template).
        partner: of a calm rewrite the id of its original, which itself has no partner; of
            the two halves of a contrast pair the id of the other half.
        kind: what the source calls this sort of text: HateCheck's functionality, XSTest's
            type, the identity term of a template.
    """

    id: str
    text: str
    context: str | None = None
    labels: Mapping[str, float] = {}
    spans: tuple[tuple[int, int, str], ...] | None = None
    group: str | None = None
    partner: str | None = None
    kind: str | None = None


class LabelSpec(NamedTuple):
    """A label of a data set and what it says about a dimension.

    A label that speaks about two dimensions has a specification for each, with one name.

    Attributes:
        name: the key in `Example.labels`.
        dimension: the score that it is compared with.
        kind: `binary` (1 has the property), `rating` (a number, more is more of it),
            `rewrite` (1 the original, 0 a calm version of it), `span` (in `Example.spans`,
            not in `Example.labels`), `false-alarm` (1: the dimension must stay low).
        sign: +1 where more of the label should mean a higher score, -1 the other way round.
        title: for tables.
    """

    name: str
    dimension: str
    kind: str
    sign: int = 1
    title: str = ""


class FileSpec(NamedTuple):
    """An upstream file.

    Attributes:
        path: inside the upstream repository; ends in `/` for a folder of many files.
        bytes: size of the whole upstream file, None where not known.
        sha256: of the whole upstream file, None where not known.
    """

    path: str
    bytes: int | None = None
    sha256: str | None = None


class Entry(NamedTuple):
    """A data set, or a split of one, as `datasets.toml` declares it.

    Attributes:
        name: what it is called on the command line.
        title: for tables.
        use: `train` where shipped weights may learn from it, else `evaluate`.
        tasks: names of the tasks that it serves.
        labels: what it says, one specification for each label and dimension.
        folder: folder under the data folder's `raw/`; empty for the project's own files.
        upstream: `owner/name` on GitHub; empty for the project's own files.
        commit: the upstream commit that hashes and columns are true for.
        files: the upstream files that it is read from.
        rows: rows of the whole upstream files, before anything is left out.
        licence: as the source states it.
        citation: a BibTeX record.
        reader: name of the reader.
        options: of the reader and of the columns, as declared.
        notes: what somebody has to know who quotes a figure on it.
        fetch: how to get the files where they can't be downloaded as they are.
    """

    name: str
    title: str
    use: str
    tasks: tuple[str, ...]
    labels: tuple[LabelSpec, ...]
    folder: str
    upstream: str
    commit: str
    files: tuple[FileSpec, ...]
    rows: int | None
    licence: str
    citation: str
    reader: str
    options: Mapping[str, Any]
    notes: str
    fetch: str


class Dataset(NamedTuple):
    """The examples of an entry, with what was found on the way.

    Attributes:
        entry: what was declared.
        examples: in the order of the files.
        partial: whether a file differs from the upstream file ("partial copy").
        files: path to the sha256 that was found.
        duplicates_removed: texts left out because they are in the training data.
        repeats_removed: texts left out because the set has them already (only where the
            entry asks for it).
        left_out: other rows that gave no example, by reason.
        rows: how many rows the files have.
    """

    entry: Entry
    examples: list[Example]
    partial: bool
    files: Mapping[str, str]
    duplicates_removed: int = 0
    repeats_removed: int = 0
    left_out: Mapping[str, int] = {}
    rows: int = 0

    @property
    def name(self) -> str:
        """The entry's name."""
        return self.entry.name

    @property
    def title(self) -> str:
        """The entry's title."""
        return self.entry.title

    @property
    def licence(self) -> str:
        """The entry's licence."""
        return self.entry.licence

    @property
    def citation(self) -> str:
        """The entry's BibTeX record."""
        return self.entry.citation

    @property
    def use(self) -> str:
        """The entry's use, `train` or `evaluate`."""
        return self.entry.use

    @property
    def tasks(self) -> tuple[str, ...]:
        """The names of the tasks that the entry serves."""
        return self.entry.tasks

    @property
    def labels(self) -> tuple[LabelSpec, ...]:
        """The entry's labels."""
        return self.entry.labels


def rewrites(examples: Iterable[Example]) -> list[tuple[Example, Example]]:
    """Every (original, calm rewrite), in the order of the rewrites."""
    by_id = {example.id: example for example in examples}
    return [
        (original, example)
        for example in by_id.values()
        if (original := by_id.get(example.partner or "")) and original.partner != example.id
    ]


def pairs(examples: Iterable[Example]) -> list[tuple[Example, Example]]:
    """Every contrast pair once, its halves in the order of the examples."""
    by_id = {example.id: example for example in examples}
    place = {name: number for number, name in enumerate(by_id)}
    return [
        (example, other)
        for example in by_id.values()
        if (other := by_id.get(example.partner or ""))
        and other.partner == example.id
        and place[example.id] < place[other.id]
    ]


def labelled(examples: Sequence[Example], name: str) -> tuple[list[Example], list[float]]:
    """The examples that have a label, and its values."""
    chosen = [example for example in examples if name in example.labels]
    return chosen, [example.labels[name] for example in chosen]
