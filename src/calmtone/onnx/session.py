"""A model in memory: made when a process first needs it, and made anew after a fork."""

from __future__ import annotations

import os
from ctypes import py_object, pythonapi
from threading import Lock
from weakref import WeakSet

from ..errors import EngineUnavailableError, ModelError
from ..model import EXTRA
from ..records import NamedTuple
from .files import Contents, ModelFiles, contents

TYPE_CHECKING = False  # as in typing, which takes long to import
if TYPE_CHECKING:
    from typing import Any

    import numpy
    import onnxruntime
    import tokenizers

    Array = numpy.ndarray[Any, Any]

INPUTS = ("input_ids", "attention_mask", "token_type_ids")
# The whole-text output of a calmtone model; of other models the first output is taken.
WHOLE, TOKENS, FORMS, HEAT = "logits", "token_logits", "form_logits", "heat"
# Fusions that onnxruntime is told to leave: its fused kernel of this one is slower than what
# it replaces (measured with 1.31: a quarter of the time for a text, six layers, int8).
UNFUSED = ("SkipLayerNormFusion",)
_DTYPES = {"tensor(int64)": "int64", "tensor(int32)": "int32"}
_SHAPES = {
    TOKENS: "(batch, length, token labels)",
    FORMS: "(batch, forms)",
    HEAT: "(batch, 1)",
}
_FLOATS = frozenset({"tensor(float)", "tensor(double)", "tensor(float16)"})


class Loaded(NamedTuple):
    """A session, its tokenizer, and what runs need to know of them.

    `prefix`, `between` and `suffix` are the special tokens around a text, and between two.
    """

    session: onnxruntime.InferenceSession
    tokenizer: tokenizers.Tokenizer
    inputs: dict[str, str]
    outputs: list[str]
    prefix: list[int]
    suffix: list[int]
    hash: str
    alone: bool


class Holder:
    """Gives each process its own session. Threads share it.

    Args:
        files: the model's files.
        threads: how many threads may compute.
        expected: the hash that the files had in another process, if they are to have it.
    """

    def __init__(self, files: ModelFiles, threads: int, expected: str | None = None) -> None:
        self.files = files
        self.threads = allowed_threads(threads)
        self._expected = expected
        self._loaded: Loaded | None = None
        self._lock = Lock()
        _holders.add(self)

    def loaded(self) -> Loaded:
        """The session of this process.

        Raises:
            ModelError: the model's files cannot be used, or are others than before.
            EngineUnavailableError: the libraries cannot run here.
        """
        loaded = self._loaded
        if loaded is None:
            with self._lock:
                loaded = self._loaded
                if loaded is None:
                    loaded = self._loaded = load(self.files, self.threads, self._expected)
                    self._expected = loaded.hash  # for children, which read the files anew
        return loaded

    def forget(self) -> None:
        """In a forked child: leave the parent's session alone, and make another if asked."""
        if self._loaded is not None:
            # To end it, even at exit, would wait for threads that are only in the parent.
            pythonapi.Py_IncRef(py_object(self._loaded.session))
        self._loaded = None
        self._lock = Lock()  # the parent's may have been held by a thread that is not here


_holders: WeakSet[Holder] = WeakSet()


def _forget_all() -> None:
    for holder in list(_holders):
        holder.forget()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_forget_all)


def allowed_threads(threads: int) -> int:
    """The number of threads, but no more than the process may use processors."""
    if hasattr(os, "sched_getaffinity"):
        available = len(os.sched_getaffinity(0))
    else:
        available = os.cpu_count() or 1
    return max(1, min(threads, available))


def load(files: ModelFiles, threads: int, expected: str | None = None) -> Loaded:
    """Read a model's files and make a session of them.

    Args:
        files: the model's files.
        threads: how many threads may compute.
        expected: the hash that the files have to have, if any.

    Raises:
        ModelError: the files cannot be used, or are not those that are expected.
        EngineUnavailableError: the libraries are missing or cannot run here.
    """
    runtime, tokenizer_type = libraries()
    found = contents(files)
    if expected is not None and found.hash != expected:
        raise ModelError(
            f"{files.name}: the files in {files.folder} have changed since the model was "
            f"loaded (their hash was {expected} and is {found.hash}): load the model anew"
        )
    try:
        tokenizer = tokenizer_type.from_str(found.tokenizer)
    except Exception as error:  # the library raises nothing more exact
        raise ModelError(
            f"{files.name}: tokenizer.json is no tokenizer ({_short(error)}): {files.again()}"
        ) from error
    tokenizer.no_truncation()
    tokenizer.no_padding()
    try:
        options = session_options(runtime, threads)
        session = runtime.InferenceSession(
            str(files.folder / found.place) if found.external else found.model,
            options,
            providers=["CPUExecutionProvider"],
            disabled_optimizers=list(UNFUSED),
        )
    except Exception as error:  # the library's own errors share no narrower base
        raise ModelError(
            f"{files.name}: onnxruntime {runtime.__version__} cannot use {found.place}: "
            f"{_short(error)}"
        ) from error
    inputs = _inputs(files, session)
    outputs = _outputs(files, session)
    prefix, suffix = _around(files, tokenizer)
    return Loaded(
        session, tokenizer, inputs, outputs, prefix, suffix, found.hash, _is_alone(found)
    )


def libraries() -> tuple[Any, Any]:
    """The module onnxruntime, and the type of tokenizers.

    Raises:
        EngineUnavailableError: they are not installed, or not able to run on this machine.
    """
    # Some versions of onnxruntime keep an identifier of the machine and send events, from
    # their import on. This is their switch; it is left as it is where somebody has set it.
    os.environ.setdefault("ORT_DISABLE_TELEMETRY", "1")
    try:
        import onnxruntime
        import tokenizers
    except ModuleNotFoundError as error:
        raise EngineUnavailableError(
            f"the ONNX engine needs {error.name}, which is not installed: {EXTRA}, or use "
            "engine='auto' or 'rules'"
        ) from error
    except Exception as error:  # a library that cannot run here may raise anything
        raise EngineUnavailableError(
            f"the libraries of the ONNX engine cannot run on this machine ({_short(error)}): "
            "use engine='auto' or 'rules'"
        ) from error
    for library, name in ((onnxruntime, "SessionOptions"), (tokenizers, "Tokenizer")):
        if not hasattr(library, name):
            # Leftovers of a library that was removed, or a folder or file of the same name.
            place = getattr(library, "__file__", None) or "a folder of that name"
            raise EngineUnavailableError(
                f"the ONNX engine needs {library.__name__}, and what is imported as that is "
                f"something else ({place}): {EXTRA}, or use engine='auto' or 'rules'"
            )
    if hasattr(onnxruntime, "disable_telemetry_events"):
        onnxruntime.disable_telemetry_events()  # where another part had imported it before
    return onnxruntime, tokenizers.Tokenizer


def session_options(runtime: Any, threads: int) -> Any:
    """Options under which a session keeps to its threads and its memory."""
    options = runtime.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    options.execution_mode = runtime.ExecutionMode.ORT_SEQUENTIAL
    # Threads that spin while they wait take the time of other processes.
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    # Texts are of all lengths: a plan of memory for each shape would grow without end. The
    # arena grows to the largest batch, whose size has a limit, and saves a tenth to a third
    # of the time (benchmarks/engine.py looks at its size).
    options.enable_mem_pattern = False
    options.log_severity_level = 4
    return options


def _inputs(files: ModelFiles, session: Any) -> dict[str, str]:
    """The session's inputs and their types."""
    inputs = {}
    for value in session.get_inputs():
        if value.name not in INPUTS:
            raise ModelError(
                f"{files.name}: the model wants an input {value.name!r}: only "
                f"{', '.join(INPUTS)} are known, as text classifiers have them"
            )
        if value.type not in _DTYPES or len(value.shape) != 2:
            raise ModelError(
                f"{files.name}: input {value.name} is {value.type} of shape {value.shape}, not "
                "int64 of shape (batch, length)"
            )
        fixed = [size for size in value.shape if isinstance(size, int)]
        if fixed:
            raise ModelError(
                f"{files.name}: input {value.name} has the fixed shape {value.shape}: export "
                "the model with dynamic axes for batch and length"
            )
        inputs[value.name] = _DTYPES[value.type]
    if "input_ids" not in inputs:
        raise ModelError(f"{files.name}: the model has no input input_ids")
    return inputs


def _outputs(files: ModelFiles, session: Any) -> list[str]:
    """The outputs to ask for: logits first, then those of tokens, forms and heat if there."""
    values = {value.name: value for value in session.get_outputs()}
    whole = WHOLE if WHOLE in values else next(iter(values))
    names = [whole, *(name for name in (TOKENS, FORMS, HEAT) if name in values)]
    for name in names:
        value, shape = values[name], _SHAPES.get(name, "(batch, labels)")
        if value.type not in _FLOATS or len(value.shape) != shape.count(",") + 1:
            raise ModelError(
                f"{files.name}: output {name} is {value.type} of shape {value.shape}, not "
                f"float of shape {shape}: only text classifiers can be used"
            )
    return names


def _around(files: ModelFiles, tokenizer: Any) -> tuple[list[int], list[int]]:
    """The special tokens before and after a text."""
    try:
        bare = tokenizer.encode("a", add_special_tokens=False).ids
        full = tokenizer.encode("a", add_special_tokens=True).ids
    except Exception as error:  # the library raises nothing more exact
        raise ModelError(
            f"{files.name}: tokenizer.json reads nothing ({_short(error)}): {files.again()}"
        ) from error
    for first in range(len(full) - len(bare) + 1):
        if bare and full[first : first + len(bare)] == bare:
            return full[:first], full[first + len(bare) :]
    raise ModelError(
        f"{files.name}: tokenizer.json reads the letter 'a' as no token: {files.again()}"
    )


def _is_alone(found: Contents) -> bool:
    """Whether the model reads a text differently among others.

    Dynamic quantisation takes one range over all numbers of a batch.
    """
    # DynamicQuantizeLinear, or what onnxruntime fuses it to, as DynamicQuantizeMatMul.
    return b"DynamicQuantize" in found.model


def _short(error: BaseException) -> str:
    return " ".join(str(error).split())[:300] or type(error).__name__
