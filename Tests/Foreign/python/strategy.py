"""A reasoning strategy as its author would write it, on the SDK in examples/sdk/python.

It keeps state only in custom_state: a count of its calls, and the state that it saw last, as JSON,
so that a test can see what has crossed the wire.
"""

from google.protobuf import json_format
from hector import reasoning_pb2
from hector_plugin import serve
from hector_plugin_pb2_grpc import ReasoningStrategyServicer


class Careful(ReasoningStrategyServicer):
    manifest = {"name": "python-strategy", "version": "1.0.0"}

    def next(self, name, request):
        custom = dict(request.state.custom_state)
        if "fail" in custom:
            raise ValueError(f"cannot {name}: {custom['fail']}")
        custom["calls"] = str(int(custom.get("calls", "0")) + 1)
        custom["last"] = name
        custom["seen"] = json_format.MessageToJson(
            request, preserving_proto_field_name=True, indent=None, sort_keys=True)
        return custom

    def PrepareIteration(self, request, context):
        try:
            return reasoning_pb2.PrepareIterationResponse(
                success=True, custom_state=self.next("prepare", request))
        except ValueError as error:
            return reasoning_pb2.PrepareIterationResponse(success=False, error=str(error))

    def ShouldStop(self, request, context):
        try:
            return reasoning_pb2.ShouldStopResponse(
                stop=not request.tool_calls, custom_state=self.next("stop", request))
        except ValueError as error:
            return reasoning_pb2.ShouldStopResponse(error=str(error))

    def AfterIteration(self, request, context):
        try:
            return reasoning_pb2.AfterIterationResponse(
                success=True, custom_state=self.next("after", request))
        except ValueError as error:
            return reasoning_pb2.AfterIterationResponse(success=False, error=str(error))

    def GetContextInjection(self, request, context):
        if "fail" in request.state.custom_state:
            return reasoning_pb2.GetContextInjectionResponse(error="cannot inject")
        calls = request.state.custom_state.get("calls", "0")
        return reasoning_pb2.GetContextInjectionResponse(
            text=f"Iteration {request.state.iteration} of '{request.state.query}', {calls} calls.")

    def GetPromptSlots(self, request, context):
        return reasoning_pb2.PromptSlots(
            system_role="You are careful.", reasoning_instructions="Think first.",
            tool_usage="Use tools.", output_format="Plain text.",
            communication_style="Short.", additional="No more.")

    def GetStrategyInfo(self, request, context):
        return reasoning_pb2.StrategyInfo(
            name="careful", description="Counts its calls.")


if __name__ == "__main__":
    serve(Careful())
