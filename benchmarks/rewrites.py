"""How good rewrites and their check are: `python -m benchmarks.rewrites`.

On the messages written for this project (`CALMTONE_DATA`): how many hostile and defensive
ones the safe edits change, how far their scores fall, whether facts stay, how many fine
ones are left alone; how often `check_rewrite` catches a changed copy and how often it
complains of a true rewrite. `--dev` reads the dev split instead of the train split;
`--show N` prints rewrites for people to read, `--write` keeps the figures of the split that
was read, with the engine and the rules that made them, and leaves the other split's alone.
"""

from __future__ import annotations

import argparse
import json
import random
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from benchmarks.fit.corpus import DIMENSIONS, Item, load_messages, split
from calmtone import Analyzer
from calmtone.rewriting import check_rewrite, rewrite
from calmtone.rewriting.facts import find_facts

SEED = 5
RESULTS = Path(__file__).parent / "results" / "rewrites.json"
STEP = 0.5  # a score is the probability of a rating of 2 or more

_WEEKDAYS = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]
_MONTHS = ["January", "February", "April", "June", "July", "August", "September", "October"]
_WORDS = ["two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "twenty"]
_NEGATED = re.compile(
    r"\b(?:(is|are|was|were|do|does|did|have|has|had|could|would|should)(?:n['’]t| not)"
    r"|not|never)\b",
    re.IGNORECASE,
)
_PLAIN = re.compile(r"\b(is|are|was|were|have|has|had|could|would|should)\b(?! not|n['’]t)")
_REFUSED = re.compile(
    r"\b(?:(?:ca|wo)n['’]t|cannot|can not|will not"
    r"|(?:am|are|is|were|was)(?: not able| unable) to)\b",
    re.IGNORECASE,
)

Change = Callable[[str, random.Random], Iterator[str]]


def changed_numbers(text: str, rng: random.Random) -> Iterator[str]:
    """Copies of a text in which one number is another one."""
    for fact in find_facts(text):
        if fact.kind not in ("number", "amount", "time"):
            continue
        words = fact.text
        digits = [at for at, char in enumerate(words) if char in "0123456789"]
        if digits:
            at = digits[0]
            other = rng.choice([d for d in "23456789" if d != words[at]])
            words = words[:at] + other + words[at + 1 :]
        elif (first := words.split()[0].lower()) in _WORDS:
            words = rng.choice([word for word in _WORDS if word != first]) + words[len(first) :]
        else:
            continue
        yield text[: fact.span.start] + words + text[fact.span.end :]


def changed_dates(text: str, rng: random.Random) -> Iterator[str]:
    """Copies of a text in which one date is another one."""
    for fact in find_facts(text):
        if fact.kind != "date":
            continue
        words = fact.text
        for kinds in (_WEEKDAYS, _MONTHS):
            for word in words.split():
                if word.capitalize() in kinds:
                    other = rng.choice([day for day in kinds if day != word.capitalize()])
                    new = words.replace(word, other)
                    yield text[: fact.span.start] + new + text[fact.span.end :]
        digits = re.search(r"\d+", words)
        if digits and "-" not in words and "/" not in words:
            other = str(int(digits[0]) % 27 + 1)
            new = words[: digits.start()] + other + words[digits.end() :]
            yield text[: fact.span.start] + new + text[fact.span.end :]


def changed_names(text: str, rng: random.Random) -> Iterator[str]:
    """Copies of a text in which one name is another one, wherever it stands."""
    names = [fact for fact in find_facts(text) if fact.kind == "name" and fact.text.isalpha()]
    for fact in names:
        letters = list(fact.text[1:].lower())
        rng.shuffle(letters)
        other = rng.choice("BDGKLMNRST") + "".join(letters)
        if other.lower() != fact.text.lower():
            yield re.sub(rf"\b{re.escape(fact.text)}\b", other, text)


def changed_negations(text: str, rng: random.Random) -> Iterator[str]:
    """Copies of a text in which a statement is its opposite."""
    for match in _NEGATED.finditer(text):
        yield " ".join(
            (text[: match.start()] + (match[1] or "") + text[match.end() :]).split(" ")
        ).replace("  ", " ")
    plain = list(_PLAIN.finditer(text))
    if plain:
        match = rng.choice(plain)
        yield f"{text[: match.end()]} not{text[match.end() :]}"


def changed_refusals(text: str, rng: random.Random) -> Iterator[str]:
    """Copies of a text in which a refusal is a promise."""
    for match in _REFUSED.finditer(text):
        yield text[: match.start()] + rng.choice(["will", "can"]) + text[match.end() :]


CHANGES: dict[str, Change] = {
    "number": changed_numbers,
    "date": changed_dates,
    "name": changed_names,
    "negation": changed_negations,
    "refusal": changed_refusals,
}


def measure_check(
    items: Sequence[Item], by_id: dict[str, Item], show: int, analyzer: Analyzer
) -> dict[str, Any]:
    """Caught changes and false alarms of `check_rewrite`.

    Copies are made of the messages themselves, and of calm rewrites that still hold what is
    changed; true paraphrases are the calm rewrites as they are, with and without the
    message that they answer.
    """
    rng = random.Random(SEED)
    caught: dict[str, Counter[str]] = defaultdict(Counter)
    missed: dict[str, list[str]] = defaultdict(list)
    alarms: list[str] = []
    without_context = 0
    rewrites = [item for item in items if item.rewrite_of]
    for item in items:
        for kind, change in CHANGES.items():
            copies = list(change(item.text, rng))
            for copy in copies and [rng.choice(copies)]:
                bad = not check_rewrite(item.text, copy, analyzer=analyzer).ok
                caught[f"{kind}/copy"][str(bad)] += 1
                if not bad:
                    missed[f"{kind}/copy"].append(copy)
    for item in rewrites:
        original = by_id[item.rewrite_of or ""]
        check = check_rewrite(
            original.text, item.text, reply_to=item.context, analyzer=analyzer
        )
        without_context += not check_rewrite(original.text, item.text, analyzer=analyzer).ok
        if not check.ok:
            alarms.append(f"{item.id}: {'; '.join(check.problems)}")
            continue
        kept = {fact.key for fact in find_facts(original.text)}
        for kind in ("number", "date", "name"):
            copies = [
                copy
                for copy in CHANGES[kind](item.text, rng)
                if kept
                & ({f.key for f in find_facts(item.text)} - {f.key for f in find_facts(copy)})
            ]
            for copy in copies and [rng.choice(copies)]:
                bad = not check_rewrite(
                    original.text, copy, reply_to=item.context, analyzer=analyzer
                ).ok
                caught[f"{kind}/paraphrase"][str(bad)] += 1
                if not bad:
                    missed[f"{kind}/paraphrase"].append(f"{original.text}\n    => {copy}")
    for kind, texts in missed.items():
        for text in rng.sample(texts, min(show, len(texts))):
            print(f"missed {kind}: {text}\n")
    for alarm in alarms[:show]:
        print("alarm", alarm)
    return {
        "caught": {
            kind: {"share": round(count["True"] / count.total(), 3), "of": count.total()}
            for kind, count in sorted(caught.items())
        },
        "false_alarms": {
            "share": round(len(alarms) / max(len(rewrites), 1), 3),
            "without_context": round(without_context / max(len(rewrites), 1), 3),
            "of": len(rewrites),
        },
    }


def measure_rewrites(items: Sequence[Item], analyzer: Analyzer) -> dict[str, Any]:
    """What the safe edits do to hostile, defensive and fine messages.

    "fall" is the mean fall of the rated dimension's score, "halved" how often it is at most
    half of what it was, "below" how often it is under 0.5. Facts lost are those of
    `check_rewrite` but negations, which stand in remarks that are left out.
    """
    figures: dict[str, Any] = {}
    for k, name in enumerate(DIMENSIONS[:2]):
        rated = [item for item in items if item.ratings[k] >= 2]
        made = [rewrite(item.text, item.context, analyzer=analyzer) for item in rated]
        falls = [(one.before[k], one.after[k]) for one in made]
        figures[name] = {
            "of": len(rated),
            "changed": _share(one.changed for one in made),
            "fall": round(sum(a - b for a, b in falls) / max(len(falls), 1), 3),
            "halved": _share(b <= a / 2 for a, b in falls),
            "below": _share(b < STEP for _, b in falls),
            "with_slots": _share(one.has_slots for one in made),
            "facts_lost": _share(
                any(fact.kind != "negation" for fact in one.check.lost) for one in made
            ),
            "check_fails": _share(not one.check.ok for one in made),
            "edits": dict(Counter(edit.kind for one in made for edit in one.edits)),
        }
    for name, most in (("rated_0", 0), ("rated_0_or_1", 1)):
        fine = [item for item in items if max(item.ratings[:2]) <= most]
        changed = (rewrite(item.text, item.context, analyzer=analyzer).changed for item in fine)
        figures[name] = {"of": len(fine), "changed": _share(changed)}
    return figures


def _share(values: Iterable[bool]) -> float:
    found = list(values)
    return round(sum(found) / max(len(found), 1), 3)


def show_rewrites(items: Sequence[Item], count: int, analyzer: Analyzer) -> None:
    """Print rewrites for people to read, half of hostile and half of defensive messages."""
    rng = random.Random(SEED)
    for k in (0, 1):
        rated = [item for item in items if item.ratings[k] >= 2]
        changed = [
            made
            for item in rng.sample(rated, min(len(rated), 3 * count))
            if (made := rewrite(item.text, item.context, analyzer=analyzer)).changed
        ]
        for made in changed[: count // 2]:
            print(f"--- {DIMENSIONS[k]} {made.before[k]:.2f} -> {made.after[k]:.2f}")
            print(made.original, made.text, sep="\n=>\n")


def main() -> None:
    """Measure, print, and with `--write` keep the figures."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--dev", action="store_true", help="the dev split")
    parser.add_argument("--show", type=int, default=0, metavar="N", help="print N of each")
    parser.add_argument("--engine", choices=("rules", "onnx"), default="rules")
    parser.add_argument("--write", action="store_true", help=f"write {RESULTS.name}")
    options = parser.parse_args()
    analyzer = Analyzer(engine=options.engine)
    items = load_messages()
    chosen = split(items)[options.dev]
    by_id = {item.id: item for item in items}
    show_rewrites(chosen, options.show, analyzer)
    figures = {
        "version": analyzer.engine.version,
        "engine": analyzer.engine.name,
        "model": analyzer.engine.model,
        "rules": analyzer.rules_hash,
        "rewrites": measure_rewrites(chosen, analyzer),
        "check": measure_check(chosen, by_id, options.show, analyzer),
    }
    print(json.dumps(figures, indent=2))
    if options.write:
        kept = json.loads(RESULTS.read_text(encoding="utf-8")) if RESULTS.exists() else {}
        kept["dev" if options.dev else "train"] = figures
        RESULTS.write_text(json.dumps(kept, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
