"""The parts of a plugin for Hector in Python.

    from hector_plugin import Embedder, serve

    class Lengths(Embedder):
        model_name, dimension = "length", 1

        def embed(self, text, input_type):
            return [len(text)]

    if __name__ == "__main__":
        serve(Lengths())
"""

from .calls import is_cancelled
from .catalog import CatalogDatabase
from .database import BatchDatabase, Database
from .embedder import BatchEmbedder, Embedder
from .llm import LLM
from .plugin import PluginError
from .reasoning import Strategy
from .reranker import Reranker
from .serving import serve
from .tools import Tools, tool

__all__ = [
    "BatchDatabase", "BatchEmbedder", "CatalogDatabase", "Database", "Embedder", "LLM",
    "PluginError", "Reranker", "Strategy", "Tools", "is_cancelled", "serve", "tool",
]
