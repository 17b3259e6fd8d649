"""reasoning_strategy: decides how an agent continues.

A strategy keeps state between calls only in `state.custom_state`, texts by name, which the host
passes back, so that a run can be saved and continued.
"""

from typing import Sequence

from hector import llm_pb2, reasoning_pb2, tool_pb2

from .plugin import PluginError, ReasoningStrategyServicer


class Strategy(ReasoningStrategyServicer):
    """Methods may change `state.custom_state`, and raise PluginError to end the run."""

    name: str = ""
    description: str = ""
    slots: reasoning_pb2.PromptSlots = reasoning_pb2.PromptSlots()

    def prepare(self, iteration: int, state: reasoning_pb2.ReasoningState) -> None:
        pass

    def inject(self, state: reasoning_pb2.ReasoningState) -> str:
        """Returns text for the model to read before this iteration. It cannot change the state."""
        return ""

    def should_stop(
        self, text: str, tool_calls: Sequence[llm_pb2.ToolCall],
        state: reasoning_pb2.ReasoningState,
    ) -> bool:
        return not tool_calls

    def after(
        self, iteration: int, text: str, tool_calls: Sequence[llm_pb2.ToolCall],
        results: Sequence[tool_pb2.ToolResult], state: reasoning_pb2.ReasoningState,
    ) -> None:
        """`results` are in the order of `tool_calls`."""

    def PrepareIteration(self, request, context):
        try:
            self.prepare(request.iteration, request.state)
        except PluginError as error:
            return reasoning_pb2.PrepareIterationResponse(success=False, error=str(error))
        return reasoning_pb2.PrepareIterationResponse(
            success=True, custom_state=request.state.custom_state)

    def ShouldStop(self, request, context):
        try:
            stop = self.should_stop(request.text, request.tool_calls, request.state)
        except PluginError as error:
            return reasoning_pb2.ShouldStopResponse(error=str(error))
        return reasoning_pb2.ShouldStopResponse(
            stop=stop, custom_state=request.state.custom_state)

    def AfterIteration(self, request, context):
        try:
            self.after(
                request.iteration, request.text, request.tool_calls, request.results,
                request.state)
        except PluginError as error:
            return reasoning_pb2.AfterIterationResponse(success=False, error=str(error))
        return reasoning_pb2.AfterIterationResponse(
            success=True, custom_state=request.state.custom_state)

    def GetContextInjection(self, request, context):
        try:
            return reasoning_pb2.GetContextInjectionResponse(text=self.inject(request.state))
        except PluginError as error:
            return reasoning_pb2.GetContextInjectionResponse(error=str(error))

    def GetPromptSlots(self, request, context):
        return self.slots

    def GetStrategyInfo(self, request, context):
        return reasoning_pb2.StrategyInfo(name=self.name, description=self.description)
