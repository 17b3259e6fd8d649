"""A sentence-transformer model in ONNX form, read from a folder; no network, no PyTorch."""

import threading
from pathlib import Path
from typing import Dict, Iterator, List, Sequence, Union

import numpy
from hector_plugin import BatchEmbedder, PluginError, serve

from model import Model

SETTINGS = {"model", "batch_size", "threads"}


class OnnxEmbedder(BatchEmbedder):
    manifest = {
        "name": "custom-embedder-python", "version": "1.0.0", "capabilities": {"batch": "true"}}

    def initialize(self, config: Dict[str, str]) -> None:
        unknown = sorted(config.keys() - SETTINGS)
        if unknown:
            raise PluginError(
                f"unknown setting '{unknown[0]}': expected {', '.join(sorted(SETTINGS))}")
        if not config.get("model"):
            raise PluginError("the setting 'model' is missing: it names the model's folder")
        self.batch_size = number(config, "batch_size", 16, least=1)
        folder = Path(config["model"]).expanduser()
        self.model = Model(folder, threads=number(config, "threads", 0, least=0))
        # One run of the model uses all processors; two at once would only be in each other's way.
        self.turn = threading.Lock()
        self.model_name = folder.resolve().name
        self.dimension = len(self.vectors(["a"], [""])[0])

    def embed_batch(
        self, texts: Sequence[str], input_types: Sequence[str]
    ) -> Iterator[Union[List[float], PluginError]]:
        # A few at a time: the caller stops between them once nobody waits for the vectors.
        for start in range(0, len(texts), self.batch_size):
            end = start + self.batch_size
            vectors = self.vectors(texts[start:end], input_types[start:end])
            for vector, finite in zip(vectors.tolist(), numpy.isfinite(vectors).all(axis=1)):
                yield vector if finite else PluginError("the model's answer is not a number")

    def vectors(self, texts: Sequence[str], input_types: Sequence[str]) -> numpy.ndarray:
        tokens = self.model.tokens(texts, input_types)
        with self.turn:
            return self.model.vectors(tokens)


def number(config: Dict[str, str], name: str, default: int, least: int) -> int:
    text = config.get(name) or str(default)
    if not text.isdigit() or int(text) < least:
        raise PluginError(f"'{name}' must be a whole number from {least} on, not '{text}'")
    return int(text)


if __name__ == "__main__":
    serve(OnnxEmbedder())
