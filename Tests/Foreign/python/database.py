"""A database plugin as its author would write it, on the SDK in examples/sdk/python.

It is a dictionary, searched by brute force. It keeps nothing on disk and forgets everything when
it ends, so it breaks the promise that an upsert outlives the process: it is for tests that need
a database with single calls only, or one that is empty after a restart. The score is the cosine,
unless a document's metadata has a `score`; if it has a `delay`, storing takes that many seconds.
With SHUTDOWN_ERROR in the environment, shutdown fails with that text.
"""

import math
import os
import threading
import time

from hector_plugin import Database, PluginError, serve
from hector_plugin.database import Match


def cosine(left, right):
    lengths = math.sqrt(sum(x * x for x in left)) * math.sqrt(sum(x * x for x in right))
    return sum(x * y for x, y in zip(left, right)) / lengths if lengths else 0.0


class Collection:
    def __init__(self, dimension):
        self.dimension = dimension
        self.documents = {}

    def check(self, vector):
        if len(vector) != self.dimension:
            raise PluginError(f"vector has {len(vector)} numbers, not {self.dimension}")


class Dictionary(Database):
    manifest = {"name": "python-database", "version": "1.0.0"}

    def __init__(self):
        self.collections = {}
        # Calls arrive on several threads.
        self.lock = threading.Lock()

    def shutdown(self):
        if "SHUTDOWN_ERROR" in os.environ:
            raise PluginError(os.environ["SHUTDOWN_ERROR"])

    def collection(self, name):
        if name not in self.collections:
            raise PluginError(f"no collection '{name}'")
        return self.collections[name]

    def create_collection(self, name, dimension):
        with self.lock:
            there = self.collections.setdefault(name, Collection(dimension))
        if there.dimension != dimension:
            raise PluginError(f"collection '{name}' has dimension {there.dimension}")

    def delete_collection(self, name):
        with self.lock:
            self.collection(name)
            del self.collections[name]

    def upsert(self, collection, document):
        time.sleep(float(document.metadata.get("delay", 0)))
        with self.lock:
            there = self.collection(collection)
            there.check(document.vector)
            there.documents[document.id] = document

    def delete(self, collection, id):
        with self.lock:
            self.collection(collection).documents.pop(id, None)

    def search(self, collection, query):
        with self.lock:
            there = self.collection(collection)
            there.check(query.vector)
            documents = list(there.documents.values())
        # Without their vectors: a call cannot ask for them here.
        matches = [Match(document.id, [], document.metadata,
                         float(document.metadata.get("score", cosine(query.vector, document.vector))))
                   for document in documents]
        matches.sort(key=lambda match: -match.score)
        return matches[:query.top_k]


if __name__ == "__main__":
    serve(Dictionary())
