"""A language model that answers on request and notes each request.

It uses the SDK in examples/sdk/python, with the calls in question written out.

Settings, all optional:
    answers   a JSON list: the first call gets the first, and so on; the last one repeats. Each is
              a text or an object with text, tool_calls, finish_reason and usage.
              Without them the last message is repeated after "You said: ".
    log       a file: a line of JSON for each call, with its method and the request, and one
              for each call that was cancelled.
    wait      a file that has to exist before anything follows the first piece.
    stream    "no": GenerateStreaming is not implemented.
    fault     "error": the call fails; "busy": its quota is used up; "chunk:N", "die:N", "cut:N":
              after N pieces an error chunk, the end of the process, or of the stream.
    obeys     the names of tools, separated by commas: calls those that any text tells it to call,
              `NAME {arguments}`, in whatever form that is, each call once.
    api_key   taken, and not used.
    stamps    the number of pieces to send, one every 5 ms: each is its time of sending in
              nanoseconds.
"""

import base64
import html
import json
import os
import re
import threading
import time

import grpc
from google.protobuf import json_format
from hector import llm_pb2
from hector_plugin import serve
from hector_plugin_pb2_grpc import LLMProviderServicer

TEXT, TOOL_CALL, DONE, ERROR = range(4)


def readings(text):
    """Returns a text in all the forms in which somebody gullible might read it."""
    found = [text, html.unescape(text), text[::-1], re.sub("[\u200b-\u200f]", "", text)]
    for word in re.findall(r"[A-Za-z0-9+/]{40,}={0,2}", text):
        try:
            found.append(base64.b64decode(word + "=" * (-len(word) % 4)).decode())
        except ValueError:
            pass
    for word in re.findall(r"(?:[0-9a-f]{2}){20,}", text):
        found.append(bytes.fromhex(word).decode(errors="replace"))
    found += [reading.replace('\\"', '"') for reading in found]
    return found


def orders(request, names):
    """Returns the calls that any text of a request gives orders for and that were not made yet."""
    made = {(call.name, call.arguments_json)
            for message in request.messages for call in message.tool_calls}
    texts = [message.content for message in request.messages if message.role != "assistant"]
    texts += [tool.description for tool in request.tools]
    calls = {}
    for reading in (reading for text in texts for reading in readings(text)):
        for name, arguments in re.findall(rf"\b({'|'.join(names)}) (\{{.*?\}})", reading):
            try:
                json.loads(arguments)
            except ValueError:
                continue
            if (name, arguments) not in made:
                calls[name, arguments] = None
    return [{"id": f"call-{len(made) + number}", "name": name, "arguments": arguments}
            for number, (name, arguments) in enumerate(calls)]


class Model(LLMProviderServicer):
    manifest = {"name": "python-llm", "version": "1.0.0"}

    def __init__(self):
        self.config = {}
        self.calls = 0
        self.lock = threading.Lock()

    def initialize(self, config):
        self.config = config

    def note(self, **what):
        if path := self.config.get("log"):
            with self.lock, open(path, "a", encoding="utf-8") as file:
                file.write(json.dumps(what) + "\n")

    def answer(self, method, request, context):
        with self.lock:
            number = self.calls
            self.calls += 1
        self.note(method=method, request=json_format.MessageToDict(
            request, preserving_proto_field_name=True))
        fault = self.config.get("fault")
        if fault == "error":
            context.abort(grpc.StatusCode.UNKNOWN, "the model is out of order")
        if fault == "busy":
            context.abort(grpc.StatusCode.RESOURCE_EXHAUSTED, "come back tomorrow")
        if "answers" in self.config:
            answers = json.loads(self.config["answers"])
            answer = answers[min(number, len(answers) - 1)]
            return {"text": answer} if isinstance(answer, str) else answer
        if "obeys" in self.config:
            calls = orders(request, self.config["obeys"].split(","))
            return {"text": "" if calls else "done", "tool_calls": calls}
        last = request.messages[-1].content if request.messages else "nothing"
        return {"text": f"You said: {last}"}

    def tool_calls(self, answer):
        return [llm_pb2.ToolCall(
            id=call.get("id", ""), name=call["name"], arguments_json=call.get("arguments", ""))
            for call in answer.get("tool_calls", [])]

    def Generate(self, request, context):
        answer = self.answer("Generate", request, context)
        return llm_pb2.GenerateResponse(
            text=answer.get("text", ""), tool_calls=self.tool_calls(answer),
            tokens_used=answer.get("tokens", 7), finish_reason=answer.get("finish_reason", ""),
            usage=answer.get("usage", {}))

    def GenerateStreaming(self, request, context):
        if self.config.get("stream") == "no":
            context.abort(grpc.StatusCode.UNIMPLEMENTED, "not here")
        over = threading.Event()
        finished = []

        def end():
            over.set()
            if not finished:
                self.note(cancelled=True)

        context.add_callback(end)
        answer = self.answer("GenerateStreaming", request, context)
        words = answer.get("text", "").split(" ")
        pieces = [word if i == 0 else " " + word for i, word in enumerate(words) if word or i]
        kind, _, count = self.config.get("fault", "").partition(":")
        if "stamps" in self.config:
            for _ in range(int(self.config["stamps"])):
                time.sleep(0.005)
                yield llm_pb2.StreamChunk(type=TEXT, text=f"{time.monotonic_ns()}\n")
            pieces = []
        for number, piece in enumerate(pieces):
            if number == 1 and "wait" in self.config:
                while not os.path.exists(self.config["wait"]) and not over.is_set():
                    over.wait(0.005)
            if kind == "die" and number == int(count):
                os._exit(3)
            if kind == "chunk" and number == int(count):
                yield llm_pb2.StreamChunk(type=ERROR, error="lost the thread")
                finished.append(True)
                return
            if kind == "cut" and number == int(count):
                finished.append(True)
                return
            yield llm_pb2.StreamChunk(type=TEXT, text=piece)
        for call in self.tool_calls(answer):
            yield llm_pb2.StreamChunk(type=TOOL_CALL, tool_call=call)
        finished.append(True)
        yield llm_pb2.StreamChunk(
            type=DONE, tokens_used=answer.get("tokens", 7), usage=answer.get("usage", {}),
            finish_reason=answer.get("finish_reason", ""))

    def GetModelInfo(self, request, context):
        return llm_pb2.ModelInfo(
            model_name=self.config.get("model", "parrot"), max_tokens=4096, temperature=0.5)


if __name__ == "__main__":
    serve(Model())
