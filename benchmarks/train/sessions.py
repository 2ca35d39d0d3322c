"""Running a graph on one thread, whatever the machine."""

from __future__ import annotations

from onnxruntime import InferenceSession, SessionOptions


def one_thread(model: str | bytes) -> InferenceSession:
    """A session of a graph.

    Args:
        model: the path of its file, or the graph itself.
    """
    options = SessionOptions()
    options.intra_op_num_threads = 1
    return InferenceSession(model, options, providers=["CPUExecutionProvider"])
