"""Plugins for the tests, which act as hosts: `python plugins.py NAME`."""

import logging
import sys
import threading
import time

import grpc
from hector_plugin import (
    LLM, BatchDatabase, BatchEmbedder, CatalogDatabase, Embedder, PluginError, Reranker, Strategy,
    Tools, is_cancelled, serve, tool,
)
from hector_plugin.catalog import Collection
from hector_plugin.database import Document, Match
from hector_plugin_pb2 import StreamChunk, ToolCall
from hector_plugin_pb2_grpc import LLMProviderServicer


class Lengths(Embedder):
    model_name, dimension = "length", 1
    manifest = {"name": "lengths", "version": "1.0.0", "capabilities": {"a": "b"}}

    def initialize(self, config):
        if "bad" in config:
            raise PluginError(f"'bad' must not be set, and is '{config['bad']}'")

    def health(self):
        raise PluginError("the weather is bad")

    def embed(self, text, input_type):
        if text == "hang":
            threading.Event().wait()
        if text == "print":
            print("printed", flush=True)
            logging.getLogger("x").warning("a warning", extra={"values": {"n": 1}})
        if text == "line":
            print("no end", end="")
        if text == "fall":
            raise KeyError("down")
        if text == "exit":
            sys.exit("config missing")
        if text == "interrupt":
            raise KeyboardInterrupt
        if text == "no reason":
            raise PluginError("")
        if not text:
            raise PluginError("the text is empty")
        return [float(len(text))]


class Keyed(Lengths):
    required = ["api_key"]


class One(Lengths):
    """Has one worker, which `health` releases."""

    workers = 1
    free = threading.Event()

    def health(self):
        self.free.set()

    def embed(self, text, input_type):
        print(text, flush=True)
        if text == "wait":
            self.free.wait()
        return [float(len(text))]


class Batches(BatchEmbedder):
    model_name, dimension = "length", 1

    def embed_batch(self, texts, input_types):
        for text, kind in zip(texts, input_types):
            if text == "slow":
                print("begun", flush=True)
                time.sleep(0.2)
            if text == "few":
                return
            if text == "no reason":
                yield PluginError("")
                continue
            yield [float(len(text + kind))] if text else PluginError("the text is empty")


class Window(BatchEmbedder):
    """Looks at all texts before it yields the first."""

    model_name, dimension = "window", 1

    def embed_batch(self, texts, input_types):
        for text in texts:
            print("begun", flush=True)
            while text == "wait":
                if is_cancelled():
                    return
                time.sleep(0.01)
        yield from ([float(len(text))] for text in texts)


class Memory(BatchDatabase):
    """Answers with the request, and stores nothing."""

    def initialize(self, config):
        self.calls = []

    def create_collection(self, name, dimension):
        if dimension != 2:
            raise PluginError(f"not {dimension}")

    def upsert_batch(self, collection, documents):
        if collection == "none":
            raise PluginError("there is no collection 'none'")
        if collection == "few":
            return []
        self.calls.append((collection, [document.id for document in documents]))
        return [PluginError(f"no {document.id}") if document.id.startswith("bad") else
                PluginError("") if document.id == "no reason" else None
                for document in documents]

    def delete_batch(self, collection, ids):
        return self.upsert_batch(collection, [Document(id, [], {}) for id in ids])

    def search(self, collection, query):
        if collection == "none":
            raise PluginError("there is no collection 'none'")
        calls = [Match(f"{name} {' '.join(ids)}", query.vector, {"content": "c", "k": "v"}, 0.5)
                 for name, ids in self.calls]
        return calls[:query.top_k]


class Shelf(CatalogDatabase, BatchDatabase):
    """Has one collection, and says how it was asked for things."""

    def initialize(self, config):
        self.found = {}

    def create_collection(self, name, dimension, properties):
        self.found[name] = Collection(name, dimension, 3, 40, {
            **(self.found[name].properties if name in self.found else {}), **properties})

    def collections(self, prefix):
        if prefix == "fail":
            raise PluginError("no list today")
        return [item for name, item in sorted(self.found.items()) if name.startswith(prefix)]

    def records(self, collection, ids, include_vectors):
        if collection not in self.found:
            raise PluginError(f"there is no collection '{collection}'")
        return [Document(id, [1, 2], {"content": id}) for id in ids if id != "none"]

    def scan(self, scan):
        try:
            for number in range(10_000_000 if scan.collection == "endless" else 5):
                if scan.collection == "fails" and number == 2:
                    raise PluginError("the disk is gone")
                if str(number) > scan.after_id:
                    yield Document(str(number), [1, 2], {
                        "content": "x" * 600_000, "filter": scan.filter_json})
        finally:
            print("closed", flush=True)

    def move_collection(self, source, target, replace):
        if target in self.found and not replace:
            raise PluginError(f"there is a collection '{target}'")
        self.found[target] = self.found.pop(source)

    def search(self, collection, query):
        return [
            Match("1", query.vector, {}, 0.5, 0.25, 0.75, {
                "text": query.text, "alpha": query.alpha, "options": query.options,
                "explain": query.explain}),
            Match("2", [], {}, 0.25)]


class Words(Reranker):
    """Counts the words of the question that a text has."""

    model_name, max_tokens = "words", 7

    def score(self, query, texts):
        if query == "fail":
            raise PluginError("out of order")
        for text in texts:
            if text == "few":
                return
            if text == "slow":
                print("begun", flush=True)
                time.sleep(0.2)
            if text == "odd":
                yield float("nan")
            if text == "huge":
                yield 1e300
            if text == "two":
                yield 1
            yield len(set(query.split()) & set(text.split()))


class Parrot(LLM):
    model_name, max_tokens, temperature = "parrot", 10, 0.5

    def stream(self, request):
        try:
            last = request.messages[-1].content
            if last == "fail":
                raise PluginError("out of order")
            if last == "fall":
                raise ValueError("down")
            if last == "exit":
                yield "a"
                sys.exit(3)
            if last == "full":
                raise PluginError("out of paper", grpc.StatusCode.OK)
            if last == "number":
                yield 5
            if last == "no reason":
                yield StreamChunk(type=StreamChunk.ERROR)
            for word in last.split(" "):
                if word == "wait":
                    time.sleep(0.2)
                yield word
            yield ToolCall(id="1", name="look", arguments_json="{}")
        finally:
            print("closed", flush=True)


class Calculator(Tools):
    def discover(self):
        def divide(a, b):
            if b == 0:
                raise PluginError("cannot divide by 0")
            return str(a / b)

        def leave():
            sys.exit("config missing")

        def give_up():
            raise PluginError("")

        number = {"type": "number"}
        return [tool("divide", "Divide.", {"a": number, "b": number}, divide, read_only=True,
                     destructive=False),
                tool("count", "Count.", {}, lambda: 3),
                tool("leave", "Leave.", {}, leave), tool("give_up", "Give up.", {}, give_up)]


class Number(LLMProviderServicer):
    def Generate(self, request, context):
        return 5


class Twice(Strategy):
    name, description = "twice", "Stops after the second time."

    def prepare(self, iteration, state):
        if state.query == "fail":
            raise PluginError("cannot")
        state.custom_state["times"] = str(int(state.custom_state.get("times", "0")) + 1)

    def inject(self, state):
        return f"time {state.custom_state['times']}"

    def should_stop(self, text, tool_calls, state):
        return state.custom_state["times"] == "2"


if __name__ == "__main__":
    serve(globals()[sys.argv[1]](), **({"network": "tcp"} if "tcp" in sys.argv else {}))
