from hector import common_pb2 as _common_pb2
from hector import llm_pb2 as _llm_pb2
from hector import tool_pb2 as _tool_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class ReasoningState(_message.Message):
    __slots__ = ("iteration", "total_tokens", "query", "conversation", "assistant_response", "first_iteration_tool_calls", "custom_state")
    class CustomStateEntry(_message.Message):
        __slots__ = ("key", "value")
        KEY_FIELD_NUMBER: _ClassVar[int]
        VALUE_FIELD_NUMBER: _ClassVar[int]
        key: str
        value: str
        def __init__(self, key: _Optional[str] = ..., value: _Optional[str] = ...) -> None: ...
    ITERATION_FIELD_NUMBER: _ClassVar[int]
    TOTAL_TOKENS_FIELD_NUMBER: _ClassVar[int]
    QUERY_FIELD_NUMBER: _ClassVar[int]
    CONVERSATION_FIELD_NUMBER: _ClassVar[int]
    ASSISTANT_RESPONSE_FIELD_NUMBER: _ClassVar[int]
    FIRST_ITERATION_TOOL_CALLS_FIELD_NUMBER: _ClassVar[int]
    CUSTOM_STATE_FIELD_NUMBER: _ClassVar[int]
    iteration: int
    total_tokens: int
    query: str
    conversation: _containers.RepeatedCompositeFieldContainer[_llm_pb2.Message]
    assistant_response: str
    first_iteration_tool_calls: _containers.RepeatedCompositeFieldContainer[_llm_pb2.ToolCall]
    custom_state: _containers.ScalarMap[str, str]
    def __init__(self, iteration: _Optional[int] = ..., total_tokens: _Optional[int] = ..., query: _Optional[str] = ..., conversation: _Optional[_Iterable[_Union[_llm_pb2.Message, _Mapping]]] = ..., assistant_response: _Optional[str] = ..., first_iteration_tool_calls: _Optional[_Iterable[_Union[_llm_pb2.ToolCall, _Mapping]]] = ..., custom_state: _Optional[_Mapping[str, str]] = ...) -> None: ...

class PrepareIterationRequest(_message.Message):
    __slots__ = ("iteration", "state")
    ITERATION_FIELD_NUMBER: _ClassVar[int]
    STATE_FIELD_NUMBER: _ClassVar[int]
    iteration: int
    state: ReasoningState
    def __init__(self, iteration: _Optional[int] = ..., state: _Optional[_Union[ReasoningState, _Mapping]] = ...) -> None: ...

class PrepareIterationResponse(_message.Message):
    __slots__ = ("success", "error", "custom_state")
    class CustomStateEntry(_message.Message):
        __slots__ = ("key", "value")
        KEY_FIELD_NUMBER: _ClassVar[int]
        VALUE_FIELD_NUMBER: _ClassVar[int]
        key: str
        value: str
        def __init__(self, key: _Optional[str] = ..., value: _Optional[str] = ...) -> None: ...
    SUCCESS_FIELD_NUMBER: _ClassVar[int]
    ERROR_FIELD_NUMBER: _ClassVar[int]
    CUSTOM_STATE_FIELD_NUMBER: _ClassVar[int]
    success: bool
    error: str
    custom_state: _containers.ScalarMap[str, str]
    def __init__(self, success: bool = ..., error: _Optional[str] = ..., custom_state: _Optional[_Mapping[str, str]] = ...) -> None: ...

class ShouldStopRequest(_message.Message):
    __slots__ = ("text", "tool_calls", "state")
    TEXT_FIELD_NUMBER: _ClassVar[int]
    TOOL_CALLS_FIELD_NUMBER: _ClassVar[int]
    STATE_FIELD_NUMBER: _ClassVar[int]
    text: str
    tool_calls: _containers.RepeatedCompositeFieldContainer[_llm_pb2.ToolCall]
    state: ReasoningState
    def __init__(self, text: _Optional[str] = ..., tool_calls: _Optional[_Iterable[_Union[_llm_pb2.ToolCall, _Mapping]]] = ..., state: _Optional[_Union[ReasoningState, _Mapping]] = ...) -> None: ...

class ShouldStopResponse(_message.Message):
    __slots__ = ("stop", "error", "custom_state")
    class CustomStateEntry(_message.Message):
        __slots__ = ("key", "value")
        KEY_FIELD_NUMBER: _ClassVar[int]
        VALUE_FIELD_NUMBER: _ClassVar[int]
        key: str
        value: str
        def __init__(self, key: _Optional[str] = ..., value: _Optional[str] = ...) -> None: ...
    STOP_FIELD_NUMBER: _ClassVar[int]
    ERROR_FIELD_NUMBER: _ClassVar[int]
    CUSTOM_STATE_FIELD_NUMBER: _ClassVar[int]
    stop: bool
    error: str
    custom_state: _containers.ScalarMap[str, str]
    def __init__(self, stop: bool = ..., error: _Optional[str] = ..., custom_state: _Optional[_Mapping[str, str]] = ...) -> None: ...

class AfterIterationRequest(_message.Message):
    __slots__ = ("iteration", "text", "tool_calls", "results", "state")
    ITERATION_FIELD_NUMBER: _ClassVar[int]
    TEXT_FIELD_NUMBER: _ClassVar[int]
    TOOL_CALLS_FIELD_NUMBER: _ClassVar[int]
    RESULTS_FIELD_NUMBER: _ClassVar[int]
    STATE_FIELD_NUMBER: _ClassVar[int]
    iteration: int
    text: str
    tool_calls: _containers.RepeatedCompositeFieldContainer[_llm_pb2.ToolCall]
    results: _containers.RepeatedCompositeFieldContainer[_tool_pb2.ToolResult]
    state: ReasoningState
    def __init__(self, iteration: _Optional[int] = ..., text: _Optional[str] = ..., tool_calls: _Optional[_Iterable[_Union[_llm_pb2.ToolCall, _Mapping]]] = ..., results: _Optional[_Iterable[_Union[_tool_pb2.ToolResult, _Mapping]]] = ..., state: _Optional[_Union[ReasoningState, _Mapping]] = ...) -> None: ...

class AfterIterationResponse(_message.Message):
    __slots__ = ("success", "error", "custom_state")
    class CustomStateEntry(_message.Message):
        __slots__ = ("key", "value")
        KEY_FIELD_NUMBER: _ClassVar[int]
        VALUE_FIELD_NUMBER: _ClassVar[int]
        key: str
        value: str
        def __init__(self, key: _Optional[str] = ..., value: _Optional[str] = ...) -> None: ...
    SUCCESS_FIELD_NUMBER: _ClassVar[int]
    ERROR_FIELD_NUMBER: _ClassVar[int]
    CUSTOM_STATE_FIELD_NUMBER: _ClassVar[int]
    success: bool
    error: str
    custom_state: _containers.ScalarMap[str, str]
    def __init__(self, success: bool = ..., error: _Optional[str] = ..., custom_state: _Optional[_Mapping[str, str]] = ...) -> None: ...

class GetContextInjectionRequest(_message.Message):
    __slots__ = ("state",)
    STATE_FIELD_NUMBER: _ClassVar[int]
    state: ReasoningState
    def __init__(self, state: _Optional[_Union[ReasoningState, _Mapping]] = ...) -> None: ...

class GetContextInjectionResponse(_message.Message):
    __slots__ = ("text", "error")
    TEXT_FIELD_NUMBER: _ClassVar[int]
    ERROR_FIELD_NUMBER: _ClassVar[int]
    text: str
    error: str
    def __init__(self, text: _Optional[str] = ..., error: _Optional[str] = ...) -> None: ...

class PromptSlots(_message.Message):
    __slots__ = ("system_role", "reasoning_instructions", "tool_usage", "output_format", "communication_style", "additional")
    SYSTEM_ROLE_FIELD_NUMBER: _ClassVar[int]
    REASONING_INSTRUCTIONS_FIELD_NUMBER: _ClassVar[int]
    TOOL_USAGE_FIELD_NUMBER: _ClassVar[int]
    OUTPUT_FORMAT_FIELD_NUMBER: _ClassVar[int]
    COMMUNICATION_STYLE_FIELD_NUMBER: _ClassVar[int]
    ADDITIONAL_FIELD_NUMBER: _ClassVar[int]
    system_role: str
    reasoning_instructions: str
    tool_usage: str
    output_format: str
    communication_style: str
    additional: str
    def __init__(self, system_role: _Optional[str] = ..., reasoning_instructions: _Optional[str] = ..., tool_usage: _Optional[str] = ..., output_format: _Optional[str] = ..., communication_style: _Optional[str] = ..., additional: _Optional[str] = ...) -> None: ...

class StrategyInfo(_message.Message):
    __slots__ = ("name", "description")
    NAME_FIELD_NUMBER: _ClassVar[int]
    DESCRIPTION_FIELD_NUMBER: _ClassVar[int]
    name: str
    description: str
    def __init__(self, name: _Optional[str] = ..., description: _Optional[str] = ...) -> None: ...
