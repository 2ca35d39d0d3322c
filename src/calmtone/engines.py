"""From the arguments of an analyzer to the model that it uses, or the reason for none."""

from __future__ import annotations

from .errors import EngineUnavailableError, UnknownEngineError
from .model import EXTRA, Model, check_named, missing_library

TYPE_CHECKING = False  # as in typing, which takes long to import
if TYPE_CHECKING:
    from collections.abc import Mapping
    from os import PathLike

ENGINES = ("auto", "rules", "onnx")


def choose_model(
    engine: str,
    model: str | PathLike[str] | None,
    revision: str | None,
    labels: Mapping[str, str | None] | None,
    threads: int,
) -> tuple[Model | None, str | None]:
    """The model to use, if any; or why there is none although `auto` would have taken one.

    Args:
        engine: "auto", "rules" or "onnx".
        model: what the caller named, if anything; then there is no falling back.
        revision: as in `calmtone.onnx.load_model`.
        labels: likewise.
        threads: likewise.

    Raises:
        UnknownEngineError: `engine` is none of the three.
        EngineUnavailableError: what was asked for by name cannot run.
        TypeError: an argument is of a wrong type.
    """
    if engine not in ENGINES:
        raise UnknownEngineError(
            f"engine={engine!r} is unknown: choose one of {', '.join(ENGINES)}"
        )
    check_named(model, revision, labels)
    named = [
        name
        for name, value in (("model", model), ("revision", revision), ("labels", labels))
        if value is not None
    ]
    if engine == "rules":
        if named:
            raise EngineUnavailableError(
                f"engine='rules' uses no model: leave out {' and '.join(named)}, or use "
                "engine='onnx'"
            )
        return None, None
    asked = engine == "onnx" or bool(named)
    missing = missing_library()
    if missing is not None:
        reason = f"the ONNX engine needs {missing}, which is not installed: {EXTRA}"
        if asked:
            raise EngineUnavailableError(f"{reason}, or use engine='auto' or 'rules'")
        return None, reason
    from .onnx import load_model

    if asked:
        return load_model(model, revision=revision, labels=labels, threads=threads), None
    try:
        return load_model(threads=threads), None
    except EngineUnavailableError as error:
        return None, str(error)
    except Exception as error:  # whatever it is: nobody asked for the model, and rules serve
        told = " ".join(str(error).split())[:300]
        return None, f"the ONNX engine cannot be used ({type(error).__name__}: {told})"
