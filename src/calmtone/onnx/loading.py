"""From what a caller names to a model: one that ships, a folder, one of the Hub."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from pathlib import Path

from ..errors import ModelError
from ..resources import DATA, read_json
from .engine import OnnxModel
from .files import ModelFiles
from .hub import find
from .session import Holder
from .settings import read_settings

_SHIPPED = Path(DATA, "models")
_PREFIX = "calmtone-"
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
            default model without it.
        revision: commit, tag or branch of a model of the Hub. Give a commit where results
            have to stay the same.
        labels: for each label of the model the dimension that it stands for, or None;
            `"*"` stands for all others. Without it what `calmtone.json` says.
        threads: how many threads may compute. No more are used than the process may use
            processors.

    Raises:
        ModelError: there is no such model, or it cannot be used.
        EngineUnavailableError: the libraries are missing or cannot run here.
    """
    files, again = _files(model, revision)
    return _made(files, again, dict(labels) if labels is not None else None, threads)


def shipped() -> list[ModelFiles]:
    """The models in the package."""
    folders = sorted(_SHIPPED.iterdir()) if _SHIPPED.is_dir() else []
    return [
        ModelFiles(folder.name, folder)
        for folder in folders
        if (folder / "calmtone.json").exists()
    ]


def default_name() -> str:
    """The shipped model that is used where none is named."""
    return str(read_json("models", "engine.json")["default"])


def is_repository(name: str) -> bool:
    """Whether a name has the form of a model of the Hub.

    >>> is_repository("owner/name"), is_repository("./folder"), is_repository("a/b/c")
    (True, False, False)
    """
    return _REPOSITORY.fullmatch(name) is not None


def _files(
    model: str | os.PathLike[str] | None, revision: str | None
) -> tuple[ModelFiles, tuple[str, str | None]]:
    """The files of what was named, and what to name in another process."""
    name = default_name() if model is None else os.fspath(model)
    known = {files.name: files for files in shipped()}
    own = known.get(name) or known.get(_PREFIX + name)
    folder = Path(name)
    is_folder = bool(name) and folder.is_dir()
    if own is None and is_repository(name) and not is_folder:
        snapshot = find(name, revision)
        found = ModelFiles(f"{name}@{snapshot.commit[:12]}", snapshot.folder)
        return found, (name, snapshot.commit)
    if revision is not None:
        raise ModelError(
            f"revision={revision!r} is for models of the Hugging Face Hub, and {name} is none: "
            "leave it out"
        )
    if own is not None:
        return own, (own.name, None)
    if is_folder:
        return ModelFiles(folder.name or str(folder), folder), (str(folder.resolve()), None)
    if model is None:
        raise ModelError(
            f"the model {name} is not in {_SHIPPED}: the installation is damaged, reinstall "
            "calmtone, or use engine='rules'"
        )
    names = ", ".join(sorted(known)) or "none"
    raise ModelError(
        f"there is no model {name!r}: name a folder, owner/name on the Hugging Face Hub, or "
        f"one that ships with calmtone ({names})"
    )


def _made(
    files: ModelFiles,
    again: tuple[str, str | None],
    labels: dict[str, str | None] | None,
    threads: int,
) -> OnnxModel:
    numbers = read_json("models", "engine.json")
    settings = read_settings(files, labels, numbers["others"])
    holder = Holder(files, threads)
    return OnnxModel(holder, settings, numbers, (_again, (*again, labels, threads)))


def _again(
    model: str, revision: str | None, labels: dict[str, str | None] | None, threads: int
) -> OnnxModel:
    """The same model in another process."""
    return load_model(model, revision=revision, labels=labels, threads=threads)
