"""llm_provider: a language model."""

from typing import Iterable, Iterator, Union

import grpc
from hector import llm_pb2

from .plugin import LLMProviderServicer, PluginError

Piece = Union[str, llm_pb2.ToolCall, llm_pb2.StreamChunk]


class LLM(LLMProviderServicer):
    """A model that answers piece by piece; the whole answer is the sum of the pieces."""

    model_name: str = ""
    max_tokens: int = 0
    temperature: float = 0.0

    def stream(
        self, request: llm_pb2.GenerateRequest
    ) -> Iterable[Piece]:
        """Yields pieces of text, calls of tools, and optionally, at the end, a chunk of type DONE
        with the number of tokens and the reason for the end.

        A generator is closed when the call is cancelled. Raises PluginError."""
        raise NotImplementedError

    def GenerateStreaming(self, request, context):
        pieces = self.stream(request)
        # Its `finally` runs now, not when the next piece would be due.
        close = getattr(pieces, "close", None)
        try:
            for chunk in _chunks(pieces):
                yield chunk
                if chunk.type == llm_pb2.StreamChunk.DONE:
                    return
            yield llm_pb2.StreamChunk(type=llm_pb2.StreamChunk.DONE)
        except PluginError as error:
            _fail(context, error)
        finally:
            if close:
                close()

    def Generate(self, request, context):
        answer = llm_pb2.GenerateResponse()
        try:
            for chunk in _chunks(self.stream(request)):
                if not context.is_active():
                    break
                answer.text += chunk.text
                if chunk.type == llm_pb2.StreamChunk.TOOL_CALL:
                    answer.tool_calls.append(chunk.tool_call)
                if chunk.type == llm_pb2.StreamChunk.ERROR:
                    _fail(context, PluginError(chunk.error))
                if chunk.type == llm_pb2.StreamChunk.DONE:
                    answer.tokens_used = chunk.tokens_used
                    answer.finish_reason = chunk.finish_reason
                    answer.usage.update(chunk.usage)
        except PluginError as error:
            _fail(context, error)
        return answer

    def GetModelInfo(self, request, context):
        return llm_pb2.ModelInfo(
            model_name=self.model_name, max_tokens=self.max_tokens, temperature=self.temperature)


def _chunks(pieces: Iterable[Piece]) -> Iterator[llm_pb2.StreamChunk]:
    if not isinstance(pieces, Iterable):
        raise PluginError(f"'stream' has to return pieces, not {type(pieces).__name__}")
    for piece in pieces:
        yield _chunk(piece)


def _chunk(piece: Piece) -> llm_pb2.StreamChunk:
    kind = llm_pb2.StreamChunk
    if isinstance(piece, str):
        return kind(type=kind.TEXT, text=piece)
    if isinstance(piece, llm_pb2.ToolCall):
        return kind(type=kind.TOOL_CALL, tool_call=piece)
    if not isinstance(piece, kind):
        raise PluginError(
            "'stream' has to give text, a ToolCall or a StreamChunk, "
            f"not {type(piece).__name__}")
    if piece.type == kind.ERROR and not piece.error:
        return kind(type=kind.ERROR, error=str(PluginError("")))
    return piece


def _fail(context: grpc.ServicerContext, error: PluginError) -> None:
    context.abort(error.code, str(error))
