"""A sentence-transformer model in ONNX form, read from a folder; no network, no PyTorch."""

import threading
from pathlib import Path
from typing import Dict, Iterator, List, Sequence, Union

import numpy
from hector_plugin import BatchEmbedder, PluginError, serve

from model import Model

# The default, the minimum and the maximum of each setting.
NUMBERS = {
    "batch_size": (16, 1, 100_000),
    "threads": (0, 0, 1024),
}
SETTINGS = {"model", *NUMBERS}


class OnnxEmbedder(BatchEmbedder):
    manifest = {
        "name": "custom-embedder-python", "version": "1.0.0", "capabilities": {"batch": "true"}}

    def initialize(self, config: Dict[str, str]) -> None:
        problems = [f"unknown setting '{name}': expected {', '.join(sorted(SETTINGS))}"
                    for name in sorted(config.keys() - SETTINGS)]
        if not config.get("model"):
            problems.append("the setting 'model' is missing: it names the model's folder")
        numbers = {}
        for name, (default, least, most) in NUMBERS.items():
            text = config.get(name) or str(default)
            # Python also accepts digits outside ASCII. Check the length first: int() has a limit.
            is_number = text.isascii() and text.isdigit() and len(text) <= 9
            if not is_number or not least <= int(text) <= most:
                problems.append(
                    f"'{name}' must be a whole number from {least} to {most}, not '{text}'")
            else:
                numbers[name] = int(text)
        if problems:
            raise PluginError("; ".join(problems))
        self.batch_size = numbers["batch_size"]
        folder = Path(config["model"]).expanduser()
        self.model = Model(folder, threads=numbers["threads"])
        # One run of the model uses all processors; two at once would only hinder each other.
        self.turn = threading.Lock()
        self.model_name = folder.resolve().name
        self.dimension = len(self.vectors(["a"], [""])[0])

    def embed_batch(
        self, texts: Sequence[str], input_types: Sequence[str]
    ) -> Iterator[Union[List[float], PluginError]]:
        # A few at a time: the caller stops between them once the call has been cancelled.
        for start in range(0, len(texts), self.batch_size):
            end = start + self.batch_size
            vectors = self.vectors(texts[start:end], input_types[start:end])
            for vector, finite in zip(vectors.tolist(), numpy.isfinite(vectors).all(axis=1)):
                yield vector if finite else PluginError("the model's answer is not a number")

    def vectors(self, texts: Sequence[str], input_types: Sequence[str]) -> numpy.ndarray:
        tokens = self.model.tokens(texts, input_types)
        with self.turn:
            return self.model.vectors(tokens)


if __name__ == "__main__":
    serve(OnnxEmbedder())
