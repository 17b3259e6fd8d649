"""The plugin: settings, batches, and a start that does not wait for what can be loaded meanwhile."""

import sys
import threading
from typing import Dict, Iterator, List, Sequence, Union

# Half of the start is loading libraries, so it begins before anything else.
_libraries = threading.Thread(target=lambda: __import__("hector_onnx_embedder.model"), daemon=True)
_libraries.start()

from hector_plugin import BatchEmbedder, PluginError, is_cancelled, serve  # noqa: E402

from . import __version__  # noqa: E402
from .turns import Turns  # noqa: E402

# The least and the greatest value of each number; 0 is the default and means the model's own.
NUMBERS = {"dimension": 65_536, "max_length": 1_000_000, "threads": 1024}
SETTINGS = {"model", *NUMBERS}
# The number of texts whose tokens are in memory at once, and which are sorted by length.
WINDOW = 1024
# A call with at most this many texts is a question, or a few.
SHORT = 4


class OnnxEmbedder(BatchEmbedder):
    manifest = {
        "name": "hector-onnx-embedder", "version": __version__, "type": "embedder_provider",
        "protocol": "grpc",
        "capabilities": {"batch": "true", "input_type": "true", "alpha": "0.5"}}

    def initialize(self, config: Dict[str, str]) -> None:
        problems = [f"unknown setting '{name}': expected {', '.join(sorted(SETTINGS))}"
                    for name in sorted(config.keys() - SETTINGS)]
        numbers = {}
        for name, most in NUMBERS.items():
            text = config.get(name) or "0"
            # Python also accepts digits outside ASCII. Check the length first: int() has a limit.
            is_number = text.isascii() and text.isdigit() and len(text) <= 9
            if not is_number or int(text) > most:
                problems.append(f"'{name}' must be a whole number from 0 to {most}, not '{text}'")
            else:
                numbers[name] = int(text)
        if problems:
            raise PluginError("; ".join(problems))
        _libraries.join()
        from .model import Model, find

        files, self.model_name = find(config.get("model") or "minilm")
        self.model = Model(files, numbers["threads"], numbers["max_length"], numbers["dimension"])
        self.dimension = self.model.dimension
        self.turns = Turns()

    def embed_batch(
        self, texts: Sequence[str], input_types: Sequence[str]
    ) -> Iterator[Union[List[float], PluginError]]:
        for start in range(0, len(texts), WINDOW):
            encoded = self.model.encode(
                texts[start:start + WINDOW], input_types[start:start + WINDOW])
            found: Dict[int, Union[List[float], PluginError]] = {}
            with self.turns.call(is_long=len(encoded) > SHORT) as place:
                for numbers in self.model.groups(encoded):
                    with self.turns.run(place):
                        if is_cancelled():
                            return
                        vectors = self.model.vectors([encoded[number] for number in numbers])
                    found.update(zip(numbers, vectors))
            for number in range(len(encoded)):
                yield found[number]


def start() -> None:
    serve(OnnxEmbedder())
    sys.exit(0)
