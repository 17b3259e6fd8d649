"""tool_provider: functions that a model may request to be called."""

import json
import logging
import time
from dataclasses import dataclass
from typing import Any, Callable, Dict, List, Optional

from hector import tool_pb2

from .plugin import PluginError, ToolProviderServicer, told

log = logging.getLogger("tools")


@dataclass
class Tool:
    info: tool_pb2.ToolInfo
    # Takes the arguments by name and returns text for the model to read.
    run: Callable[..., str]


def tool(
    name: str, description: str, properties: Dict[str, Any], run: Callable[..., str],
    required: Optional[List[str]] = None, **hints: bool
) -> Tool:
    """Returns a tool with the `properties` of a JSON Schema as parameters, by default all required.

    `hints` are read_only, destructive, idempotent and open_world; they decide whether the user is
    asked. A missing hint is unknown."""
    schema = {
        "type": "object", "properties": properties, "additionalProperties": False,
        "required": list(properties) if required is None else required,
    }
    info = tool_pb2.ToolInfo(
        name=name, description=description, parameters_json=json.dumps(schema))
    for hint, said in hints.items():
        setattr(info, hint, tool_pb2.HINT_TRUE if said else tool_pb2.HINT_FALSE)
    return Tool(info, run)


class Tools(ToolProviderServicer):
    """Offers the tools that `discover` returns. A tool raises PluginError for the model to read."""

    _found: Dict[str, Tool] = {}

    def discover(self) -> List[Tool]:
        """Called before the tools are listed, and whenever the list should be made again."""
        raise NotImplementedError

    def DiscoverTools(self, request, context):
        try:
            self._found = {tool.info.name: tool for tool in self.discover()}
        except PluginError as error:
            return tool_pb2.DiscoverToolsResponse(success=False, error=str(error))
        return tool_pb2.DiscoverToolsResponse(success=True)

    def ListTools(self, request, context):
        return tool_pb2.ListToolsResponse(tools=[tool.info for tool in self._found.values()])

    def GetTool(self, request, context):
        found = self._found.get(request.name)
        return tool_pb2.GetToolResponse(found=found is not None, tool=found and found.info)

    def ExecuteTool(self, request, context):
        began = time.monotonic()
        try:
            if request.name not in self._found:
                raise PluginError(f"there is no tool '{request.name}'")
            arguments = json.loads(request.arguments_json or "{}")
            content = self._found[request.name].run(**arguments)
            if not isinstance(content, str):
                raise PluginError(
                    f"the tool '{request.name}' has to return text, not {type(content).__name__}")
            result = {"content": content, "success": True}
        except PluginError as error:
            result = {"error": str(error)}
        except BaseException as error:
            # sys.exit too: the plugin continues, and the error is reported to the model.
            log.exception("the tool '%s' failed", request.name)
            result = {"error": f"the tool '{request.name}' failed: {told(error)}"}
        return tool_pb2.ToolResult(
            tool_name=request.name, execution_time_ms=int((time.monotonic() - began) * 1000),
            **result)
