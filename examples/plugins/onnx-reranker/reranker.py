"""A cross-encoder in ONNX form, read from a folder; no network, no PyTorch.

It reads a question and a text together, so it judges better than a comparison of their vectors, and
it has to run again for every pair, so it is for the best few of a search."""

import threading
from pathlib import Path
from typing import Dict, List, Sequence

from hector_plugin import PluginError, Reranker, is_cancelled, serve

from cross_encoder import CrossEncoder

# The greatest value of each number; 0 is the default and means the model's own.
NUMBERS = {"max_length": 1_000_000, "threads": 1024}
SETTINGS = {"model", *NUMBERS}


class OnnxReranker(Reranker):
    manifest = {"name": "onnx-reranker", "version": "1.0.0", "type": "reranker_provider",
                "protocol": "grpc"}

    def initialize(self, config: Dict[str, str]) -> None:
        problems = [f"unknown setting '{name}': expected {', '.join(sorted(SETTINGS))}"
                    for name in sorted(config.keys() - SETTINGS)]
        if not config.get("model"):
            problems.append("the setting 'model' is missing: it names the model's folder")
        numbers = {}
        for name, most in NUMBERS.items():
            text = config.get(name) or "0"
            is_number = text.isascii() and text.isdigit() and len(text) <= 9
            if not is_number or int(text) > most:
                problems.append(f"'{name}' must be a whole number from 0 to {most}, not '{text}'")
            else:
                numbers[name] = int(text)
        if problems:
            raise PluginError("; ".join(problems))
        folder = Path(config["model"]).expanduser()
        self.model = CrossEncoder(folder, numbers["threads"], numbers["max_length"])
        self.model_name = folder.resolve().name
        self.max_tokens = self.model.max_length
        # One run uses all processors; two at once would only hinder each other.
        self.turn = threading.Lock()

    def score(self, query: str, texts: Sequence[str]) -> List[float]:
        pairs = self.model.encode(query, texts)
        scores = [0.0] * len(pairs)
        with self.turn:
            for numbers in self.model.groups(pairs):
                if is_cancelled():
                    break
                found = self.model.scores([pairs[number] for number in numbers])
                for number, score in zip(numbers, found):
                    scores[number] = score
        return scores


if __name__ == "__main__":
    serve(OnnxReranker())
