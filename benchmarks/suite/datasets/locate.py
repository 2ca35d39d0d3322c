"""Where the files of a data set are, and how to get those that are not here.

Looked for in this order: the folder that `CALMTONE_DATA` names (`raw/<folder>/<path>`, or
`<folder>/<path>`), then the download cache (`CALMTONE_CACHE`, or the user's cache folder).
The project's own sets lie in `benchmarks/data`.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import zipfile
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import Any

from benchmarks.fit.corpus import OWN

from .errors import FetchFailed, HashMismatch, MissingFile
from .records import Entry, FileSpec

_RAW = "https://raw.githubusercontent.com"
_ARCHIVES = "https://github.com"


def data_dir() -> Path | None:
    """The folder that `CALMTONE_DATA` names, None where it names none."""
    named = os.environ.get("CALMTONE_DATA")
    return Path(named).expanduser() if named else None


def cache_dir() -> Path | None:
    """The folder that downloads go to, None where pooch is not installed to say which."""
    if named := os.environ.get("CALMTONE_CACHE"):
        return Path(named).expanduser()
    try:
        import pooch
    except ImportError:
        return None
    return Path(pooch.os_cache("calmtone-benchmarks"))


def places(entry: Entry, file: FileSpec, data: Path | None = None) -> Iterator[Path]:
    """Where a file may lie, the first place first.

    Args:
        entry: that the file belongs to.
        file: of the entry.
        data: the data folder instead of the one that `CALMTONE_DATA` names.
    """
    if not entry.folder:
        yield OWN / file.path
        return
    root = data or data_dir()
    if root is not None:
        yield root / "raw" / entry.folder / file.path
        yield root / entry.folder / file.path
    if entry.upstream and (cache := cache_dir()) is not None:
        yield cache / entry.folder / file.path


def find(entry: Entry, file: FileSpec, data: Path | None = None) -> Path:
    """The path of a file, or of a folder of files, on this machine.

    Raises:
        MissingFile: it is nowhere; the message says how to get it.
    """
    wants_folder = file.path.endswith("/")
    for place in places(entry, file, data):
        if place.is_dir() if wants_folder else place.is_file():
            return place
    raise MissingFile(entry.name, _named(entry, file), _advice(entry))


def _named(entry: Entry, file: FileSpec) -> str:
    return f"{entry.folder or 'benchmarks/data'}/{file.path}"


def _advice(entry: Entry) -> str:
    if not entry.folder:
        return "it belongs to the repository: restore it from there"
    if entry.fetch or not entry.upstream:
        return (entry.fetch or "put it there") + " (in the folder that CALMTONE_DATA names)"
    return ""


def digest(path: Path) -> str:
    """The sha256 of a file, or of a folder: of the names and sha256s of its files."""
    if path.is_file():
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    total = hashlib.sha256()
    for each in sorted(each for each in path.rglob("*") if each.is_file()):
        total.update(f"{each.relative_to(path).as_posix()}\n{digest(each)}\n".encode())
    return total.hexdigest()


def fetch(entry: Entry, *, progress: bool = False) -> list[Path]:
    """Downloads the files of an entry into the cache; those that are right stay.

    Args:
        entry: of the registry.
        progress: whether to show a progress bar for each file.

    Returns:
        The paths in the cache, in the order of the entry's files.

    Raises:
        MissingFile: the files can't be downloaded as they are; the message says what to do.
        HashMismatch: upstream's file is not the one that was declared.
        FetchFailed: the download didn't come, or pooch is not installed.
    """
    if not entry.folder:
        return [find(entry, file) for file in entry.files]
    if entry.fetch or not entry.upstream:
        raise MissingFile(entry.name, _named(entry, entry.files[0]), _advice(entry))
    try:
        import pooch  # noqa: F401
    except ImportError as error:
        raise FetchFailed(
            "downloads need pooch: `pip install 'calmtone[bench]'`, or put the files into "
            "the folder that CALMTONE_DATA names"
        ) from error
    cache = cache_dir()
    assert cache is not None  # pooch is there, so it names one
    folder = cache / entry.folder
    return [
        _folder(entry, file, folder, progress)
        if file.path.endswith("/")
        else _file(entry, file, folder, progress)
        for file in entry.files
    ]


def _file(entry: Entry, file: FileSpec, folder: Path, progress: bool) -> Path:
    target = folder / file.path
    target.parent.mkdir(parents=True, exist_ok=True)
    url = f"{_RAW}/{entry.upstream}/{entry.commit}/{file.path}"
    return _download(entry, url, file.sha256, target, progress)


def _folder(entry: Entry, file: FileSpec, folder: Path, progress: bool) -> Path:
    """A folder out of the archive of the upstream commit."""
    target = folder / file.path
    if target.is_dir():
        return target
    folder.mkdir(parents=True, exist_ok=True)
    url = f"{_ARCHIVES}/{entry.upstream}/archive/{entry.commit}.zip"
    archive = _download(entry, url, None, folder / f"{entry.commit}.zip", progress)
    partial = target.with_name(target.name + ".part")
    shutil.rmtree(partial, ignore_errors=True)
    taken = 0
    try:
        with zipfile.ZipFile(archive) as zipped:
            for member in zipped.infolist():
                # The archive's own first folder is named after repository and commit.
                inner = PurePosixPath(*PurePosixPath(member.filename).parts[1:])
                wanted = PurePosixPath(file.path)
                if member.is_dir() or wanted not in inner.parents or ".." in inner.parts:
                    continue
                place = partial / inner.relative_to(wanted)
                place.parent.mkdir(parents=True, exist_ok=True)
                place.write_bytes(zipped.read(member))
                taken += 1
    except zipfile.BadZipFile as error:
        archive.unlink()
        raise FetchFailed(f"{url} is no whole archive: fetch {entry.name} again") from error
    if not taken:
        raise HashMismatch(f"{url} has no {file.path}: correct the path in datasets.toml")
    if file.sha256 and digest(partial) != file.sha256:
        shutil.rmtree(partial)
        raise HashMismatch(_changed(entry, url, file.sha256))
    partial.rename(target)
    return target


def _download(entry: Entry, url: str, sha256: str | None, target: Path, progress: bool) -> Path:
    import pooch

    # pooch announces every download on standard error; the command says it already.
    pooch.get_logger().setLevel("WARNING")
    try:
        got = pooch.retrieve(
            url,
            known_hash=f"sha256:{sha256}" if sha256 else None,
            fname=target.name,
            path=target.parent,
            progressbar=_bar(target.name) if progress else False,
        )
    except ValueError as error:
        if "hash" not in str(error).lower():
            raise FetchFailed(f"{url} can't be fetched: {error}") from error
        raise HashMismatch(_changed(entry, url, sha256)) from error
    except OSError as error:  # all of requests' errors are
        raise FetchFailed(
            f"{url} can't be fetched ({type(error).__name__}: {str(error)[:200]}); try again "
            f"later, or put {', '.join(file.path for file in entry.files)} below "
            f"raw/{entry.folder}/ in the folder that CALMTONE_DATA names"
        ) from error
    return Path(got)


def _bar(title: str) -> Any:
    """A progress bar as pooch wants it; False where rich is not installed."""
    try:
        from rich.progress import Progress
    except ImportError:
        return False

    class Bar:
        """Counts bytes; `total` is set by the downloader once it knows the size."""

        def __init__(self) -> None:
            self.total = 0
            self.progress = Progress(transient=True)
            self.task = self.progress.add_task(title, total=None)
            self.progress.start()

        def update(self, count: int) -> None:
            self.progress.update(self.task, advance=count, total=self.total or None)

        def reset(self) -> None:
            self.progress.reset(self.task)

        def close(self) -> None:
            self.progress.stop()

    return Bar()


def _changed(entry: Entry, url: str, sha256: str | None) -> str:
    return (
        f"{url} is not what datasets.toml declares for {entry.name} (sha256 {sha256}). A "
        "download that was cut short or changed by a proxy: fetch again, or put the right file "
        "into the folder that CALMTONE_DATA names. A new upstream version, on purpose: set "
        "commit, bytes and sha256 in benchmarks/suite/datasets.toml"
    )
