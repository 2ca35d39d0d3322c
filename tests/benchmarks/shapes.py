"""Small files of the same shape as the upstream ones, made up for the tests.

Each shape writes the files of some entries below a folder laid out as the data folder is,
and says what has to come out. Headers, encodings, quoting and the cells of labels are those
of upstream; the texts are not.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import shapes_hostility as h
import shapes_others as o
from benchmarks.suite.datasets import Entry, Example
from shape import Shape

SHAPES: dict[str, Shape] = {
    "rated-dev": o.RATED,
    **dict.fromkeys(["ucc-validation", "ucc-test"], h.UCC),
    **dict.fromkeys(
        [f"toxic-spans-{part}" for part in ("train", "trial", "test")], h.TOXIC_SPANS
    ),
    "toxicr": h.TOXICR,
    "toxispanse": h.TOXISPANSE,
    "hatecheck": h.HATECHECK,
    **dict.fromkeys(["kaggle-insults-train", "kaggle-insults-test"], h.KAGGLE),
    "cad-test": h.CAD,
    **dict.fromkeys([f"appdia-{part}" for part in ("train", "dev", "test")], h.APPDIA),
    "paradetox": h.PARADETOX,
    "paradetox-not-toxic": h.PARADETOX_NOT,
    "gh-incivility": h.GH,
    "inclusive-code-reviews": h.INCLUSIVE,
    "strudel-comments": h.STRUDEL_COMMENTS,
    "strudel-issues": h.STRUDEL_ISSUES,
    **dict.fromkeys(["wsu-code-reviews", "wsu-gitter"], h.WSU),
    "jigsaw-talk": h.JIGSAW,
    "jigsaw-templates": h.TEMPLATES,
    "fox-news": h.FOX,
    "surge-toxicity": h.SURGE,
    "convabuse": h.CONVABUSE,
    "context-toxicity": h.CONTEXT,
    "xstest": o.XSTEST,
    "premo": o.PREMO,
    **dict.fromkeys([f"disapere-{part}" for part in ("train", "dev", "test")], o.DISAPERE),
    "resper": o.RESPER,
    "qevasion": o.QEVASION,
    "receptiveness": o.RECEPTIVENESS,
    **dict.fromkeys([f"whataboutism-twitter-{p}" for p in ("train", "dev", "test")], o.TWITTER),
    **dict.fromkeys([f"whataboutism-youtube-{p}" for p in ("train", "dev", "test")], o.YOUTUBE),
    **dict.fromkeys(
        [f"epitome-{m}" for m in ("emotional-reactions", "interpretations", "explorations")],
        o.EPITOME,
    ),
    **dict.fromkeys([f"goemotions-{part}" for part in ("train", "dev", "test")], o.GOEMOTIONS),
    "corrective-culture-train": o.CULTURE_TRAIN,
    "corrective-culture-test": o.CULTURE_TEST,
    "empathic-reactions": o.EMPATHIC,
    **dict.fromkeys(["casino-train", "casino-dev"], o.CASINO),
    **dict.fromkeys(["tydip-train", "tydip-test"], o.TYDIP),
    **dict.fromkeys(["politeness-stack-exchange", "politeness-wikipedia"], o.STANFORD),
    "twitter-care": o.TWITTER_CARE,
}


def written(entry: Entry, shape: Shape, root: Path, **changes: Any) -> list[Path]:
    """The shape as files of an entry below `root`; `changes` go to `table`."""
    paths = []
    for file in entry.files:
        base = root / entry.folder if entry.folder == "calm" else root / "raw" / entry.folder
        path = base / file.path
        if file.path.endswith("/"):
            path = path / "review.json"
        path.parent.mkdir(parents=True, exist_ok=True)
        if entry.reader == "xlsx":
            workbook(path, shape)
        elif entry.reader == "json":
            one = file.path.endswith("/")
            data = json.dumps(shape.rows[0] if one else shape.rows, ensure_ascii=False)
            path.write_text(data, encoding="utf-8")
        elif entry.reader == "jsonl":
            lines = [json.dumps(row, ensure_ascii=False) for row in shape.rows]
            path.write_text("\n".join(lines) + "\n", encoding="utf-8")
        else:
            tabs = entry.reader == "tsv"
            path.write_bytes(table(shape, "\t" if tabs else ",", **changes))
        paths.append(path)
    return paths


def table(
    shape: Shape, delimiter: str, *, bom: bool = False, ends: str = "\n", index: bool = False
) -> bytes:
    """The shape as the bytes of a text file.

    Args:
        shape: with cells.
        delimiter: between two cells.
        bom: whether a byte order mark comes first.
        ends: of the lines.
        index: whether a column without a name counts the rows, as data frames are written.
    """
    header = list(shape.header) if shape.header else []
    rows = [[*row, *[""] * (len(header) - len(row))] for row in shape.rows]
    if index and shape.header and header[0]:
        header = ["", *header]
        rows = [[str(number), *row] for number, row in enumerate(rows)]
    out = io.StringIO(newline="")
    # Tables with tabs are written without quotation marks around cells, as upstream's are.
    plain = delimiter == "\t" and shape.header != h.PARADETOX_NOT.header
    if plain:
        lines = [delimiter.join(row) for row in ([header] if shape.header else []) + rows]
        out.write("".join(line + ends for line in lines))
    else:
        writer = csv.writer(out, delimiter=delimiter, lineterminator=ends)
        writer.writerows(([header] if shape.header else []) + rows)
    data = out.getvalue().encode(shape.encoding)
    return b"\xef\xbb\xbf" + data if bom else data


def workbook(path: Path, shape: Shape) -> None:
    """The shape as a workbook whose second sheet is empty."""
    import openpyxl

    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in [shape.header or [], *shape.rows]:
        sheet.append(list(row))
    book.create_sheet("Sheet2")
    book.save(path)


def differences(
    examples: Sequence[Example], expected: Sequence[Mapping[str, Any]]
) -> list[str]:
    """What of the examples is not as expected, one line each."""
    found = []
    if len(examples) != len(expected):
        found.append(f"{len(examples)} examples, not {len(expected)}: {examples}")
    for example, wanted in zip(examples, expected, strict=False):
        for name, value in wanted.items():
            if getattr(example, name) != value:
                found.append(
                    f"{example.id}: {name} is {getattr(example, name)!r}, not {value!r}"
                )
    return found
