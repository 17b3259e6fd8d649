"""An MCP server that follows a script, as real servers have behaved.

    mcp_scripted.py CASE stdio    standard streams
    mcp_scripted.py CASE http     Streamable HTTP, at /mcp
    mcp_scripted.py CASE sse      HTTP of revision 2024-11-05, at /sse and /events

Over HTTP it listens on a free port of the loopback, which it prints first. CASE is a file of
Tests/Plugins/MCPTests/Cases; its README
describes the format. Only the standard library is used, because another library would not let a
server misbehave like this.
"""

import http.server
import json
import os
import queue
import sys
import threading
import time

case = json.load(open(sys.argv[1]))
# The second does not reveal its purpose.
PATHS = ["/sse", "/events"]
script = case.get("script", {})
counts = {}
lock = threading.Lock()


def standard(method, params):
    """Returns the default answer, for methods that the script does not mention."""
    if method == "initialize":
        result = {
            "protocolVersion": params.get("protocolVersion"),
            "capabilities": {"tools": {}},
            "serverInfo": {"name": "scripted", "version": "1"},
        }
    elif method == "tools/list":
        result = {"tools": [{"name": "call", "inputSchema": {"type": "object"}}]}
    elif method == "tools/call":
        result = {"content": [{"type": "text", "text": "called"}]}
    else:
        return [{"error": {"code": -32601, "message": "Method not found"}}]
    return [{"result": result}]


def actions(message):
    """Returns the action for a request: the script's next step for its method."""
    method = message["method"]
    steps = script.get(method)
    if steps is None:
        return standard(method, message.get("params", {}))
    with lock:
        number = counts[method] = counts.get(method, 0) + 1
    step = steps[min(number, len(steps)) - 1]
    return step if isinstance(step, list) else [step]


def filled(text, message):
    """Returns a template filled in with the values of the request."""
    params = message.get("params", {})
    token = params.get("_meta", {}).get("progressToken")
    for name, value in [
        ("id", message.get("id")),
        ("version", params.get("protocolVersion")),
        ("cursor", params.get("cursor")),
        ("token", token),
    ]:
        text = text.replace('"{{%s}}"' % name, json.dumps(value))
        text = text.replace("{{%s}}" % name, str(value))
    return text


def rendered(action, message):
    """Returns the text of a message, if the action is to send one."""
    if "send" in action:
        return filled(json.dumps(action["send"]), message)
    if "result" in action or "error" in action:
        answer = {"jsonrpc": "2.0", "id": action.get("id", message["id"])}
        for key in ["result", "error"]:
            if key in action:
                answer[key] = action[key]
        text = json.dumps(answer, indent=action.get("indent"), ensure_ascii=False)
        return filled(text, message)
    if "print" in action:
        return filled(action["print"], message)
    return None


def end(action):
    if "wait" in action:
        time.sleep(action["wait"])
    if "note" in action:
        print(action["note"], file=sys.stderr, flush=True)
    if action.get("close"):
        os.close(1)
    if "exit" in action:
        os._exit(action["exit"])


def serve_stdio():
    newline = case.get("newline", "\n")

    def write(text):
        os.write(1, (text + newline).encode())

    for line in case.get("before", []):
        write(line)
    for action in case.get("start", []):
        end(action)
    for line in sys.stdin:
        message = json.loads(line)
        if "method" not in message or "id" not in message:
            continue
        for action in actions(message):
            text = rendered(action, message)
            if text is not None:
                write(text)
            end(action)


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    streams = {}

    def log_message(self, *arguments):
        pass

    def answer(self, status, headers, body):
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value.replace("{{host}}", self.headers["Host"]))
        if status != 204:
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def scripted(self, name):
        """Answers with the script's entry for all requests of a kind; false without an entry."""
        step = case.get("http", {}).get(name)
        if step is None or self.path.endswith(step.get("except", "\0")):
            return False
        self.answer(step["status"], step.get("headers", {}), step.get("body", "").encode())
        return True

    def do_GET(self):
        if self.scripted("get"):
            return
        if sys.argv[2] != "sse" or self.path.split("?")[0] not in PATHS:
            self.answer(405, {}, b"")
            return
        waiting = queue.Queue()
        Handler.streams["1"] = waiting
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.end_headers()
        endpoint = case.get("endpoint", "/messages?session_id=1")
        self.wfile.write(f"event: endpoint\ndata: {endpoint}\n\n".encode())
        self.wfile.flush()
        while True:
            text = waiting.get()
            if text is None:
                break
            self.wfile.write(b"event: message\n" + data(text))
            self.wfile.flush()
        self.close_connection = True

    def do_DELETE(self):
        self.answer(200, {}, b"")

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        if self.scripted("post"):
            return
        message = json.loads(body)
        if sys.argv[2] == "sse":
            self.post_old(message)
        else:
            self.post(message)

    def post_old(self, message):
        if self.path.split("?")[0] in PATHS:
            self.answer(405, {}, b"")
            return
        stream = Handler.streams.get("1")
        if stream is None:
            self.answer(404, {}, b"Session not found")
            return
        self.answer(202, {}, b"Accepted")
        if "id" not in message or "method" not in message:
            return
        for action in actions(message):
            # The next call finds that the session is gone.
            if action.get("close"):
                del Handler.streams["1"]
            text = rendered(action, message)
            if text is not None:
                stream.put(text)
            if action.get("close"):
                stream.put(None)
            if "wait" in action:
                time.sleep(action["wait"])

    def post(self, message):
        if "id" not in message or "method" not in message:
            step = case.get("http", {}).get("notification", {"status": 202})
            self.answer(step["status"], step.get("headers", {}), step.get("body", "").encode())
            return
        steps = actions(message)
        session = {"Mcp-Session-Id": "s"} if case.get("session") else {}
        if "status" in steps[0]:
            step = steps[0]
            body = filled(step.get("body", ""), message)
            self.answer(step["status"], {**session, **step.get("headers", {})}, body.encode())
            return
        texts = [rendered(action, message) for action in steps if "wait" not in action]
        kind = case.get("http", {}).get("type")
        if len(texts) == 1 and not case.get("http", {}).get("streams"):
            self.answer(
                200, {**session, "Content-Type": kind or "application/json"}, texts[0].encode()
            )
            return
        self.send_response(200)
        self.send_header("Content-Type", kind or "text/event-stream")
        self.send_header("Connection", "close")
        self.end_headers()
        self.close_connection = True
        for action in steps:
            text = rendered(action, message)
            if text is not None:
                self.wfile.write(data(text))
                self.wfile.flush()
            if "wait" in action:
                time.sleep(action["wait"])


def data(text):
    return ("".join(f"data: {line}\n" for line in text.split("\n")) + "\n").encode()


def serve_http():
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    print(server.server_address[1], flush=True)
    server.serve_forever()


serve_stdio() if sys.argv[2] == "stdio" else serve_http()
