"""From what a caller names to a model: one that ships, a folder, one of the Hub."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from pathlib import Path

from ..errors import ModelError
from ..model import check_named
from ..resources import DATA
from .defaults import engine_numbers
from .engine import OnnxModel
from .files import ModelFiles
from .hub import find
from .session import Holder
from .settings import read_settings

_SHIPPED = Path(DATA, "models")
_PREFIX = "calmtone-"
_SHOWN = 200
_REPOSITORY = re.compile(r"[A-Za-z0-9][\w.-]*/[A-Za-z0-9][\w.-]*")


def load_model(
    model: str | os.PathLike[str] | None = None,
    *,
    revision: str | None = None,
    labels: Mapping[str, str | None] | None = None,
    threads: int = 1,
) -> OnnxModel:
    """A model, ready to read.

    A model of the Hub is taken from the local cache, or else fetched: to name it is to ask
    for it. Nothing else ever goes to the network.

    Args:
        model: the name of a shipped model, a folder, or `owner/name` on the Hub; the
            default model without it. A path object is always a folder.
        revision: commit, tag or branch of a model of the Hub. Give a commit where results
            have to stay the same.
        labels: for each label of the model the dimension that it stands for, or None;
            `"*"` stands for all others. Without it what `calmtone.json` says.
        threads: how many threads may compute. No more are used than the process may use
            processors.

    Raises:
        ModelError: there is no such model, or it cannot be used.
        EngineUnavailableError: the libraries are missing or cannot run here.
        TypeError: an argument is of a wrong type.
    """
    check_named(model, revision, labels)
    files, again = _files(model, revision)
    return _made(files, again, dict(labels) if labels is not None else None, threads)


def shipped() -> list[ModelFiles]:
    """The models in the package."""
    try:
        folders = sorted(_SHIPPED.iterdir())
    except OSError:
        return []
    return [
        ModelFiles(folder.name, folder)
        for folder in folders
        if (folder / "calmtone.json").exists()
    ]


def default_name() -> str:
    """The shipped model that is used where none is named.

    Raises:
        ModelError: `engine.json` is damaged.
    """
    return engine_numbers().default


def is_repository(name: str) -> bool:
    """Whether a name has the form of a model of the Hub.

    >>> is_repository("owner/name"), is_repository("./folder"), is_repository("a/b/c")
    (True, False, False)
    """
    return _REPOSITORY.fullmatch(name) is not None


def _files(
    model: str | os.PathLike[str] | None, revision: str | None
) -> tuple[ModelFiles, tuple[str | Path, str | None]]:
    """The files of what was named, and what to name in another process."""
    name = default_name() if model is None else os.fspath(model)
    known = {files.name: files for files in shipped()}
    own = known.get(name) or known.get(_PREFIX + name)
    # A path is what its owner has in a folder, whatever else has the same name.
    is_path = isinstance(model, os.PathLike)
    has_folder = bool(name) and is_folder(name)
    if not is_path and own is None and is_repository(name) and not has_folder:
        snapshot = find(name, revision)
        found = ModelFiles(f"{name}@{snapshot.commit[:12]}", snapshot.folder)
        return found, (name, snapshot.commit)
    if revision is not None:
        raise ModelError(
            f"revision={revision!r} is for models of the Hugging Face Hub, and {name} is none: "
            "leave it out"
        )
    if own is not None and not is_path:
        return own, (own.name, None)
    if has_folder:
        # Not as it was given: the program may change its working directory.
        folder = Path(name).resolve()
        return ModelFiles(Path(name).name or folder.name, folder), (folder, None)
    if model is None:
        raise ModelError(
            f"the model {name} is not in {_SHIPPED}: the installation is damaged, reinstall "
            "calmtone, or use engine='rules'"
        )
    shown = name if len(name) <= _SHOWN else f"{name[:_SHOWN]}…"
    if is_path:
        raise ModelError(
            f"there is no folder {shown!r}: name one that has a model; names of models that "
            "ship or are on the Hugging Face Hub are given as strings"
        )
    names = ", ".join(sorted(known)) or "none"
    raise ModelError(
        f"there is no model {shown!r}: name a folder, owner/name on the Hugging Face Hub, or "
        f"one that ships with calmtone ({names})"
    )


def is_folder(name: str) -> bool:
    """Whether there is a folder of that name."""
    try:
        return Path(name).is_dir()
    except (OSError, ValueError):  # too long for a name
        return False


def _made(
    files: ModelFiles,
    again: tuple[str | Path, str | None],
    labels: dict[str, str | None] | None,
    threads: int,
    expected: str | None = None,
) -> OnnxModel:
    numbers = engine_numbers()
    settings = read_settings(files, labels, numbers.others)
    holder = Holder(files, threads, expected)
    return OnnxModel(holder, settings, numbers, (_again, (*again, labels, threads)))


def _again(
    model: str | Path,
    revision: str | None,
    labels: dict[str, str | None] | None,
    threads: int,
    expected: str,
) -> OnnxModel:
    """The same model in another process."""
    files, again = _files(model, revision)
    return _made(files, again, labels, threads, expected)
