"""Models of the Hugging Face Hub: found in its cache, or fetched because named.

Only what a text classifier needs is fetched: settings, tokenizer and one ONNX file. Nothing
of it is ever run as a program. The library's own settings hold: `HF_HOME` for the cache,
`HF_HUB_OFFLINE`, `HF_ENDPOINT`, `HF_TOKEN`. Which files a commit has is kept beside the cache,
in the folder that the library has for that: other programs may have put only some of them
into the cache, and a model without its `calmtone.json` would give other results.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

from ..errors import CalmtoneError, EngineUnavailableError, ModelError
from ..model import EXTRA
from ..records import NamedTuple
from .files import SETTINGS, TOKENIZER, ModelFiles, choose, is_file, is_inside

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

    A revision that is a full commit and in the cache is not asked for again. Where the Hub
    does not answer, the cache serves.

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
            f"{_named(repository, revision)} is not in the cache"
            f"{_partly(repository, revision)}, and HF_HUB_OFFLINE forbids to fetch it: run "
            f"`calmtone model pull {repository}` where the network may be used"
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


def pull(repository: str, revision: str | None) -> Snapshot:
    """The files of a model as the Hub has it now, in the cache.

    Args:
        repository: as in `find`, which takes the cache where the Hub does not answer.
        revision: likewise.

    Raises:
        ModelError: as `find`, and where the Hub can't be asked what a branch or a tag is.
    """
    hub = _library()
    fixed = bool(revision and _COMMIT.fullmatch(revision))
    if fixed and (known := cached(repository, revision)) is not None:
        return known
    if hub.constants.HF_HUB_OFFLINE:
        raise ModelError(
            f"{_named(repository, revision)} cannot be fetched, as HF_HUB_OFFLINE forbids it"
            f"{_have(repository, revision)}"
        )
    try:
        return _fetch(hub, repository, revision)
    except CalmtoneError:
        raise
    except Exception as error:  # of the network library, which changes with versions
        explained = _explained(hub, repository, revision, error)
        have = "" if _is_refusal(hub, error) else _have(repository, revision)
        raise ModelError(f"{explained}{have}") from error


def cached(repository: str, revision: str | None) -> Snapshot | None:
    """What the cache holds of a model, if it holds all that the repository has of it."""
    folder = _folder(repository, revision)
    if folder is None:
        return None
    names = _noted(repository, folder.name)
    if names is None:
        return None
    try:
        first = wanted(repository, names)
        if not all(is_file(folder / name) for name in first):
            return None
        place = _place(repository, folder, names)
    except ModelError:
        return None
    whole = is_file(folder / place)
    return Snapshot(repository, folder.name, folder) if whole else None


def _folder(repository: str, revision: str | None) -> Path | None:
    """The folder of the cache that has something of a model."""
    hub = _library()
    for file in (*SETTINGS, TOKENIZER):
        try:
            path = hub.try_to_load_from_cache(repository, file, revision=revision)
        except hub.errors.HFValidationError as error:
            raise _explained(hub, repository, revision, error) from error
        if isinstance(path, str):
            return Path(path).parent
    return None


def _partly(repository: str, revision: str | None) -> str:
    """What to add where another program has put some of a model's files into the cache."""
    folder = _folder(repository, revision)
    if folder is None or _noted(repository, folder.name) is not None:
        return ""
    return (
        " as a whole (other programs may have put some of its files there, and nobody knows "
        "whether it has a calmtone.json too)"
    )


def _have(repository: str, revision: str | None) -> str:
    """What to add where the cache has a model that the Hub could not be asked about."""
    known = cached(repository, revision)
    if known is None:
        return ""
    return f". The cache has commit {known.commit}, which may not be the newest"


def _place(repository: str, folder: Path, names: list[str]) -> str:
    """Which file of a repository is the model."""
    files = ModelFiles(repository, folder)
    named = files.stated("calmtone.json", needed=False).values.get("model")
    return choose(repository, filter(is_safe, names), named)


def _note(repository: str, commit: str) -> Path:
    """Where the names of a commit's files are kept."""
    assets = _library().constants.HF_ASSETS_CACHE
    return Path(assets, "calmtone", repository.replace("/", "--"), f"{commit}.json")


def _noted(repository: str, commit: str) -> list[str] | None:
    """The names of a commit's files, if they are known."""
    try:
        names = json.loads(_note(repository, commit).read_bytes())
    except (OSError, ValueError):
        return None
    known = isinstance(names, list) and all(isinstance(name, str) for name in names)
    return names if known else None


def _write_note(repository: str, commit: str, names: list[str]) -> None:
    note = _note(repository, commit)
    fresh = note.with_name(f"{note.name}.{os.getpid()}")
    try:
        note.parent.mkdir(parents=True, exist_ok=True)
        fresh.write_text(json.dumps(names), encoding="utf-8")
        fresh.replace(note)
    except OSError:  # a cache that can't be written to; the Hub is asked again next time
        return


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
    return is_inside(file) and PurePosixPath(file).suffix in SAFE


def _fetch(hub: Any, repository: str, revision: str | None) -> Snapshot:
    commit, names = _files_of(hub, repository, revision)
    first, *_ = wanted(repository, names)
    # By the name that was asked for, so that the cache remembers what it stood for.
    path = Path(hub.hf_hub_download(repository, first, revision=revision))
    if path.parent.name != commit:  # the branch has moved since
        commit, names = _files_of(hub, repository, path.parent.name)
    for file in wanted(repository, names):
        hub.hf_hub_download(repository, file, revision=commit)
    folder = path.parent
    hub.hf_hub_download(repository, _place(repository, folder, names), revision=commit)
    _write_note(repository, commit, names)
    return Snapshot(repository, commit, folder)


def _files_of(hub: Any, repository: str, revision: str | None) -> tuple[str, list[str]]:
    """The commit that a revision stands for, and the names of its files."""
    # Without a limit, a Hub that takes the question and never answers would hold us up.
    limit = hub.constants.HF_HUB_ETAG_TIMEOUT
    info = hub.HfApi().model_info(repository, revision=revision, timeout=limit)
    return str(info.sha), [str(file.rfilename) for file in info.siblings or ()]


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
