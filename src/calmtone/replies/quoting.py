"""A message answered that is pasted as mail programs quote it, without the marks."""

from __future__ import annotations

_FENCE = "```"
_LONGEST_LINE = 200  # code points of a line that says who wrote what follows


def unquoted(message: str) -> str:
    r"""A message as it was before it was quoted, where it is nothing but a quotation.

    The marks (`>` before lines, a fence of backticks around them, "On Monday, Ann wrote:"
    above them) become spaces, so that places in the text stay as they are. A message that
    also has lines outside of the quotation is left alone: there the quotation is not its
    writer's.

    >>> unquoted("On Monday, Ann wrote:\n> Where is it?")
    '                     \n  Where is it?'
    >>> unquoted("> Where is it?\nIt is here.")
    '> Where is it?\nIt is here.'
    """
    if ">" not in message and _FENCE not in message and "wrote:" not in message:
        return message
    lines = message.splitlines(keepends=True)
    said = [number for number, line in enumerate(lines) if line.strip()]
    if said and _says_who(lines[said[0]]):
        first = said.pop(0)
        lines[first] = _blank(lines[first])
    if not said:
        return message
    if all(lines[number].lstrip().startswith(">") for number in said):
        for number in said:
            lines[number] = _without_marks(lines[number])
    elif lines[said[0]].lstrip().startswith(_FENCE):
        fences = [number for number in said if lines[number].lstrip().startswith(_FENCE)]
        if fences != [said[0], said[-1]]:
            return message
        for number in fences:
            lines[number] = _blank(lines[number])
    elif any(lines[number].lstrip().startswith((">", _FENCE)) for number in said):
        return message
    return "".join(lines)


def _says_who(line: str) -> bool:
    words = line.strip()
    return words.endswith("wrote:") and len(words) <= _LONGEST_LINE and words[0] != ">"


def _blank(line: str) -> str:
    end = line[len(line.rstrip("\r\n")) :]
    return " " * (len(line) - len(end)) + end


def _without_marks(line: str) -> str:
    rest = line.lstrip("> \t")
    return " " * (len(line) - len(rest)) + rest
