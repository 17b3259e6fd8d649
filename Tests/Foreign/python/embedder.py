"""An embedder plugin as its author would write it: stock grpcio, generated code, no more.

The vector of a text is a histogram of its bytes, of unit length. It is worth little, but it
is easy to recompute in a test.
"""

import math

from hector import common_pb2, embedder_pb2, embedder_pb2_grpc
from serving import serve


class Embedder(embedder_pb2_grpc.EmbedderProviderServicer):
    dimension = 64

    def Initialize(self, request, context):
        text = request.config.get("dimension", str(self.dimension))
        if not text.isdigit() or int(text) == 0:
            error = f"dimension must be a positive number, not '{text}'"
            return common_pb2.InitializeResponse(success=False, error=error)
        self.dimension = int(text)
        return common_pb2.InitializeResponse(success=True)

    def Embed(self, request, context):
        if not request.text:
            return embedder_pb2.EmbedResponse(error="text is empty")
        counts = [0] * self.dimension
        for byte in request.text.encode():
            counts[byte % self.dimension] += 1
        length = math.sqrt(sum(count * count for count in counts))
        return embedder_pb2.EmbedResponse(vector=[count / length for count in counts])

    def GetEmbedderInfo(self, request, context):
        return embedder_pb2.EmbedderInfo(model_name="byte-histogram", dimension=self.dimension)

    def Health(self, request, context):
        return common_pb2.HealthResponse(healthy=True)

    def GetManifest(self, request, context):
        return common_pb2.ManifestResponse(name="python-embedder", version="1.0.0")

    def GetStatus(self, request, context):
        return common_pb2.StatusResponse(status="ready")

    def Shutdown(self, request, context):
        return common_pb2.ShutdownResponse(success=True)


if __name__ == "__main__":
    serve(lambda s: embedder_pb2_grpc.add_EmbedderProviderServicer_to_server(Embedder(), s))
