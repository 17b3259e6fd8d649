"""database_provider: collections of vectors with their documents."""

import json
from dataclasses import dataclass, field
from typing import Any, Callable, Dict, List, Mapping, Optional, Sequence, Tuple

import grpc
from hector import batch_pb2, batch_pb2_grpc, database_pb2

from .plugin import DatabaseProviderServicer, PluginError, told


@dataclass
class Document:
    id: str
    vector: Sequence[float]
    # The text is under "content". A value that is not a string in the user's record is its JSON.
    metadata: Dict[str, str]


@dataclass
class Match(Document):
    # Higher is better.
    score: float = 0.0
    # The parts of the score, each before it was weighed: the similarity of the vectors, and the
    # score of the words, from 0 to 1. None where there was nothing to compare.
    vector_score: Optional[float] = None
    text_score: Optional[float] = None
    # The parts of the score, for a query with `explain`.
    explanation: Optional[Mapping[str, Any]] = None


@dataclass
class Query:
    vector: Sequence[float]
    # The maximum number of documents; 0 if it is not given.
    top_k: int
    # Metadata must match this JSON object; empty means all. Only sent to a plugin whose
    # manifest has the capability `filter`.
    filter_json: str = field(default="")
    include_vectors: bool = field(default=False)
    # The rest is only sent to a plugin whose manifest has the capability `hybrid`.
    # The words of the question. If the query has only words, `vector` is empty.
    text: str = field(default="")
    # The weight of the vector in the score, from 0 to 1; None for the collection's own.
    alpha: Optional[float] = field(default=None)
    # Options of this search that are the database's own. An unknown one is an error.
    options: Dict[str, str] = field(default_factory=dict)
    explain: bool = field(default=False)


class Database(DatabaseProviderServicer):
    """Methods raise PluginError for problems. They are called on several threads at once."""

    def create_collection(self, name: str, dimension: int) -> None:
        """Creates a collection; succeeds if it exists with that dimension."""
        raise NotImplementedError

    def delete_collection(self, name: str) -> None:
        raise NotImplementedError

    def upsert(self, collection: str, document: Document) -> None:
        """Stores a document; when this returns it survives the process."""
        raise NotImplementedError

    def search(self, collection: str, query: Query) -> Sequence[Match]:
        """Returns the matches, best first."""
        raise NotImplementedError

    def delete(self, collection: str, id: str) -> None:
        """Deletes a document; succeeds if it does not exist."""
        raise NotImplementedError

    def CreateCollection(self, request, context):
        return _answer(
            database_pb2.CreateCollectionResponse,
            lambda: self._create(request))

    def _create(self, request) -> None:
        self.create_collection(request.collection, request.vector_size)

    def DeleteCollection(self, request, context):
        return _answer(
            database_pb2.DeleteCollectionResponse,
            lambda: self.delete_collection(request.collection))

    def Upsert(self, request, context):
        return _answer(
            database_pb2.UpsertResponse,
            lambda: self.upsert(request.collection, _document(request)))

    def Delete(self, request, context):
        return _answer(
            database_pb2.DeleteResponse, lambda: self.delete(request.collection, request.id))

    def Search(self, request, context):
        try:
            return _found(self.search(request.collection, _query(request)))
        except PluginError as error:
            return database_pb2.SearchResponse(error=str(error))


class BatchDatabase(Database, batch_pb2_grpc.DatabaseBatchServicer):
    """Stores, finds and deletes many at once. An error of one item does not affect the others.

    The three methods return one error or None for each item, or raise a PluginError for
    all of them."""

    def upsert_batch(
        self, collection: str, documents: Sequence[Document]
    ) -> Sequence[Optional[PluginError]]:
        raise NotImplementedError

    def delete_batch(
        self, collection: str, ids: Sequence[str]
    ) -> Sequence[Optional[PluginError]]:
        raise NotImplementedError

    def upsert(self, collection: str, document: Document) -> None:
        _raise(_each(1, self.upsert_batch(collection, [document])))

    def delete(self, collection: str, id: str) -> None:
        _raise(_each(1, self.delete_batch(collection, [id])))

    def UpsertBatch(self, request, context):
        errors = _by_collection(
            request.requests,
            lambda name, items: self.upsert_batch(name, [_document(item) for item in items]))
        return batch_pb2.UpsertBatchResponse(
            responses=[_response(database_pb2.UpsertResponse, error) for error in errors])

    def DeleteBatch(self, request, context):
        errors = _by_collection(
            request.requests,
            lambda name, items: self.delete_batch(name, [item.id for item in items]))
        return batch_pb2.DeleteBatchResponse(
            responses=[_response(database_pb2.DeleteResponse, error) for error in errors])

    def SearchBatch(self, request, context):
        return batch_pb2.SearchBatchResponse(
            responses=[self.Search(item, context) for item in request.requests])


def _document(request) -> Document:
    return Document(request.id, list(request.vector), dict(request.metadata))


def _query(request) -> Query:
    return Query(
        list(request.vector), request.top_k, request.filter_json, request.include_vectors,
        request.text, request.alpha if request.HasField("alpha") else None,
        dict(request.options), request.explain)


def _found(matches: Sequence[Match]):
    return database_pb2.SearchResponse(results=[
        database_pb2.SearchResult(
            id=match.id, score=match.score, content=match.metadata.get("content", ""),
            vector=match.vector, metadata=match.metadata, vector_score=match.vector_score,
            text_score=match.text_score,
            explanation_json="" if match.explanation is None else json.dumps(match.explanation))
        for match in matches
    ])


def _response(kind, error: Optional[PluginError]):
    return kind(success=error is None, error="" if error is None else told(error))


def _answer(kind, work: Callable[[], None]):
    try:
        work()
    except PluginError as error:
        return _response(kind, error)
    return _response(kind, None)


def _raise(errors: Sequence[Optional[PluginError]]) -> None:
    for error in errors:
        if error is not None:
            raise error


def _each(
    count: int, errors: Sequence[Optional[PluginError]]
) -> Tuple[Optional[PluginError], ...]:
    """Returns the errors, if there is one for each item: None would be a success."""
    errors = tuple(errors)
    if len(errors) != count:
        raise PluginError(
            f"{len(errors)} answers to a batch of {count}", grpc.StatusCode.INTERNAL)
    return errors


def _by_collection(
    requests, work: Callable[[str, list], Sequence[Optional[PluginError]]]
) -> List[Optional[PluginError]]:
    """Does the work for each collection, and puts the errors where their requests were."""
    places: Dict[str, List[int]] = {}
    for place, request in enumerate(requests):
        places.setdefault(request.collection, []).append(place)
    errors: List[Optional[PluginError]] = [None] * len(requests)
    for collection, where in places.items():
        results: Tuple[Optional[PluginError], ...]
        try:
            results = tuple(work(collection, [requests[place] for place in where]))
        except PluginError as error:
            results = (error,) * len(where)
        for place, result in zip(where, _each(len(where), results)):
            errors[place] = result
    return errors
