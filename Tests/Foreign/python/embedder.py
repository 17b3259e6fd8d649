"""An embedder plugin as its author would write it, on the SDK in examples/sdk/python.

The vector of a text is a histogram of its bytes, of unit length. It is worth little, but it
is easy to recompute in a test.
"""

import math
import os

from hector_plugin import Embedder, PluginError, serve


class ByteHistogram(Embedder):
    manifest = {"name": "python-embedder", "version": "1.0.0"}
    model_name = "byte-histogram"
    dimension = 64

    def initialize(self, config):
        text = config.get("dimension", str(self.dimension))
        if not text.isdigit() or int(text) == 0:
            raise PluginError(f"dimension must be a positive number, not '{text}'")
        self.dimension = int(text)

    def embed(self, text, input_type):
        if not text:
            raise PluginError("text is empty")
        counts = [0] * self.dimension
        for byte in text.encode():
            counts[byte % self.dimension] += 1
        length = math.sqrt(sum(count * count for count in counts))
        return [count / length for count in counts]


if __name__ == "__main__":
    serve(ByteHistogram(), network=os.environ.get("PYTHON_PLUGIN_TRANSPORT", "unix"))
