"""The files of a model: which they are, that they are whole, that they stay at home."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterable
from pathlib import Path, PurePosixPath

from ..errors import ModelError
from ..records import NamedTuple
from ..resources import DATA
from .external import external_files
from .stated import Stated

TYPE_CHECKING = False  # as in typing, which takes long to import
if TYPE_CHECKING:
    from typing import Any

SETTINGS = ("calmtone.json", "config.json", "tokenizer_config.json")
TOKENIZER = "tokenizer.json"
# The places of a model file, the likeliest first.
PLACES = ("model.onnx", "onnx/model.onnx")
_DIGITS = 12


class Contents(NamedTuple):
    """The model's place in its folder, its bytes, its tokenizer, and the hash of it all."""

    place: str
    model: bytes
    tokenizer: str
    hash: str
    external: bool


class ModelFiles(NamedTuple):
    """A folder with a model. `name` is what messages call it."""

    name: str
    folder: Path

    def read(self, file: str) -> bytes:
        """The bytes of a file.

        Raises:
            ModelError: it is missing or cannot be read.
        """
        try:
            return (self.folder / file).read_bytes()
        except FileNotFoundError:
            raise ModelError(
                f"{self.name}: {file} is missing in {self.folder}: a model needs model.onnx, "
                f"{TOKENIZER}, and calmtone.json or config.json"
            ) from None
        except OSError as error:
            raise ModelError(
                f"{self.name}: {file} cannot be read: {error.strerror or error}"
            ) from error

    def digest(self, file: str) -> str:
        """The sha256 of a file, however large.

        Raises:
            ModelError: it cannot be read.
        """
        try:
            with (self.folder / file).open("rb") as opened:
                return hashlib.file_digest(opened, "sha256").hexdigest()
        except OSError as error:
            raise ModelError(
                f"{self.name}: {file} cannot be read: {error.strerror or error}"
            ) from error

    def stated(self, file: str, *, needed: bool = True) -> Stated:
        """The content of a JSON file, to be read key by key; see `json`."""
        return Stated(self.name, file, self.json(file, needed=needed))

    def json(self, file: str, *, needed: bool = True) -> dict[str, Any]:
        """The content of a JSON file; nothing if it is not `needed` and not there.

        Raises:
            ModelError: it is missing, or no JSON object.
        """
        if not needed and not os.path.lexists(self.folder / file):
            return {}
        try:
            value = json.loads(self.read(file))
        except (ValueError, RecursionError) as error:
            raise ModelError(
                f"{self.name}: {file} is no JSON ({error}): {self.again()}"
            ) from error
        if not isinstance(value, dict):
            raise ModelError(f"{self.name}: {file} is no JSON object: {self.again()}")
        return value

    def model_place(self) -> str:
        """The place of the model in the folder.

        Raises:
            ModelError: there is none, or it is not clear which.
        """
        places = [
            path.relative_to(self.folder).as_posix()
            for pattern in ("*.onnx", "onnx/*.onnx")
            for path in sorted(self.folder.glob(pattern))
        ]
        named = self.stated("calmtone.json", needed=False).values.get("model")
        # It may be named in any folder inside.
        if isinstance(named, str) and is_inside(named) and self.has(named):
            places.append(named)
        return choose(self.name, places, named)

    def has(self, file: str) -> bool:
        """Whether a file is there."""
        return is_file(self.folder / file)

    def again(self) -> str:
        """What to do about a damaged file."""
        shipped = self.folder.is_relative_to(DATA)
        return "reinstall calmtone" if shipped else "get the model again"


def choose(name: str, files: Iterable[str], named: object) -> str:
    """Which of some files is the model.

    Args:
        name: what to call the model in an error.
        files: places inside of its folder.
        named: what `calmtone.json` calls `model`, if it does.

    Raises:
        ModelError: none, or it is not clear which.
    """
    models = [file for file in files if file.endswith(".onnx")]
    if named is not None:
        if named in models:
            return str(named)
        raise ModelError(
            f"{name}: calmtone.json names {named!r} as the model, and there is no such file"
        )
    for place in PLACES:
        if place in models:
            return place
    if len(models) == 1:
        return models[0]
    if not models:
        raise ModelError(
            f"{name}: there is no ONNX file: export the model to ONNX (model.onnx) first"
        )
    raise ModelError(
        f"{name}: there are several ONNX files ({', '.join(models[:8])}): name one model.onnx, "
        'or name one in calmtone.json as "model"'
    )


def is_file(path: Path) -> bool:
    """Whether there is such a file; a name that no file can have has none."""
    try:
        return path.is_file()
    except (OSError, ValueError):
        return False


def is_inside(file: str) -> bool:
    """Whether a file's name is that of a place in its folder, in its plainest form.

    >>> is_inside("onnx/model.onnx"), is_inside("../model.onnx"), is_inside("./model.onnx")
    (True, False, False)
    """
    path = PurePosixPath(file)
    plain = path.as_posix() == file and file != "." and not set(file) & {"\\", ":", "\0"}
    return plain and not path.is_absolute() and ".." not in path.parts


def contents(files: ModelFiles) -> Contents:
    """The content of a model's files.

    Raises:
        ModelError: a file is missing, is not what `calmtone.json` says it is, or reaches
            for files outside of the folder.
    """
    place = files.model_place()
    model, tokenizer = files.read(place), files.read(TOKENIZER)
    stated = files.stated("calmtone.json", needed=False).part("sha256")
    digests = hashlib.sha256()
    for file, content in ((place, model), (TOKENIZER, tokenizer)):
        digest = hashlib.sha256(content)
        _compare(files, stated, file, digest.hexdigest())
        digests.update(digest.hexdigest().encode())
    for file in SETTINGS:
        if files.has(file):
            digest = hashlib.sha256(files.read(file))
            _compare(files, stated, file, digest.hexdigest())
            digests.update(digest.digest())
    external = _external(files, place, model)
    home = PurePosixPath(place).parent
    for location in external:
        file = (home / location).as_posix()
        hexadecimal = files.digest(file)
        _compare(files, stated, file, hexadecimal)
        digests.update(f"{file} {hexadecimal}".encode())
    try:
        text = tokenizer.decode()
    except UnicodeDecodeError as error:
        raise ModelError(f"{files.name}: {TOKENIZER} is no UTF-8: {files.again()}") from error
    return Contents(place, model, text, digests.hexdigest()[:_DIGITS], bool(external))


def _compare(files: ModelFiles, stated: Stated, file: str, digest: str) -> None:
    """Whether a file is what `calmtone.json` says it is, if that speaks of it."""
    if file in stated and (said := stated.text(file).lower()) != digest:
        raise ModelError(
            f"{files.name}: {file} is damaged: its sha256 is {digest[:_DIGITS]}…, and "
            f"calmtone.json says {said[:_DIGITS]}…: {files.again()}"
        )


def _external(files: ModelFiles, place: str, data: bytes) -> list[str]:
    """Files with the model's weights; refused where they are not in its own folder."""
    try:
        locations = external_files(data)
    except ValueError as error:
        raise ModelError(
            f"{files.name}: {place} is no ONNX model ({error}): {files.again()}"
        ) from error
    home = (files.folder / place).parent
    for location in locations:
        if not stays_inside(home, location):
            raise ModelError(
                f"{files.name}: {place} wants weights from {location!r}, outside of its "
                "folder; that is refused, as such a model could read any file: use one that "
                "has all its weights beside it"
            )
        if not is_file(home / location):
            raise ModelError(
                f"{files.name}: {place} keeps weights in {location!r}, which is not there: put "
                "that file beside it, or use a model in a single ONNX file"
            )
    return locations


def stays_inside(home: Path, location: str) -> bool:
    """Whether a location, links followed, is a place below a folder.

    >>> stays_inside(Path("/models"), "weights/a.bin")
    True
    >>> stays_inside(Path("/models"), "../a.bin") or stays_inside(Path("/models"), "/a.bin")
    False
    """
    if not location or set(location) & {"\\", ":", "\0"}:
        return False
    root = home.resolve()
    try:
        target = (root / location).resolve()
    except (OSError, ValueError, RuntimeError):  # too long, or links in a circle
        return False
    return target != root and target.is_relative_to(root)
