"""What several test modules share: texts to try, the shipped examples, a fresh Python."""

from __future__ import annotations

import os
import subprocess
import sys
import tomllib
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

from calmtone import Analyzer
from calmtone.resources import read_json
from calmtone.rules import built_in
from calmtone.rules.checking import unmark
from calmtone.text import Document, Language, read

TESTS = Path(__file__).parent
SOURCES = TESTS.parent / "src"

LONG_MAIL = """Hi Maria,

Thank you for writing, and for the photos. I can see how much work you put into the garden,
and I understand how disappointing it is to find the fence broken after all of that. We
will send two people on Thursday morning to put it right, at no cost to you.

If Thursday does not suit you, tell me which day does and I will move it. The new panels
are the same height and colour as the old ones. Please keep the gate closed until then, as
the post next to it is loose.

Kind regards,
Tom
"""

TEXTS = (
    "You are an idiot and this is pathetic.",
    "Shut up!!! You people NEVER READ ANYTHING, do you?",
    "I'm sorry you feel that way, but you should have read the policy.",
    "That is not our fault. The courier lost it, so ask them.",
    "As I already told you, it says so in the manual. I did everything right!",
    "I can see how frustrating three weeks without a phone must be.",
    "I'm so sorry, this was our mistake. I'll send a new one today and call you at five.",
    "We can't refund orders after 30 days.",
    "Kill the process and restart the server.",
    "Where did you put the key?",
    "He called me \u201can idiot\u201d, and I\u2019m upset \U0001f622. Don\u2019t tell!",
    "On Mon, 3 Mar 2025, Ann wrote:\n> You are useless.\n\nThanks. Let's look at it together.",
    "y o u  a r e  a n  i d i o t, you st*pid m0r0n",
    "Ce n'est pas grave, mais vous auriez pu nous le dire plus tôt, quand même.",
    LONG_MAIL,
    LONG_MAIL.replace("If Thursday", "You people are useless idiots. If Thursday"),
    LONG_MAIL + "\nPS: It is not my fault that you never read our terms.",
)

# Put before code for a fresh Python: any use of the network and any writing is an error.
GUARD = """
import sys
sys.dont_write_bytecode = True
def guard(event, arguments):
    kind = event.split(".")[0]
    if kind in ("socket", "urllib", "http", "ftplib", "smtplib", "subprocess", "webbrowser"):
        if event != "socket.__new__" or arguments[1] != 1:  # 1: within the machine
            raise RuntimeError(event)
    if event == "open" and isinstance(arguments[1], str) and set(arguments[1]) & set("wax+"):
        raise RuntimeError("writes " + str(arguments[0]))
sys.addaudithook(guard)
"""

BLANKS = ("", " ", "\n\n\t ", "...", "?!", "\u200b\u200d", "\u00a0\u3000", "-- \n--")


@lru_cache(maxsize=1)
def language() -> Language:
    """The language as an analyzer reads texts with."""
    return Analyzer(engine="rules")._language


def document_of(text: str) -> Document:
    return read(text, language())


def sentences_of(text: str) -> list[str]:
    return [text[part.start : part.end] for part in document_of(text).sentences]


@lru_cache(maxsize=1)
def tables() -> dict[str, Any]:
    """The tables that compiling and checking take."""
    return {**read_json("en", "language.json"), **built_in()[1]}


@lru_cache(maxsize=1)
def rule_examples() -> tuple[str, ...]:
    """The examples of all shipped rules, without their marks."""
    return tuple(
        dict.fromkeys(
            unmark(example)[0]
            for rule in built_in()[0].rules
            for example in (*rule.match, *rule.no_match)
        )
    )


def cases(name: str) -> dict[str, Any]:
    """A table of cases under `tests/cases`."""
    return tomllib.loads((TESTS / "cases" / name).read_text(encoding="utf-8"))


def run_python(code: str, *options: str) -> str:
    """What a fresh Python prints."""
    environment = {**os.environ, "PYTHONPATH": str(SOURCES), "PYTHONWARNINGS": "error"}
    done = subprocess.run(
        [sys.executable, *options, "-c", code],
        capture_output=True,
        check=False,
        encoding="utf-8",
        env=environment,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@dataclass(slots=True)
class Drawn:
    """What progress bars were asked to draw."""

    totals: list[float | None] = field(default_factory=list)
    advanced: list[int] = field(default_factory=list)
