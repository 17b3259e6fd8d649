"""A reranker as its author would write it, on the SDK in examples/sdk/python.

Its score is the number of words of the question that a text has. With the setting `log` it notes
each request in a file. Some questions break the contract, so that a test can see what the host does.
"""

import json
import os

from hector import reranker_pb2
from hector_plugin import PluginError, Reranker, serve


class WordCount(Reranker):
    model_name, max_tokens = "words", 512
    manifest = {"name": "python-reranker", "version": "1.0.0"}
    log = None

    def initialize(self, config):
        self.log = config.get("log")

    def score(self, query, texts):
        if self.log:
            with open(self.log, "a", encoding="utf-8") as file:
                file.write(json.dumps({"query": query, "texts": list(texts)}) + "\n")
        if query == "fail":
            raise PluginError("out of order")
        if query == "die":
            os._exit(3)
        return [len(words(query) & words(text)) for text in texts]

    def Rerank(self, request, context):
        scores = {
            "few": [(0, 1)],
            "twice": [(0, 1), (0, 2)],
            "range": [(0, 1), (7, 2)],
            "nan": [(0, 1), (1, float("nan"))],
            "unsorted": [(0, 1), (1, 2)],
        }.get(request.query)
        if scores is None:
            return super().Rerank(request, context)
        return reranker_pb2.RerankResponse(scores=[
            reranker_pb2.RerankScore(index=index, score=score) for index, score in scores])


def words(text):
    return {word.strip(".,?!").lower() for word in text.split()}


if __name__ == "__main__":
    serve(WordCount())
