"""A tool plugin on the SDK in examples/sdk/python, with tools that fail.

Every call that arrives is noted in the file that TOOLS_LOG names: `execute PID NAME ARGUMENTS`.
"""

import json
import os
import threading
import time

from hector import tool_pb2
from hector_plugin import serve
from hector_plugin_pb2_grpc import ToolProviderServicer


def tool(name, description, properties, required=(), **hints):
    schema = {"type": "object", "properties": properties, "required": list(required),
              "additionalProperties": False}
    return tool_pb2.ToolInfo(
        name=name, description=description, parameters_json=json.dumps(schema),
        **{hint: tool_pb2.HINT_TRUE if value else tool_pb2.HINT_FALSE
           for hint, value in hints.items()})


TEXT = {"text": {"type": "string", "description": "What to say."}}

TOOLS = [
    tool("echo", "Say what it is told.",
         {**TEXT,
          "times": {"type": "integer", "description": "How often.", "minimum": 1, "maximum": 9,
                    "default": 1},
          "loud": {"type": "boolean"},
          "tags": {"type": "array", "items": {"type": "string"}},
          "style": {"enum": ["plain", "fancy"]}},
         ["text"], read_only=True, open_world=False),
    tool("slow", "Wait, then say how long it was.",
         {"milliseconds": {"type": "integer"}}, ["milliseconds"], read_only=True, open_world=False),
    tool("meet", "Wait until so many calls of it are under way.",
         {"calls": {"type": "integer"}}, ["calls"], read_only=True, open_world=False),
    tool("fail", "Fail.", {"reason": {"type": "string"}}, read_only=True, open_world=False),
    tool("big", "Say a lot.", {"characters": {"type": "integer"}}, ["characters"],
         read_only=True, open_world=False),
    tool("crash", "End the plugin.", {}, read_only=True, open_world=False),
    tool("write", "Note a text.", TEXT, ["text"], read_only=False),
    tool("erase", "Destroy everything.\nReally.", {"what": {"type": "string"}},
         destructive=True, open_world=True),
]

# Known to GetTool only, like a tool of a server whose list has just changed.
HIDDEN = tool("late", "Has come late.", {}, read_only=True, open_world=False)


class Faults(ToolProviderServicer):
    manifest = {"name": "python-tools", "version": "1.0.0"}

    def __init__(self):
        self.discovered = False
        self.offered = list(TOOLS)
        self.present = 0
        self.arrival = threading.Condition()

    def initialize(self, config):
        for name in filter(None, config.get("extra", "").split(",")):
            self.offered.append(tool(name, "An extra tool.", {}))

    def DiscoverTools(self, request, context):
        self.discovered = True
        return tool_pb2.DiscoverToolsResponse(success=True)

    def ListTools(self, request, context):
        return tool_pb2.ListToolsResponse(tools=self.offered if self.discovered else [])

    def GetTool(self, request, context):
        for info in [*self.offered, HIDDEN]:
            if info.name == request.name and self.discovered:
                return tool_pb2.GetToolResponse(found=True, tool=info)
        return tool_pb2.GetToolResponse(found=False)

    def ExecuteTool(self, request, context):
        path = os.environ.get("TOOLS_LOG")
        if path:
            with open(path, "a", encoding="utf-8") as file:
                file.write(f"execute {os.getpid()} {request.name} {request.arguments_json}\n")
        if not self.discovered:
            return tool_pb2.ToolResult(error="DiscoverTools was not called")
        return self.execute(request.name, json.loads(request.arguments_json))

    def execute(self, name, arguments):
        if name == "slow":
            time.sleep(arguments["milliseconds"] / 1000)
            return self.answer(name, f"{arguments['milliseconds']} ms")
        if name == "meet":
            with self.arrival:
                self.present += 1
                self.arrival.notify_all()
                met = self.arrival.wait_for(
                    lambda: self.present >= arguments["calls"], timeout=60)
            return self.answer(name, "met" if met else "alone")
        if name == "fail":
            error = arguments.get("reason", "no reason")
            return tool_pb2.ToolResult(success=False, error=error, tool_name=name)
        if name == "big":
            return self.answer(name, "ä" * arguments["characters"])
        if name == "crash":
            os._exit(9)
        if name == "echo":
            text = arguments["text"].upper() if arguments.get("loud") else arguments["text"]
            tags = "".join(f" #{tag}" for tag in arguments.get("tags", []))
            return self.answer(name, " ".join([text] * arguments.get("times", 1)) + tags)
        return self.answer(name, json.dumps(arguments), tool=name)

    def answer(self, name, content, **metadata):
        return tool_pb2.ToolResult(
            success=True, content=content, tool_name=name, metadata=metadata)


if __name__ == "__main__":
    serve(Faults())
