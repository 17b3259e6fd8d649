from hector import database_pb2 as _database_pb2
from hector import embedder_pb2 as _embedder_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class EmbedBatchRequest(_message.Message):
    __slots__ = ("requests",)
    REQUESTS_FIELD_NUMBER: _ClassVar[int]
    requests: _containers.RepeatedCompositeFieldContainer[_embedder_pb2.EmbedRequest]
    def __init__(self, requests: _Optional[_Iterable[_Union[_embedder_pb2.EmbedRequest, _Mapping]]] = ...) -> None: ...

class EmbedBatchResponse(_message.Message):
    __slots__ = ("responses",)
    RESPONSES_FIELD_NUMBER: _ClassVar[int]
    responses: _containers.RepeatedCompositeFieldContainer[_embedder_pb2.EmbedResponse]
    def __init__(self, responses: _Optional[_Iterable[_Union[_embedder_pb2.EmbedResponse, _Mapping]]] = ...) -> None: ...

class UpsertBatchRequest(_message.Message):
    __slots__ = ("requests",)
    REQUESTS_FIELD_NUMBER: _ClassVar[int]
    requests: _containers.RepeatedCompositeFieldContainer[_database_pb2.UpsertRequest]
    def __init__(self, requests: _Optional[_Iterable[_Union[_database_pb2.UpsertRequest, _Mapping]]] = ...) -> None: ...

class UpsertBatchResponse(_message.Message):
    __slots__ = ("responses",)
    RESPONSES_FIELD_NUMBER: _ClassVar[int]
    responses: _containers.RepeatedCompositeFieldContainer[_database_pb2.UpsertResponse]
    def __init__(self, responses: _Optional[_Iterable[_Union[_database_pb2.UpsertResponse, _Mapping]]] = ...) -> None: ...

class SearchBatchRequest(_message.Message):
    __slots__ = ("requests",)
    REQUESTS_FIELD_NUMBER: _ClassVar[int]
    requests: _containers.RepeatedCompositeFieldContainer[_database_pb2.SearchRequest]
    def __init__(self, requests: _Optional[_Iterable[_Union[_database_pb2.SearchRequest, _Mapping]]] = ...) -> None: ...

class SearchBatchResponse(_message.Message):
    __slots__ = ("responses",)
    RESPONSES_FIELD_NUMBER: _ClassVar[int]
    responses: _containers.RepeatedCompositeFieldContainer[_database_pb2.SearchResponse]
    def __init__(self, responses: _Optional[_Iterable[_Union[_database_pb2.SearchResponse, _Mapping]]] = ...) -> None: ...

class DeleteBatchRequest(_message.Message):
    __slots__ = ("requests",)
    REQUESTS_FIELD_NUMBER: _ClassVar[int]
    requests: _containers.RepeatedCompositeFieldContainer[_database_pb2.DeleteRequest]
    def __init__(self, requests: _Optional[_Iterable[_Union[_database_pb2.DeleteRequest, _Mapping]]] = ...) -> None: ...

class DeleteBatchResponse(_message.Message):
    __slots__ = ("responses",)
    RESPONSES_FIELD_NUMBER: _ClassVar[int]
    responses: _containers.RepeatedCompositeFieldContainer[_database_pb2.DeleteResponse]
    def __init__(self, responses: _Optional[_Iterable[_Union[_database_pb2.DeleteResponse, _Mapping]]] = ...) -> None: ...
