"""Training of the ONNX model, from data to the shipped files."""

import os

# As the library does: before onnxruntime is imported, which would send events from then on.
os.environ.setdefault("ORT_DISABLE_TELEMETRY", "1")
