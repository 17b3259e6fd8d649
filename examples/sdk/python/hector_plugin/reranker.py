"""reranker_provider: says how well texts answer a question."""

import logging
import math
from typing import Iterable, List, Sequence

import grpc
from hector import reranker_pb2

from .plugin import PluginError, RerankerProviderServicer

log = logging.getLogger("reranker")


class Reranker(RerankerProviderServicer):
    """Scores texts by a question. They are sorted by their scores here."""

    model_name: str = ""
    # The most tokens of a question and a text together; 0 if that is not known.
    max_tokens: int = 0

    def score(self, query: str, texts: Sequence[str]) -> Iterable[float]:
        """Returns a finite number for each text, in their order; higher is better.

        May be a generator: then it is not resumed once the call is cancelled. Raises PluginError.
        Called on several threads at once."""
        raise NotImplementedError

    def Rerank(self, request, context):
        scores: List[reranker_pb2.RerankScore] = []
        texts = list(request.texts)
        try:
            results = iter(self.score(request.query, texts) if texts else ())
            for index in range(len(texts)):
                if not context.is_active():
                    log.info(f"Rerank was cancelled after {index} of {len(texts)}")
                    return reranker_pb2.RerankResponse()
                score = reranker_pb2.RerankScore(index=index, score=next(results))
                # Of the number as it is sent: one too large for it has become infinite.
                if not math.isfinite(score.score):
                    raise PluginError(f"the score of text {index} is {score.score}")
                scores.append(score)
            if next(results, None) is not None:
                context.abort(
                    grpc.StatusCode.INTERNAL, f"more scores than the {len(texts)} texts")
        except PluginError as error:
            return reranker_pb2.RerankResponse(error=str(error))
        except StopIteration:
            context.abort(
                grpc.StatusCode.INTERNAL, f"{len(scores)} scores for {len(texts)} texts")
        # Texts with equal scores keep their order.
        scores.sort(key=lambda score: -score.score)
        return reranker_pb2.RerankResponse(scores=scores[:request.top_n or None])

    def GetModelInfo(self, request, context):
        return reranker_pb2.RerankerInfo(model_name=self.model_name, max_tokens=self.max_tokens)
