"""The collections of a database and their records."""

from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Dict, Iterable, Iterator, List, Mapping, Sequence

from hector import catalog_pb2, catalog_pb2_grpc

from .database import Database, Document, _answer
from .plugin import PluginError

# The most bytes of records in one message of a scan, unless a single record has more.
PIECE = 1 << 20


@dataclass
class Collection:
    name: str
    dimension: int
    # The number of documents.
    count: int
    # The bytes that it takes on the disk; 0 if that is not known.
    bytes: int = 0
    # The facts that it was created with, such as "embedder" and "alpha".
    properties: Dict[str, str] = field(default_factory=dict)


@dataclass
class Scan:
    collection: str
    # Only documents whose ids come after this one, in the order of their bytes; empty means all.
    after_id: str = ""
    # As in Query.
    filter_json: str = ""
    include_vectors: bool = False


class CatalogDatabase(Database, catalog_pb2_grpc.DatabaseCatalogServicer):
    """A database that can say what it has; its manifest has the capability `catalog`.

    A class may be this and a BatchDatabase: `class Mine(CatalogDatabase, BatchDatabase)`."""

    def create_collection(
        self, name: str, dimension: int, properties: Mapping[str, str] = MappingProxyType({})
    ) -> None:
        """Creates a collection with these facts. If it exists with that dimension, its properties
        are kept, except those that are given."""
        raise NotImplementedError

    def collections(self, prefix: str) -> Sequence[Collection]:
        """Returns the collections whose names begin like this, in the order of their names."""
        raise NotImplementedError

    def records(
        self, collection: str, ids: Sequence[str], include_vectors: bool
    ) -> Sequence[Document]:
        """Returns the documents that exist, in the order of `ids`."""
        raise NotImplementedError

    def scan(self, scan: Scan) -> Iterable[Document]:
        """Yields all documents in the order of their ids, as one moment had them.

        A generator is closed when the call is cancelled."""
        raise NotImplementedError

    def move_collection(self, source: str, target: str, replace: bool) -> None:
        """Gives a collection another name, at once. If `target` exists, it is deleted if `replace`
        says so, and an error otherwise."""
        raise NotImplementedError

    def _create(self, request) -> None:
        self.create_collection(
            request.collection, request.vector_size, dict(request.properties))

    def ListCollections(self, request, context):
        try:
            found = self.collections(request.prefix)
        except PluginError as error:
            return catalog_pb2.ListCollectionsResponse(error=str(error))
        return catalog_pb2.ListCollectionsResponse(collections=[
            catalog_pb2.CollectionInfo(
                name=item.name, vector_size=item.dimension, count=item.count, bytes=item.bytes,
                properties=item.properties)
            for item in found
        ])

    def GetRecords(self, request, context):
        try:
            found = self.records(
                request.collection, list(request.ids), request.include_vectors)
        except PluginError as error:
            return catalog_pb2.GetRecordsResponse(error=str(error))
        return catalog_pb2.GetRecordsResponse(
            records=[_stored(item, request.include_vectors) for item in found])

    def ScanRecords(self, request, context):
        kind = catalog_pb2.ScanRecordsResponse
        try:
            documents = self.scan(Scan(
                request.collection, request.after_id, request.filter_json,
                request.include_vectors))
        except PluginError as error:
            yield kind(error=str(error))
            return
        # Its `finally` runs now, not when the next document would be due.
        close = getattr(documents, "close", None)
        try:
            for piece in _pieces(documents, request.include_vectors):
                yield kind(records=piece)
        except PluginError as error:
            yield kind(error=str(error))
        finally:
            if close:
                close()

    def MoveCollection(self, request, context):
        # `from` is a word of Python.
        source = getattr(request, "from")
        return _answer(
            catalog_pb2.MoveCollectionResponse,
            lambda: self.move_collection(source, request.to, request.replace))


def _stored(document: Document, include_vectors: bool) -> catalog_pb2.StoredRecord:
    return catalog_pb2.StoredRecord(
        id=document.id, vector=document.vector if include_vectors else (),
        metadata=document.metadata)


def _pieces(
    documents: Iterable[Document], include_vectors: bool
) -> Iterator[List[catalog_pb2.StoredRecord]]:
    piece: List[catalog_pb2.StoredRecord] = []
    size = 0
    try:
        for document in documents:
            record = _stored(document, include_vectors)
            if piece and size + record.ByteSize() > PIECE:
                yield piece
                piece, size = [], 0
            piece.append(record)
            size += record.ByteSize()
    except PluginError:
        # The documents before the error are sent; a program may use them.
        if piece:
            yield piece
        raise
    if piece:
        yield piece
