"""reranker_provider: says how well texts answer a question."""

import math
from typing import Sequence

import grpc
from hector import reranker_pb2

from .plugin import PluginError, RerankerProviderServicer


class Reranker(RerankerProviderServicer):
    """Scores texts by how well they answer a question."""

    # Both must be known once `initialize` has returned. `max_tokens` is the number of tokens of a
    # question and a text together, 0 if that is not known.
    model_name: str = ""
    max_tokens: int = 0

    def rerank(self, query: str, texts: Sequence[str]) -> Sequence[float]:
        """Returns a finite number for each text, in their order; more is better.

        Called on several threads at once. One that takes long may end early, with anything, if
        `is_cancelled()`."""
        raise NotImplementedError

    def Rerank(self, request, context):
        try:
            scores = [float(score) for score in self.rerank(request.query, list(request.texts))]
        except PluginError as error:
            return reranker_pb2.RerankResponse(error=str(error))
        if not context.is_active():
            return reranker_pb2.RerankResponse()
        if len(scores) != len(request.texts):
            context.abort(
                grpc.StatusCode.INTERNAL, f"{len(scores)} scores for {len(request.texts)} texts")
        unfit = next((score for score in scores if not math.isfinite(score)), None)
        if unfit is not None:
            return reranker_pb2.RerankResponse(error=f"a score is {unfit}, which is no number")
        # Texts of equal scores stay in their order.
        best = sorted(range(len(scores)), key=lambda index: -scores[index])
        if request.top_n > 0:
            best = best[:request.top_n]
        return reranker_pb2.RerankResponse(scores=[
            reranker_pb2.RerankScore(index=index, score=scores[index]) for index in best])

    def GetModelInfo(self, request, context):
        return reranker_pb2.RerankerInfo(
            model_name=self.model_name, max_tokens=self.max_tokens)
