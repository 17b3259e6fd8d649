"""The common parts of plugins of all kinds."""

import sys
from typing import Any, Dict, List, Mapping, Optional, Sequence, Type

import grpc
from hector import (
    common_pb2,
    database_pb2_grpc,
    embedder_pb2_grpc,
    llm_pb2,
    llm_pb2_grpc,
    reasoning_pb2_grpc,
    reranker_pb2_grpc,
    tool_pb2_grpc,
)


class PluginError(Exception):
    """A sentence for the user: what is wrong, with what, and what to do about it.

    `code` is for programs. It is used for answers without a field `error`, which are those of a
    language model.
    """

    def __init__(self, message: str, code: grpc.StatusCode = grpc.StatusCode.UNKNOWN) -> None:
        super().__init__(message)
        # OK would not be a failure, and would lose the message.
        self.code = grpc.StatusCode.UNKNOWN if code is grpc.StatusCode.OK else code

    def __str__(self) -> str:
        # An answer whose error is empty would be a success.
        return super().__str__() or f"{type(self).__name__}, which does not say why"


def told(error: BaseException) -> str:
    """Returns an exception as one line for a user."""
    text = str(error)
    if isinstance(error, PluginError):
        return text
    return type(error).__name__ + (f": {text}" if text else "")


# Classes of plugins, in the order in which they were defined; serve() takes the last.
defined: List[Type["Plugin"]] = []


class Plugin:
    """The five calls of plugins of all kinds, with default answers."""

    # The answer to GetManifest, by the names of the file's fields. The file takes precedence.
    manifest: Mapping[str, Any] = {}

    # Settings that must be given and not empty; if not, Initialize is refused, as for those in the
    # file's config_schema.required.
    required: Sequence[str] = ()

    # The number of calls that run in parallel, without `health` and `shutdown`. Python runs one of
    # them at a time: more threads only help calls that wait for other programs. By default the
    # host has 32 in flight.
    workers = 8

    _status = "loading"

    def __init_subclass__(cls, **arguments: Any) -> None:
        super().__init_subclass__(**arguments)
        if cls.__module__.split(".")[0] not in ("hector_plugin", "hector_plugin_pb2_grpc"):
            defined.append(cls)
            _complete(sys.modules.get(cls.__module__))

    def initialize(self, config: Dict[str, str]) -> None:
        """Takes the settings, or raises PluginError. Called first, once; may take a minute.

        A scalar is as it was written, a nested value is JSON."""

    def shutdown(self) -> None:
        """Called last. The process has two seconds from here to its end."""

    def health(self) -> None:
        """Raises PluginError if the plugin cannot work now. The time limit is five seconds."""

    def Initialize(self, request, context):
        try:
            self.initialize(dict(request.config))
        except PluginError as error:
            self._status = "error"
            return common_pb2.InitializeResponse(success=False, error=str(error))
        except BaseException:
            self._status = "error"
            raise
        self._status = "ready"
        return common_pb2.InitializeResponse(success=True)

    def Shutdown(self, request, context):
        try:
            self.shutdown()
        except PluginError as error:
            return common_pb2.ShutdownResponse(success=False, error=str(error))
        self._status = "shutdown"
        return common_pb2.ShutdownResponse(success=True)

    def Health(self, request, context):
        try:
            self.health()
        except PluginError as error:
            return common_pb2.HealthResponse(healthy=False, message=str(error))
        return common_pb2.HealthResponse(healthy=True)

    def GetManifest(self, request, context):
        return common_pb2.ManifestResponse(**self.manifest)

    def GetStatus(self, request, context):
        # The settings of a class with its own Initialize are not known.
        overridden = type(self).Initialize is not Plugin.Initialize
        ready = overridden and self._status == "loading"
        return common_pb2.StatusResponse(status="ready" if ready else self._status)


class EmbedderProviderServicer(Plugin, embedder_pb2_grpc.EmbedderProviderServicer):
    pass


class DatabaseProviderServicer(Plugin, database_pb2_grpc.DatabaseProviderServicer):
    pass


class LLMProviderServicer(Plugin, llm_pb2_grpc.LLMProviderServicer):
    """Streams the answer of Generate, unless a class has its own GenerateStreaming."""

    workers = 32

    def GenerateStreaming(self, request, context):
        kind = llm_pb2.StreamChunk
        answer = self.Generate(request, context)
        if answer.text:
            yield kind(type=kind.TEXT, text=answer.text)
        for call in answer.tool_calls:
            yield kind(type=kind.TOOL_CALL, tool_call=call)
        yield kind(
            type=kind.DONE, tokens_used=answer.tokens_used, usage=answer.usage,
            finish_reason=answer.finish_reason)

    def GetModelInfo(self, request, context):
        return llm_pb2.ModelInfo(model_name=type(self).__name__)


class ToolProviderServicer(Plugin, tool_pb2_grpc.ToolProviderServicer):
    workers = 32


class ReasoningStrategyServicer(Plugin, reasoning_pb2_grpc.ReasoningStrategyServicer):
    pass


class RerankerProviderServicer(Plugin, reranker_pb2_grpc.RerankerProviderServicer):
    pass


def _complete(module: Optional[Any]) -> None:
    """Gives a module that defines a plugin two names that the plugin guide's module lacks.

    Its plugin.py returns an InitializeResponse that it does not import, and its wrapper has
    `from plugin import serve`."""
    from .serving import serve

    for name, value in (("InitializeResponse", common_pb2.InitializeResponse), ("serve", serve)):
        if module is not None and not hasattr(module, name):
            setattr(module, name, value)
