"""Training of the ONNX model, from data to the shipped files."""
