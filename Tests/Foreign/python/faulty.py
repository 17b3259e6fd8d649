"""An embedder that misbehaves on request, for the tests of the host.

    FAULT=NAME[:VALUE][,NAME[:VALUE]…]     in the environment, or
    -o fault=…                             as the plugin's setting `fault`, which is read at
                                           Initialize, so only faults in calls can be set there

Without a fault it is a good embedder: dimension 4 (or `dimension:N`), the vector of a text is
[len(text), 1, 1, 1], batches are not served. Every fault is in the table FAULTS at the end.
N counts Embed calls (texts, in a batch) from 1, per process; «every Nth» with N=1 is all.

    FAULT_ONCE=FILE   only the first process that gets to create FILE has the faults; those
                      started later (after a restart) are good
    FAULT_LOG=FILE    one line per event is appended: `start PID`, `initialize PID`,
                      `embed PID TEXT`, `embed-batch PID COUNT`, `shutdown PID`, `sigterm PID`

It does not use the SDK: it knows nothing of go-plugin's own services and ignores
PLUGIN_CLIENT_CERT, so a host that asks for mutual TLS is answered in plain text.
"""

import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
from concurrent import futures

import grpc
from grpc_health.v1 import health, health_pb2, health_pb2_grpc
from hector import batch_pb2, batch_pb2_grpc, common_pb2, embedder_pb2, embedder_pb2_grpc


def log(event, *details):
    path = os.environ.get("FAULT_LOG")
    if path:
        line = " ".join([event, str(os.getpid()), *details]) + "\n"
        with open(path, "a", encoding="utf-8") as file:
            file.write(line)


def parse(text):
    """{"kill": "5"} for "kill:5". An unknown name ends the process: a test has a typing error."""
    faults = {}
    for item in filter(None, text.split(",")):
        name, _, value = item.partition(":")
        if name not in FAULTS:
            print(f"faulty: unknown fault '{name}'", file=sys.stderr)
            os._exit(64)
        faults[name] = value or FAULTS[name][0]
    return faults


def is_first():
    path = os.environ.get("FAULT_ONCE")
    if not path:
        return True
    try:
        os.close(os.open(path, os.O_CREAT | os.O_EXCL))
        return True
    except FileExistsError:
        return False


class Faulty(embedder_pb2_grpc.EmbedderProviderServicer, batch_pb2_grpc.EmbedderBatchServicer):
    def __init__(self, faults, may_add):
        self.faults = faults
        # True if the setting `fault` counts in this process.
        self.may_add = may_add
        self.calls = 0
        self.lock = threading.Lock()

    @property
    def dimension(self):
        return int(self.faults.get("dimension", "4"))

    def every(self, fault, call):
        return fault in self.faults and call % int(self.faults[fault]) == 0

    def at(self, fault, call):
        return fault in self.faults and call == int(self.faults[fault])

    def answer(self, text, context):
        """Returns the answer to one text, with its faults."""
        with self.lock:
            self.calls += 1
            call = self.calls
        while text == "gate" and not os.path.exists(self.faults.get("gate", "/")):
            time.sleep(0.01)
        if "poison" in self.faults and text in self.faults["poison"].split("+"):
            os.kill(os.getpid(), signal.SIGKILL)
        if self.at("kill", call):
            os.kill(os.getpid(), signal.SIGKILL)
        if self.at("freeze", call):
            os.kill(os.getpid(), signal.SIGSTOP)
            # Another thread may have taken the signal: wait, so that no answer overtakes it.
            time.sleep(0.5)
        if self.at("flood", call):
            write_all(1, b"x" * (1 << 20))
        if self.at("flood-stderr", call):
            write_all(2, b"y" * (1 << 20))
        if self.at("chatter", call):
            write_all(1, b"a line that nobody asked for\n" * 40_000)
        if self.at("hang", call):
            threading.Event().wait()
        if "sleepy" in self.faults:
            time.sleep(int(self.faults["sleepy"]) / 1000)
        if self.every("status", call):
            context.abort(grpc.StatusCode.INTERNAL, f"call {call} failed")
        if self.every("unavailable", call):
            context.abort(grpc.StatusCode.UNAVAILABLE, f"call {call} is not served now")
        if self.every("error", call):
            return embedder_pb2.EmbedResponse(error=f"cannot embed text {call}")
        vector = [float(len(text))] + [1.0] * (self.dimension - 1)
        if self.every("nan", call):
            vector[0] = float("nan")
        if self.every("infinity", call):
            vector[0] = float("inf")
        if self.every("short", call):
            vector.pop()
        if self.every("long", call):
            vector.append(1.0)
        if self.every("empty", call):
            vector = []
        if self.at("leave", call):
            # By then the answer is gone and the host believes that all is well.
            context.add_callback(lambda: threading.Timer(0.05, os._exit, [3]).start())
        return embedder_pb2.EmbedResponse(vector=vector)

    def Embed(self, request, context):
        log("embed", request.text)
        return self.answer(request.text, context)

    def EmbedBatch(self, request, context):
        log("embed-batch", str(len(request.requests)))
        if not {"batch", "batch-short", "batch-long"} & self.faults.keys():
            context.abort(grpc.StatusCode.UNIMPLEMENTED, "no batches here")
        responses = [self.answer(item.text, context) for item in request.requests]
        if "batch-short" in self.faults:
            responses.pop()
        if "batch-long" in self.faults:
            responses.append(responses[-1])
        return batch_pb2.EmbedBatchResponse(responses=responses)

    def GetEmbedderInfo(self, request, context):
        return embedder_pb2.EmbedderInfo(model_name="faulty", dimension=self.dimension)

    def Initialize(self, request, context):
        log("initialize")
        if self.may_add:
            self.faults = {**self.faults, **parse(request.config.get("fault", ""))}
        if "initialize-hang" in self.faults:
            threading.Event().wait()
        if "initialize-status" in self.faults:
            context.abort(grpc.StatusCode.INTERNAL, self.faults["initialize-status"])
        if "initialize-exit" in self.faults:
            os._exit(int(self.faults["initialize-exit"]))
        needed = self.faults.get("needs")
        if needed and needed not in request.config:
            return common_pb2.InitializeResponse(error=f"needs the setting {needed}")
        if "initialize" in self.faults:
            return common_pb2.InitializeResponse(error=self.faults["initialize"])
        return common_pb2.InitializeResponse(success=True)

    def Health(self, request, context):
        return common_pb2.HealthResponse(healthy=True)

    def GetManifest(self, request, context):
        return common_pb2.ManifestResponse(name="faulty", version="1.0.0")

    def GetStatus(self, request, context):
        return common_pb2.StatusResponse(status="ready")

    def Shutdown(self, request, context):
        log("shutdown")
        if "shutdown-hang" in self.faults:
            threading.Event().wait()
        return common_pb2.ShutdownResponse(success=True)


def write_all(descriptor, data):
    """Blocks while the host does not read, as a C library's write would."""
    while data:
        data = data[os.write(descriptor, data):]


def require_cookie(value="hector_plugin_v1"):
    if os.environ.get("HECTOR_PLUGIN") == value:
        return
    print("This binary is a plugin. These are not meant to be executed directly.", file=sys.stderr)
    print("Please execute the program that consumes these plugins, which will", file=sys.stderr)
    print("load any plugins automatically", file=sys.stderr)
    sys.exit(1)


def before_listening(faults):
    if "wrong-cookie" in faults:
        require_cookie(faults["wrong-cookie"])
    if "exit" in faults:
        print("faulty: cannot load the model", file=sys.stderr)
        print("faulty: model.bin: No such file or directory", file=sys.stderr, flush=True)
        os._exit(int(faults["exit"]))
    if "crash" in faults:
        os.kill(os.getpid(), signal.SIGSEGV)
    if "silent" in faults:
        threading.Event().wait()
    if "mute" in faults:
        os.close(1)
        threading.Event().wait()
    if "unterminated" in faults:
        write_all(1, b"1|1|unix|/nowhere|grpc")
        threading.Event().wait()
    if "long-line" in faults:
        write_all(1, b"z" * int(faults["long-line"]) + b"\n")
    if "garbage" in faults:
        print(faults["garbage"], flush=True)
    if "empty-line" in faults:
        print(flush=True)
    if "odd-log" in faults:
        for line in ('{"@message": 5}', '{"@level": [], "@message": null}', "[1, 2]", "null", "{}",
                     '{"@level": "warn", "@message": "odd but fine", "n": 1}'):
            print(line, file=sys.stderr, flush=True)
    if "grandchild" in faults:
        subprocess.Popen(["sleep", faults["grandchild"]])


def handshake(faults, path):
    if "line" in faults:
        return faults["line"]
    fields = [faults.get("core-version", "1"), faults.get("version", "1"),
              faults.get("network", "unix"), path]
    if "four-fields" in faults:
        return "|".join(fields)
    fields.append(faults.get("protocol", "grpc"))
    if "certificate" in faults:
        fields.append(faults["certificate"] * 60)
    return "|".join(fields)


def main():
    require_cookie()
    log("start")
    may_misbehave = is_first()
    faults = parse(os.environ.get("FAULT", "")) if may_misbehave else {}
    before_listening(faults)

    servicer = Faulty(faults, may_misbehave)

    server = grpc.server(
        futures.ThreadPoolExecutor(max_workers=8),
        options=[("grpc.max_receive_message_length", -1), ("grpc.max_send_message_length", -1)]
        + [(f"grpc.max_connection_{name}_ms", int(faults[name]))
           for name in ("idle", "age") if name in faults])
    embedder_pb2_grpc.add_EmbedderProviderServicer_to_server(servicer, server)
    batch_pb2_grpc.add_EmbedderBatchServicer_to_server(servicer, server)
    health_servicer = health.HealthServicer()
    health_servicer.set(
        "plugin", health_pb2.HealthCheckResponse.NOT_SERVING if "not-serving" in faults
        else health_pb2.HealthCheckResponse.SERVING)
    health_pb2_grpc.add_HealthServicer_to_server(health_servicer, server)
    directory = os.environ.get("PLUGIN_UNIX_SOCKET_DIR") or tempfile.mkdtemp(prefix="plugin")
    path = os.path.join(directory, f"plugin{os.getpid()}")

    def terminate(*_):
        log("sigterm")
        if "stubborn" not in faults:
            # At once: a call that hangs would delay a graceful end.
            os._exit(0)

    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, terminate)

    if "late" not in faults and "no-socket" not in faults:
        server.add_insecure_port("unix:" + path)
        server.start()
    print(handshake(faults, path), flush=True)
    if "late" in faults:
        time.sleep(float(faults["late"]))
        server.add_insecure_port("unix:" + path)
        server.start()
    if "no-socket" in faults:
        threading.Event().wait()
    server.wait_for_termination()


# name: (default value, effect)
FAULTS = {
    # Before the handshake.
    "wrong-cookie": ("another_v1", "wants this cookie: go-plugin's three lines on stderr, exit 1"),
    "exit": ("3", "two lines on stderr, then this exit status"),
    "crash": ("", "dies by SIGSEGV"),
    "silent": ("", "never prints a handshake"),
    "mute": ("", "closes stdout without a line and lives on"),
    "unterminated": ("", "prints a handshake without a newline and lives on"),
    "long-line": ("100000", "prints a line of that many bytes first"),
    "garbage": ("Loading model...", "prints this line first"),
    "empty-line": ("", "prints an empty line first"),
    "odd-log": ("", "writes JSON to stderr that is not what hclog writes"),
    "grandchild": ("30", "leaves a child that holds stdout and stderr for that many seconds"),
    # In the handshake.
    "line": ("1|1", "prints this instead (no commas)"),
    "core-version": ("2", "core protocol version"),
    "version": ("7", "application protocol version"),
    "network": ("udp", "network"),
    "protocol": ("netrpc", "protocol"),
    "four-fields": ("", "leaves the protocol out, which means netrpc"),
    "certificate": ("!", "60 times this as the certificate"),
    "no-socket": ("", "prints an address at which nothing listens"),
    "late": ("1", "listens that many seconds after its handshake"),
    "not-serving": ("", "health service says NOT_SERVING"),
    # At Initialize and Shutdown.
    "initialize": ("no API key", "success=false with this error"),
    "needs": ("key", "refuses to start without this setting"),
    "initialize-status": ("no API key", "gRPC status INTERNAL with this message"),
    "initialize-hang": ("", "never answers"),
    "initialize-exit": ("4", "exits with this status"),
    "shutdown-hang": ("", "never answers"),
    "stubborn": ("", "ignores SIGTERM"),
    # Between calls.
    "idle": ("1000", "closes a connection that is idle for that many milliseconds"),
    "age": ("1000", "closes a connection that is that many milliseconds old"),
    # In Embed.
    "dimension": ("4", "vectors have that many numbers"),
    "sleepy": ("100", "each text takes that many milliseconds"),
    "gate": ("gate", "answers the text 'gate' once a file of this name exists"),
    "poison": ("poison", "dies by SIGKILL on one of these texts, separated by +"),
    "kill": ("1", "dies by SIGKILL in the Nth call"),
    "leave": ("1", "exits with status 3 just after the answer to the Nth call"),
    "freeze": ("1", "stops itself (SIGSTOP) in the Nth call"),
    "hang": ("1", "never answers the Nth call, only the others"),
    "flood": ("1", "writes 1 MiB without a newline to stdout in the Nth call"),
    "flood-stderr": ("1", "the same to stderr"),
    "chatter": ("1", "writes 40,000 lines to stdout in the Nth call"),
    "error": ("1", "error in the answer to every Nth call"),
    "status": ("1", "gRPC status INTERNAL for every Nth call"),
    "unavailable": ("1", "gRPC status UNAVAILABLE for every Nth call, although it lives"),
    "nan": ("1", "not a number in every Nth vector"),
    "infinity": ("1", "infinity in every Nth vector"),
    "short": ("1", "one number too few in every Nth vector"),
    "long": ("1", "one number too many in every Nth vector"),
    "empty": ("1", "no numbers and no error in every Nth answer"),
    # In EmbedBatch.
    "batch": ("", "serves batches well"),
    "batch-short": ("", "serves batches with one answer too few"),
    "batch-long": ("", "serves batches with one answer too many"),
}

if __name__ == "__main__":
    main()
