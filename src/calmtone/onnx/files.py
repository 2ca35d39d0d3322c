"""The files of a model: which they are, that they are whole, that they stay at home."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from pathlib import Path

from ..errors import ModelError
from ..records import NamedTuple
from ..resources import DATA
from .external import external_files

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

    def json(self, file: str, *, needed: bool = True) -> dict[str, Any]:
        """The content of a JSON file; nothing if it is not `needed` and not there.

        Raises:
            ModelError: it is missing, or no JSON object.
        """
        if not needed and not (self.folder / file).exists():
            return {}
        try:
            value = json.loads(self.read(file))
        except ValueError as error:
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
        named = self.json("calmtone.json", needed=False).get("model")
        return choose(self.name, places, named)

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


def contents(files: ModelFiles) -> Contents:
    """The content of a model's files.

    Raises:
        ModelError: a file is missing, is not what `calmtone.json` says it is, or reaches
            for files outside of the folder.
    """
    place = files.model_place()
    stated = files.json("calmtone.json", needed=False).get("sha256") or {}
    read = {file: files.read(file) for file in (place, TOKENIZER)}
    digests = hashlib.sha256()
    for file, content in read.items():
        digest = hashlib.sha256(content).hexdigest()
        if stated.get(file, digest) != digest:
            raise ModelError(
                f"{files.name}: {file} is damaged: its sha256 is {digest[:_DIGITS]}…, and "
                f"calmtone.json says {str(stated[file])[:_DIGITS]}…: {files.again()}"
            )
        digests.update(digest.encode())
    for file in SETTINGS:
        if (files.folder / file).exists():
            digests.update(hashlib.sha256(files.read(file)).digest())
    external = _external(files, place, read[place])
    try:
        tokenizer = read[TOKENIZER].decode()
    except UnicodeDecodeError as error:
        raise ModelError(f"{files.name}: {TOKENIZER} is no UTF-8: {files.again()}") from error
    return Contents(
        place, read[place], tokenizer, digests.hexdigest()[:_DIGITS], bool(external)
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
        if not (home / location).is_file():
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
    if not location or "\\" in location or ":" in location:
        return False
    root = home.resolve()
    target = (root / location).resolve()
    return target != root and target.is_relative_to(root)
