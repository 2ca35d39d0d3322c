"""The ONNX engine: the only part that touches onnxruntime, tokenizers and huggingface_hub.

Importing it imports none of them; they are loaded when a model is.
"""

from __future__ import annotations

from .engine import OnnxModel
from .loading import load_model

__all__ = ["OnnxModel", "load_model"]
