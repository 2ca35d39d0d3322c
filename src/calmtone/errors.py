"""The error tree. Every message says what was wrong and what to do next.

CalmtoneError
├── TextTooLongError       a text over `max_chars`
├── UnknownEngineError     an engine name that does not exist
├── EngineUnavailableError an engine that was asked for by name and cannot run
│   └── ModelError         a model whose files are missing, damaged, wrong or not mapped
├── RuleError              a rule file that cannot be used
├── DataError              a shipped or given data file that cannot be read
└── InputError             input of the command line that cannot be read

Arguments of a wrong type raise the built-in `TypeError`.
"""

from __future__ import annotations


class CalmtoneError(Exception):
    """Base of all errors that calmtone raises on purpose."""


class TextTooLongError(CalmtoneError, ValueError):
    """A text has more characters than the analyzer accepts.

    `length` and `max_chars` are counts of code points; `name` is what the text is called, as
    "the text" or "reply_to".
    """

    def __init__(self, length: int, max_chars: int, name: str = "the text") -> None:
        self.length = length
        self.max_chars = max_chars
        self.name = name
        super().__init__(
            f"{name} has {length:,} characters, over the limit of {max_chars:,}: "
            "shorten it, split it, or pass a higher max_chars to Analyzer"
        )

    def __reduce__(self) -> tuple[type[TextTooLongError], tuple[int, int, str]]:
        return type(self), (self.length, self.max_chars, self.name)


class UnknownEngineError(CalmtoneError, ValueError):
    """The engine's name is none of those that exist."""


class EngineUnavailableError(CalmtoneError, RuntimeError):
    """The engine that was asked for by name cannot run here."""


class ModelError(EngineUnavailableError):
    """A model cannot be used: files missing, damaged or of a wrong shape, labels unknown."""


class RuleError(CalmtoneError, ValueError):
    """A rule file, rule or key is wrong.

    `problems` holds one line for each problem: file, rule, key and what to do.
    """

    def __init__(self, *problems: str) -> None:
        self.problems = problems
        super().__init__("\n".join(problems))


class DataError(CalmtoneError, ValueError):
    """A data file is missing or damaged."""


class InputError(CalmtoneError, ValueError):
    """Input that cannot be read; the message names the file and the line."""
