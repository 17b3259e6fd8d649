"""An MCP server of revision 2025-06-18 on standard streams that misbehaves on request.

    mcp_faulty.py [FAULT ...]

It uses only the standard library, because a library would not let it misbehave like this.

    garbage        prints text that is not a message, before and between its messages
    silent         answers nothing
    silent-probe   does not answer methods that it does not know
    die-on-probe   ends when it gets a method that it does not know
    die-at-once    ends before it has read anything
    die-on-call    ends when a tool is called
    needs NAME     ends unless the variable NAME is set
    circle         lists its tools in a circle of pages
    endless        lists its tools on pages without end
    list-once      lists its tools once, and says that they have changed; then only errors
    asks           sends requests of its own while a tool is called
    stays          does not end with its input
    newer          answers server/discover with a revision that no client knows yet
    quoted         puts the numbers of its answers in quotes
    leaks          prints the values of its variables and answers with them
    child          has a child that holds its streams, and answers with the child's process id

It notes its starts and the messages it gets in the file MCP_LOG, if there is one.
"""

import json
import os
import subprocess
import sys
import time

faults = sys.argv[1:]


def note(event):
    if "MCP_LOG" in os.environ:
        with open(os.environ["MCP_LOG"], "a") as log:
            log.write(event + "\n")


def write(text):
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def send(message):
    if "garbage" in faults:
        write("Listening on standard input...")
        write('{"neither": "this"}')
    write(json.dumps({"jsonrpc": "2.0", **message}))


def answer(request, **content):
    number = request["id"]
    send({"id": str(number) if "quoted" in faults else number, **content})


def tool(name):
    return {"name": name, "inputSchema": {"type": "object"}}


lists = 0


def list_tools(request):
    global lists
    lists += 1
    page = int(request.get("params", {}).get("cursor", 0))
    result = {"tools": [tool("call"), tool("wait")] if page == 0 else [tool(f"tool-{page}")]}
    if "circle" in faults:
        result["nextCursor"] = str((page + 1) % 3)
    if "endless" in faults:
        result["nextCursor"] = str(page + 1)
    if "list-once" in faults and lists > 1:
        answer(request, error={"code": -32603, "message": f"list {lists} failed"})
        return
    answer(request, result=result)
    if "list-once" in faults:
        send({"method": "notifications/tools/list_changed"})


def ask(method, params, number):
    """Returns the client's answer to a request of the server."""
    send({"id": number, "method": method, "params": params})
    reply = json.loads(sys.stdin.readline())
    return [reply["id"], reply.get("result", reply.get("error", {}).get("code"))]


def call_tool(request):
    if "die-on-call" in faults:
        print("cannot go on", file=sys.stderr, flush=True)
        os._exit(7)
    if request["params"]["name"] == "wait":
        return
    text = "called"
    if "asks" in faults:
        answers = [
            ask("ping", {}, "p"),
            ask("sampling/createMessage", {"messages": [], "maxTokens": 1}, 7),
            ask("roots/list", {}, 8),
        ]
        text = json.dumps(answers)
    if "leaks" in faults:
        text = f"bad key {os.environ.get('KEY')}"
        print(text, file=sys.stderr, flush=True)
    if "leaks" in faults and request["params"].get("arguments", {}).get("refuse"):
        answer(request, error={"code": -32000, "message": text})
        return
    if "child" in faults:
        text = str(child.pid)
    content = [{"type": "text", "text": text}]
    answer(request, result={"content": content, "isError": "leaks" in faults})


def respond(request):
    match request["method"]:
        case "initialize":
            answer(
                request,
                result={
                    "protocolVersion": "2025-06-18",
                    "capabilities": {"tools": {"listChanged": True}},
                    "serverInfo": {"name": "faulty", "version": "1"},
                },
            )
        case "tools/list":
            list_tools(request)
        case "tools/call":
            call_tool(request)
        case "server/discover" if "newer" in faults:
            answer(request, result={"supportedVersions": ["2030-01-01"], "capabilities": {}})
        case _ if "die-on-probe" in faults:
            os._exit(6)
        case _ if "silent-probe" not in faults:
            answer(request, error={"code": -32601, "message": "no such method"})


note(f"start {os.getpid()}")
if "die-at-once" in faults:
    print("will not start", file=sys.stderr, flush=True)
    os._exit(5)
if "needs" in faults and not os.environ.get(faults[faults.index("needs") + 1]):
    print(f"{faults[faults.index('needs') + 1]} is not set", file=sys.stderr, flush=True)
    os._exit(4)
if "child" in faults:
    child = subprocess.Popen(["sleep", "1000"])
if "garbage" in faults:
    write("Faulty server, version 1")
for line in sys.stdin:
    message = json.loads(line)
    note(message.get("method", "answer"))
    if "silent" not in faults and "id" in message and "method" in message:
        respond(message)
note("end of input")
if "stays" in faults:
    time.sleep(1000)
