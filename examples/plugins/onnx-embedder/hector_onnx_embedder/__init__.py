"""Sentence models in ONNX form as a plugin for Hector: no network, no PyTorch."""

__version__ = "0.1.0"
