"""An MCP server on PyPI's mcp package, which speaks the revisions of both eras.

    mcp_server.py                 standard streams
    mcp_server.py paged           standard streams, many tools in pages
    mcp_server.py http            Streamable HTTP on a free port of the loopback, printed first
    mcp_server.py http json       the same, answering with JSON instead of a stream of events
    mcp_server.py http resumable  the same, keeping events for clients that reconnect

It notes events in the file MCP_LOG, if there is one. Over HTTP it requires MCP_KEY, if that is
set, as the header X-Key, and forgets the session of the next request when the file MCP_FORGET
exists.
"""

import asyncio
import os
import socket
import sys
from typing import Annotated, Any

import anyio
from mcp.server.lowlevel.server import Server
from mcp.server.mcpserver import Context, MCPServer
from mcp.server.mcpserver.exceptions import ToolError
from mcp.server.mcpserver.utilities.types import Audio, Image
from mcp.server.stdio import stdio_server
from mcp.server.streamable_http import EventMessage, EventStore
from mcp.types import (
    BlobResourceContents,
    CallToolResult,
    ElicitRequest,
    ElicitRequestFormParams,
    EmbeddedResource,
    InputRequiredResult,
    ListToolsResult,
    ResourceLink,
    TextContent,
    TextResourceContents,
    Tool,
    ToolAnnotations,
)
from pydantic import BaseModel, Field
from starlette.responses import PlainTextResponse

server = MCPServer("foreign")


def note(event: str) -> None:
    if path := os.environ.get("MCP_LOG"):
        with open(path, "a") as log:
            log.write(event + "\n")


@server.tool(annotations=ToolAnnotations(read_only_hint=True, open_world_hint=False))
def add(a: int, b: int) -> int:
    """Adds two numbers."""
    return a + b


@server.tool(structured_output=False)
def echo(text: str) -> str:
    """Says it again."""
    return text


@server.tool(annotations=ToolAnnotations(destructive_hint=True, idempotent_hint=False))
def fail(reason: str) -> str:
    """Fails."""
    raise ToolError(reason)


@server.tool(structured_output=False)
def picture() -> list[Any]:
    """Shows and sounds."""
    return ["see", Image(data=b"x" * 95, format="png"), Audio(data=b"y" * 10, format="wav")]


@server.tool()
def documents() -> CallToolResult:
    """Has resources inside."""
    return CallToolResult(
        content=[
            EmbeddedResource(
                resource=TextResourceContents(
                    uri="file:///a.txt", mime_type="text/plain", text="inside"
                )
            ),
            EmbeddedResource(
                resource=BlobResourceContents(uri="file:///b", mime_type="x/y", blob="AAAA")
            ),
            ResourceLink(uri="file:///c", name="c", mime_type="text/plain", size=12),
        ]
    )


@server.tool()
def structured() -> CallToolResult:
    """Has no text."""
    return CallToolResult(content=[], structured_content={"temperature": 21.5, "unit": "C"})


@server.tool(structured_output=False)
async def wait(seconds: float) -> str:
    """Takes its time."""
    note("begun")
    try:
        await asyncio.sleep(seconds)
    except BaseException:
        note("cancelled")
        raise
    note("done")
    return f"waited {seconds}"


@server.tool(structured_output=False)
def large(bytes: int) -> str:
    """Has much to say."""
    return "x" * bytes


@server.tool(structured_output=False)
def process() -> str:
    """Says which process this is, and what its environment has."""
    return f"{os.getpid()} {sorted(os.environ)}"


@server.tool(structured_output=False)
def end(status: int) -> str:
    """Ends the server."""
    print("about to end", file=sys.stderr, flush=True)
    os._exit(status)


@server.tool(structured_output=False)
async def grow(context: Context) -> str:
    """Adds a tool."""

    def extra() -> str:
        """Was not there before."""
        return "extra"

    server.add_tool(extra)
    if context.protocol_version == "2026-07-28":
        await context.notify_tools_changed()
    else:
        await context.session.send_tool_list_changed()
    return "grown"


@server.tool(structured_output=False)
async def speaks(context: Context) -> str:
    """Says which revision it is spoken to in."""
    return context.protocol_version or "none"


@server.tool(structured_output=False)
def region(
    name: Annotated[str, Field(json_schema_extra={"x-mcp-header": "Region"})], context: Context
) -> str:
    """Wants its argument as a header too."""
    headers = context.headers or {}
    return f"{name} {headers.get('mcp-param-region')} {headers.get('authorization')}"


@server.tool(structured_output=False)
async def disconnect(context: Context) -> str:
    """Ends its stream before it has answered."""
    note("disconnect")
    await context.close_sse_stream()
    return "answered later"


@server.tool(structured_output=False)
async def ask(context: Context) -> str:
    """Wants to know something of the client."""
    try:
        await context.elicit("Who are you?", Name)
        return "the client knows"
    except Exception as error:
        return f"{type(error).__name__}: {error}"


class Name(BaseModel):
    name: str


class Events(EventStore):
    """The sent events, in memory; the id of an event is its number."""

    def __init__(self) -> None:
        self.events: list[tuple[str, Any]] = []

    async def store_event(self, stream_id, message) -> str:
        self.events.append((stream_id, message))
        return str(len(self.events))

    async def replay_events_after(self, last_event_id, send_callback) -> str | None:
        note("replay")
        stream = self.events[int(last_event_id) - 1][0]
        for number in range(int(last_event_id), len(self.events)):
            if self.events[number][0] == stream and self.events[number][1] is not None:
                await send_callback(EventMessage(self.events[number][1], str(number + 1)))
        return stream


async def serve_pages() -> None:
    async def list_tools(context, params) -> ListToolsResult:
        start = int(params.cursor) if params and params.cursor else 0
        return ListToolsResult(
            tools=[
                Tool(name=f"tool-{number}", input_schema={"type": "object"})
                for number in range(start, start + 10)
            ],
            next_cursor=str(start + 10) if start < 40 else None,
        )

    async def call_tool(context, params) -> CallToolResult | InputRequiredResult:
        if params.name == "tool-1" and not params.request_state:
            return InputRequiredResult(request_state="round 1")
        if params.name == "tool-1":
            return CallToolResult(content=[TextContent(text=f"after {params.request_state}")])
        if params.name == "tool-2":
            question = ElicitRequestFormParams(
                message="Who?", requested_schema={"type": "object", "properties": {}}
            )
            return InputRequiredResult(input_requests={"who": ElicitRequest(params=question)})
        return CallToolResult(content=[TextContent(text=f"this was {params.name}")])

    paged = Server("paged", on_list_tools=list_tools, on_call_tool=call_tool)
    async with stdio_server() as (read, write):
        await paged.run(read, write, paged.create_initialization_options())


class Door:
    """The checks in front of the server."""

    def __init__(self, app) -> None:
        self.app = app

    async def __call__(self, scope, receive, send) -> None:
        if scope["type"] == "http":
            headers = dict(scope["headers"])
            session = headers.get(b"mcp-session-id", b"").decode()
            version = headers.get(b"mcp-protocol-version", b"").decode()
            note(f"{scope['method']} {session and 'session'} {version}".replace("  ", " "))
            key = os.environ.get("MCP_KEY")
            if key and headers.get(b"x-key", b"").decode() != key:
                given = headers.get(b"x-key", b"").decode()
                await PlainTextResponse(f"no such key: {given}", 401)(scope, receive, send)
                return
            forget = os.environ.get("MCP_FORGET", "")
            if session and scope["method"] == "POST" and os.path.exists(forget):
                os.remove(forget)
                await self.delete_session(scope)
        await self.app(scope, receive, send)

    async def delete_session(self, scope) -> None:
        async def receive():
            return {"type": "http.request", "body": b"", "more_body": False}

        async def send(message) -> None:
            pass

        await self.app({**scope, "method": "DELETE"}, receive, send)


async def serve_http(arguments: list[str]) -> None:
    import uvicorn

    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    listener.listen()
    print(listener.getsockname()[1], flush=True)
    app = server.streamable_http_app(
        json_response="json" in arguments,
        event_store=Events() if "resumable" in arguments else None,
        retry_interval=20,
    )
    config = uvicorn.Config(Door(app), log_level="warning")
    await uvicorn.Server(config).serve(sockets=[listener])


if __name__ == "__main__":
    if sys.argv[1:2] == ["paged"]:
        anyio.run(serve_pages)
    elif sys.argv[1:2] == ["http"]:
        anyio.run(serve_http, sys.argv)
    else:
        server.run()
