"""embedder_provider: turns text into vectors."""

import logging
from typing import Iterable, List, Sequence, Union

import grpc
from hector import batch_pb2, batch_pb2_grpc, embedder_pb2

from .calls import is_cancelled
from .plugin import EmbedderProviderServicer, PluginError

Vector = Sequence[float]

log = logging.getLogger("embedder")


class Embedder(EmbedderProviderServicer):
    """Turns one text at a time into a vector."""

    # Both must be known once `initialize` has returned.
    model_name: str = ""
    dimension: int = 0

    def embed(self, text: str, input_type: str) -> Vector:
        """Returns `dimension` finite numbers; raises PluginError if the text has no vector.

        `input_type` is "query", "document", or empty if it is not given. Called on several
        threads at once."""
        raise NotImplementedError

    def Embed(self, request, context):
        try:
            vector = self.embed(request.text, request.input_type)
        except PluginError as error:
            return embedder_pb2.EmbedResponse(error=str(error))
        return embedder_pb2.EmbedResponse(vector=vector)

    def GetEmbedderInfo(self, request, context):
        return embedder_pb2.EmbedderInfo(model_name=self.model_name, dimension=self.dimension)


class BatchEmbedder(Embedder, batch_pb2_grpc.EmbedderBatchServicer):
    """Turns many texts at once into vectors, which makes each much cheaper."""

    def embed_batch(
        self, texts: Sequence[str], input_types: Sequence[str]
    ) -> Iterable[Union[Vector, PluginError]]:
        """Returns a vector for each text, in their order, or a PluginError in its place.

        May be a generator: then it is not resumed once the call is cancelled. One that works on
        several texts before it yields the first may end early if `is_cancelled()`."""
        raise NotImplementedError

    def embed(self, text: str, input_type: str) -> Vector:
        results = list(self.embed_batch([text], [input_type]))
        if not results and is_cancelled():
            raise PluginError("cancelled")
        (result,) = results
        if isinstance(result, PluginError):
            raise result
        return result

    def EmbedBatch(self, request, context):
        texts = [item.text for item in request.requests]
        responses: List[embedder_pb2.EmbedResponse] = []
        try:
            results = iter(self.embed_batch(texts, [item.input_type for item in request.requests]))
            for _ in texts:
                if not context.is_active():
                    return _cancelled(len(responses), len(texts))
                result = next(results)
                if isinstance(result, PluginError):
                    responses.append(embedder_pb2.EmbedResponse(error=str(result)))
                else:
                    responses.append(embedder_pb2.EmbedResponse(vector=result))
        except PluginError as error:
            context.abort(grpc.StatusCode.UNKNOWN, str(error))
        except StopIteration:
            if not context.is_active():
                return _cancelled(len(responses), len(texts))
            context.abort(
                grpc.StatusCode.INTERNAL, f"{len(responses)} vectors for {len(texts)} texts")
        return batch_pb2.EmbedBatchResponse(responses=responses)


def _cancelled(done: int, of: int) -> batch_pb2.EmbedBatchResponse:
    log.info(f"EmbedBatch was cancelled after {done} of {of}")
    return batch_pb2.EmbedBatchResponse()
