"""A database plugin as its author would write it: a dictionary, searched by brute force.

It forgets everything when it ends. The score is the cosine.
"""

import math
import threading

from hector import common_pb2, database_pb2, database_pb2_grpc
from serving import serve


def cosine(left, right):
    lengths = math.sqrt(sum(x * x for x in left)) * math.sqrt(sum(x * x for x in right))
    return sum(x * y for x, y in zip(left, right)) / lengths if lengths else 0.0


class Collection:
    def __init__(self, dimension):
        self.dimension = dimension
        self.documents = {}


class Database(database_pb2_grpc.DatabaseProviderServicer):
    def __init__(self):
        self.collections = {}
        # Calls arrive on several threads.
        self.lock = threading.Lock()

    def problem(self, request):
        """What is wrong with a request that has a collection and a vector, or None."""
        collection = self.collections.get(request.collection)
        if collection is None:
            return f"no collection '{request.collection}'"
        if len(request.vector) != collection.dimension:
            return f"vector has {len(request.vector)} numbers, not {collection.dimension}"
        return None

    def CreateCollection(self, request, context):
        with self.lock:
            made = Collection(request.vector_size)
            there = self.collections.setdefault(request.collection, made)
        if there.dimension != request.vector_size:
            error = f"collection '{request.collection}' has dimension {there.dimension}"
            return database_pb2.CreateCollectionResponse(error=error)
        return database_pb2.CreateCollectionResponse(success=True)

    def DeleteCollection(self, request, context):
        with self.lock:
            if self.collections.pop(request.collection, None) is None:
                error = f"no collection '{request.collection}'"
                return database_pb2.DeleteCollectionResponse(error=error)
        return database_pb2.DeleteCollectionResponse(success=True)

    def Upsert(self, request, context):
        with self.lock:
            if problem := self.problem(request):
                return database_pb2.UpsertResponse(error=problem)
            document = (list(request.vector), dict(request.metadata))
            self.collections[request.collection].documents[request.id] = document
        return database_pb2.UpsertResponse(success=True)

    def Delete(self, request, context):
        with self.lock:
            collection = self.collections.get(request.collection)
            if collection is None:
                return database_pb2.DeleteResponse(error=f"no collection '{request.collection}'")
            collection.documents.pop(request.id, None)
        return database_pb2.DeleteResponse(success=True)

    def Search(self, request, context):
        with self.lock:
            if problem := self.problem(request):
                return database_pb2.SearchResponse(error=problem)
            documents = list(self.collections[request.collection].documents.items())
        scored = [(cosine(request.vector, vector), id, metadata)
                  for id, (vector, metadata) in documents]
        scored.sort(key=lambda item: -item[0])
        return database_pb2.SearchResponse(results=[
            database_pb2.SearchResult(
                id=id, score=score, content=metadata.get("content", ""), metadata=metadata)
            for score, id, metadata in scored[:request.top_k]
        ])

    def Initialize(self, request, context):
        return common_pb2.InitializeResponse(success=True)

    def Health(self, request, context):
        return common_pb2.HealthResponse(healthy=True)

    def GetManifest(self, request, context):
        return common_pb2.ManifestResponse(name="python-database", version="1.0.0")

    def GetStatus(self, request, context):
        return common_pb2.StatusResponse(status="ready")

    def Shutdown(self, request, context):
        return common_pb2.ShutdownResponse(success=True)


if __name__ == "__main__":
    serve(lambda s: database_pb2_grpc.add_DatabaseProviderServicer_to_server(Database(), s))
