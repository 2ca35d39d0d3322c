"""The command line: `calmtone TEXT | FILE… | -`, `calmtone rules …`, `calmtone thread …`,
`calmtone model …`.

Exit codes: 0 clean, 1 a score is over its limit (or a rule is wrong), 2 wrong usage or
unreadable input, 130 interrupted, 141 the reader of the output has left.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence

from ..errors import CalmtoneError

_FAILED = 2  # wrong usage, or something could not be read or written


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line.

    Args:
        argv: the arguments; those of the process by default.

    Returns:
        The exit code.
    """
    arguments = list(sys.argv[1:] if argv is None else argv)
    from .output import open_streams

    with open_streams():
        code = _outcome(lambda: _dispatch(arguments))
        written = _outcome(_flush, told=code < _FAILED)
        if written:
            _silence_stdout()
        return written if code < _FAILED and written else code


def _outcome(do: Callable[[], int], *, told: bool = True) -> int:
    """The exit code of what is done; errors are told unless there was one before."""
    try:
        return do()
    except SystemExit as stop:
        return stop.code if isinstance(stop.code, int) else 0
    except BrokenPipeError:
        _silence_stdout()
        return 141
    except KeyboardInterrupt:
        return 130
    except (CalmtoneError, OSError) as error:
        from .output import complain, describe

        if told:
            complain(describe(error))
        return _FAILED


def _dispatch(arguments: list[str]) -> int:
    if arguments[:1] == ["rules"]:
        from .rulebook import run_rules

        return run_rules(arguments[1:])
    if arguments[:1] == ["thread"]:
        from .thread import run_thread

        return run_thread(arguments[1:])
    if arguments[:1] == ["model"]:
        from .models import run_models

        return run_models(arguments[1:])
    if arguments[:1] == ["rewrite"]:
        from .rewriting import run_rewrite

        return run_rewrite(arguments[1:])
    if arguments[:1] == ["check-rewrite"]:
        from .rewriting import run_check

        return run_check(arguments[1:])
    from .arguments import parse
    from .run import run

    return run(parse(arguments))


def _flush() -> int:
    sys.stdout.flush()
    return 0


def _silence_stdout() -> None:
    """Let the interpreter's last flush go nowhere."""
    import os
    from contextlib import suppress

    with suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
