from hector import common_pb2 as _common_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable
from typing import ClassVar as _ClassVar, Optional as _Optional

DESCRIPTOR: _descriptor.FileDescriptor

class EmbedRequest(_message.Message):
    __slots__ = ("text", "input_type")
    TEXT_FIELD_NUMBER: _ClassVar[int]
    INPUT_TYPE_FIELD_NUMBER: _ClassVar[int]
    text: str
    input_type: str
    def __init__(self, text: _Optional[str] = ..., input_type: _Optional[str] = ...) -> None: ...

class EmbedResponse(_message.Message):
    __slots__ = ("vector", "error")
    VECTOR_FIELD_NUMBER: _ClassVar[int]
    ERROR_FIELD_NUMBER: _ClassVar[int]
    vector: _containers.RepeatedScalarFieldContainer[float]
    error: str
    def __init__(self, vector: _Optional[_Iterable[float]] = ..., error: _Optional[str] = ...) -> None: ...

class EmbedderInfo(_message.Message):
    __slots__ = ("model_name", "dimension")
    MODEL_NAME_FIELD_NUMBER: _ClassVar[int]
    DIMENSION_FIELD_NUMBER: _ClassVar[int]
    model_name: str
    dimension: int
    def __init__(self, model_name: _Optional[str] = ..., dimension: _Optional[int] = ...) -> None: ...
