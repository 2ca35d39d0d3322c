"""Which files beside it an ONNX file says that it needs.

A walk over the protocol buffer that skips what does not matter, so that a model from
anywhere can be judged before onnxruntime opens it. Field numbers are those of onnx.proto3.
"""

from __future__ import annotations

from collections.abc import Iterator

# Where tensors can be, by kind of message: field number to the kind found there.
_INSIDE = {
    "model": {7: "graph", 20: "training", 25: "function"},
    "training": {1: "graph", 2: "graph"},
    "function": {7: "node", 11: "attribute"},
    "graph": {1: "node", 5: "tensor", 15: "sparse"},
    "node": {5: "attribute"},
    "attribute": {
        5: "tensor",
        6: "graph",
        10: "tensor",
        11: "graph",
        22: "sparse",
        23: "sparse",
    },
    "sparse": {1: "tensor", 2: "tensor"},
    "tensor": {13: "entry"},
}
_DEEPEST = 64


def external_files(data: bytes) -> list[str]:
    """The locations of weights outside of the file, each once, in order.

    Raises:
        ValueError: `data` is no ONNX model.
    """
    found: dict[str, None] = {}
    view = memoryview(data)
    if not any(number == 7 for number, _ in _fields(view)):
        raise ValueError("it has no graph")
    pending = [("model", view, 0)]
    while pending:
        kind, message, depth = pending.pop()
        if depth > _DEEPEST:
            raise ValueError("its parts are nested too deeply")
        kinds = _INSIDE[kind]
        for number, value in _fields(message):
            inner = kinds.get(number)
            if inner == "entry":
                entry = dict(_fields(value))
                if bytes(entry.get(1, b"")) == b"location":
                    found[str(entry.get(2, b""), "utf-8")] = None
            elif inner is not None:
                pending.append((inner, value, depth + 1))
    return list(found)


def _fields(message: memoryview) -> Iterator[tuple[int, memoryview]]:
    """Number and content of all fields that have a length."""
    at, size = 0, len(message)
    while at < size:
        key, at = _varint(message, at)
        kind = key & 7
        if kind == 0:
            _, at = _varint(message, at)
        elif kind == 1:
            at += 8
        elif kind == 5:
            at += 4
        elif kind == 2:
            length, at = _varint(message, at)
            if at + length > size:
                raise ValueError("it ends too early")
            yield key >> 3, message[at : at + length]
            at += length
        else:
            raise ValueError("it is no protocol buffer")
    if at > size:
        raise ValueError("it ends too early")


def _varint(message: memoryview, at: int) -> tuple[int, int]:
    value = shift = 0
    while True:
        if at >= len(message) or shift > 63:
            raise ValueError("it ends too early")
        byte = message[at]
        at += 1
        value |= (byte & 127) << shift
        if byte < 128:
            return value, at
        shift += 7
