"""Models of the Hugging Face Hub: found in its cache, or fetched because named.

Only what a text classifier needs is fetched: settings, tokenizer and one ONNX file. Nothing
of it is ever run as a program. The library's own settings hold: `HF_HOME` for the cache,
`HF_HUB_OFFLINE`, `HF_ENDPOINT`, `HF_TOKEN`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

from ..errors import CalmtoneError, EngineUnavailableError, ModelError
from ..model import EXTRA
from ..records import NamedTuple
from .files import SETTINGS, TOKENIZER, ModelFiles, choose

TYPE_CHECKING = False  # as in typing, which takes long to import
if TYPE_CHECKING:
    from typing import Any

# Files with other endings are never asked for: some of them can hold programs.
SAFE = (".onnx", ".json", ".txt")
_COMMIT = re.compile(r"[0-9a-f]{40}")


class Snapshot(NamedTuple):
    """A model in the cache: its repository, the commit, and the folder."""

    repository: str
    commit: str
    folder: Path


def find(repository: str, revision: str | None) -> Snapshot:
    """The files of a model, from the cache, or from the Hub where the cache has not all.

    A revision that is a full commit and in the cache is not asked for again.

    Args:
        repository: `owner/name`.
        revision: a commit, tag or branch; the main branch by default.

    Raises:
        ModelError: there is no such model, or it can't be fetched or used.
    """
    hub = _library()
    offline = bool(hub.constants.HF_HUB_OFFLINE)
    if offline or (revision and _COMMIT.fullmatch(revision)):
        known = cached(repository, revision)
        if known is not None:
            return known
    if offline:
        raise ModelError(
            f"{_named(repository, revision)} is not in the cache, and HF_HUB_OFFLINE forbids "
            f"to fetch it: run `calmtone model pull {repository}` where the network may be used"
        )
    try:
        return _fetch(hub, repository, revision)
    except CalmtoneError:
        raise
    except Exception as error:  # of the network library, which changes with versions
        known = None if _is_refusal(hub, error) else cached(repository, revision)
        if known is not None:
            return known
        raise _explained(hub, repository, revision, error) from error


def cached(repository: str, revision: str | None) -> Snapshot | None:
    """What the cache holds of a model, if it holds all of it."""
    hub = _library()
    for file in SETTINGS[:2]:
        try:
            path = hub.try_to_load_from_cache(repository, file, revision=revision)
        except hub.errors.HFValidationError as error:
            raise _explained(hub, repository, revision, error) from error
        if not isinstance(path, str):
            continue
        folder = Path(path).parent
        files = ModelFiles(repository, folder)
        try:
            files.model_place()
        except ModelError:
            return None
        if (folder / TOKENIZER).exists():
            return Snapshot(repository, folder.name, folder)
    return None


def all_cached() -> Iterator[tuple[Snapshot, int]]:
    """Every model of the cache that has an ONNX file, with its size in bytes."""
    hub = _library()
    try:
        info = hub.scan_cache_dir()
    except hub.errors.CacheNotFound:
        return
    for repository in sorted(info.repos, key=lambda found: str(found.repo_id)):
        for revision in sorted(repository.revisions, key=lambda found: str(found.commit_hash)):
            names = {file.file_name for file in revision.files}
            if TOKENIZER in names and any(name.endswith(".onnx") for name in names):
                snapshot = Snapshot(
                    repository.repo_id, revision.commit_hash, Path(revision.snapshot_path)
                )
                yield snapshot, revision.size_on_disk


def wanted(repository: str, files: list[str]) -> list[str]:
    """Which of a repository's files to look at before its model is chosen.

    Raises:
        ModelError: it has no tokenizer, or no settings.
    """
    safe = {file for file in files if is_safe(file)}
    if TOKENIZER not in safe:
        raise ModelError(
            f"{repository}: there is no {TOKENIZER}: save one with the Tokenizer.save of "
            "tokenizers; other kinds would need code of the repository"
        )
    chosen = [file for file in SETTINGS if file in safe]
    if not set(chosen) & set(SETTINGS[:2]):
        raise ModelError(f"{repository}: there is neither calmtone.json nor config.json")
    return [*chosen, TOKENIZER]


def is_safe(file: str) -> bool:
    """Whether a file of a repository may be fetched.

    >>> is_safe("onnx/model.onnx"), is_safe("model.py"), is_safe("../model.onnx")
    (True, False, False)
    """
    path = PurePosixPath(file)
    inside = not path.is_absolute() and ".." not in path.parts and "\\" not in file
    return inside and path.suffix in SAFE


def _fetch(hub: Any, repository: str, revision: str | None) -> Snapshot:
    info = hub.HfApi().model_info(repository, revision=revision)
    commit = str(info.sha)
    names = [str(file.rfilename) for file in info.siblings or ()]
    first, *others = wanted(repository, names)
    # By the name that was asked for, so that the cache remembers what it stood for.
    path = Path(hub.hf_hub_download(repository, first, revision=revision))
    if path.parent.name != commit:
        commit = path.parent.name  # the branch has moved since
    for file in others:
        hub.hf_hub_download(repository, file, revision=commit)
    files = ModelFiles(repository, path.parent)
    named = files.json("calmtone.json", needed=False).get("model")
    place = choose(repository, filter(is_safe, names), named)
    hub.hf_hub_download(repository, place, revision=commit)
    return Snapshot(repository, commit, path.parent)


def _library() -> Any:
    try:
        import huggingface_hub
        import huggingface_hub.constants
        import huggingface_hub.errors
    except ImportError as error:
        raise EngineUnavailableError(
            f"models of the Hugging Face Hub need huggingface_hub ({error}): {EXTRA}, or "
            "name a folder"
        ) from error
    return huggingface_hub


def _is_refusal(hub: Any, error: Exception) -> bool:
    """Whether the Hub has answered, and said no."""
    errors = hub.errors
    kinds = (errors.RepositoryNotFoundError, errors.RevisionNotFoundError)
    return isinstance(error, (*kinds, errors.HFValidationError))


def _explained(hub: Any, repository: str, revision: str | None, error: Exception) -> ModelError:
    """An error of the Hub in our words."""
    errors, name = hub.errors, _named(repository, revision)
    if isinstance(error, errors.GatedRepoError):
        return ModelError(
            f"{name} is gated: ask for access on its page, then give a token (HF_TOKEN, or "
            "`hf auth login`)"
        )
    if isinstance(error, errors.RepositoryNotFoundError):
        return ModelError(
            f"there is no model {repository} on {hub.constants.ENDPOINT}, or it is private: "
            "look at the name, or give a token (HF_TOKEN, or `hf auth login`)"
        )
    if isinstance(error, errors.RevisionNotFoundError):
        return ModelError(f"{repository} has no revision {revision!r}: name a commit or a tag")
    if isinstance(error, errors.HFValidationError):
        return ModelError(f"{repository!r} is no name of a model: {error}")
    return ModelError(
        f"{name} could not be fetched from {hub.constants.ENDPOINT} ({_short(error)}): try "
        "again, or use a folder or a model that is in the cache (`calmtone model list`)"
    )


def _named(repository: str, revision: str | None) -> str:
    return f"{repository} (revision {revision})" if revision else repository


def _short(error: Exception) -> str:
    return f"{type(error).__name__}: {' '.join(str(error).split())[:200]}"
