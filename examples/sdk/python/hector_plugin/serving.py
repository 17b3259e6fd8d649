"""The protocol by which a host finds, uses and ends a plugin: that of HashiCorp's go-plugin."""

import contextlib
import logging
import os
import shutil
import signal
import sys
import tempfile
import threading
from concurrent import futures
from typing import Any, Callable, Iterator, Optional

import grpc
from google.protobuf.message import Message
from goplugin import controller_pb2, controller_pb2_grpc, stdio_pb2_grpc
from grpc_health.v1 import health, health_pb2, health_pb2_grpc
from hector import (
    batch_pb2_grpc,
    catalog_pb2_grpc,
    common_pb2,
    database_pb2_grpc,
    embedder_pb2_grpc,
    llm_pb2_grpc,
    reasoning_pb2_grpc,
    reranker_pb2_grpc,
    tool_pb2_grpc,
)

from . import hclog, plugin, required
from .calls import working_on
from .settings import Settings
from .stdio import Prints

log = logging.getLogger("serve")

# The time for calls in progress at the end, out of the two seconds that the host waits.
GRACE = 1.0

# The number of calls that may be open at once, including those that wait for a worker: 32 for each
# of many hosts.
# A thread is started when none is idle.
THREADS = 1000

# The author's calls that do not wait for a worker. Nor do go-plugin's own, and gRPC's health
# service, by which a host distinguishes a busy plugin from a frozen one.
AT_ANY_TIME = ("GetManifest", "GetStatus", "Health", "Shutdown")

SERVICES = (
    (embedder_pb2_grpc.EmbedderProviderServicer,
     embedder_pb2_grpc.add_EmbedderProviderServicer_to_server),
    (database_pb2_grpc.DatabaseProviderServicer,
     database_pb2_grpc.add_DatabaseProviderServicer_to_server),
    (llm_pb2_grpc.LLMProviderServicer, llm_pb2_grpc.add_LLMProviderServicer_to_server),
    (tool_pb2_grpc.ToolProviderServicer, tool_pb2_grpc.add_ToolProviderServicer_to_server),
    (reasoning_pb2_grpc.ReasoningStrategyServicer,
     reasoning_pb2_grpc.add_ReasoningStrategyServicer_to_server),
    (reranker_pb2_grpc.RerankerProviderServicer,
     reranker_pb2_grpc.add_RerankerProviderServicer_to_server),
    (batch_pb2_grpc.EmbedderBatchServicer, batch_pb2_grpc.add_EmbedderBatchServicer_to_server),
    (batch_pb2_grpc.DatabaseBatchServicer, batch_pb2_grpc.add_DatabaseBatchServicer_to_server),
    (catalog_pb2_grpc.DatabaseCatalogServicer,
     catalog_pb2_grpc.add_DatabaseCatalogServicer_to_server),
)


def serve(
    plugin_: Any = None, *, workers: Optional[int] = None, network: str = "unix"
) -> None:
    """Serves a plugin to the host that started this process; does not return.

    The host ends it with GRPCController.Shutdown, or SIGTERM.

    `plugin_` is an instance of a class of this package, or of any servicer of `Protos/`; without
    it, an instance of the plugin class that was defined last is made. `workers` is the number of
    calls that run in parallel, by default `plugin_.workers`. On Windows grpcio does not support
    Unix sockets: `network` has to be "tcp" there."""
    require_cookie()
    hclog.install()
    served = plugin_ if plugin_ is not None else _last_defined()
    ending = threading.Event()
    # Ctrl-C in a terminal also reaches the plugin; the host decides what it means.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, lambda *_: ending.set())

    prints = Prints()
    if workers is None:
        workers = int(getattr(served, "workers", plugin.Plugin.workers))
    server = new_server(workers)
    _hold_to_manifest(served)
    for servicer, add in SERVICES:
        if isinstance(served, servicer):
            add(served, server)
    controller_pb2_grpc.add_GRPCControllerServicer_to_server(_Controller(ending), server)
    stdio_pb2_grpc.add_GRPCStdioServicer_to_server(prints, server)

    credentials, certificate = None, ""
    if os.environ.get("PLUGIN_CLIENT_CERT"):
        # Imported only if needed, because it takes as long as all the rest.
        from . import mutual_tls

        credentials, certificate = mutual_tls.credentials(os.environ["PLUGIN_CLIENT_CERT"])
    folder = None
    if network == "unix":
        folder = os.environ.get("PLUGIN_UNIX_SOCKET_DIR") or tempfile.mkdtemp(prefix="plugin")
        address = os.path.join(folder, f"plugin{os.getpid()}")
        _listen(server, "unix:" + address, credentials)
        if group := os.environ.get("PLUGIN_UNIX_SOCKET_GROUP"):
            shutil.chown(address, group=int(group) if group.isdigit() else group)
            os.chmod(address, 0o660)
    else:
        address = f"127.0.0.1:{_listen(server, '127.0.0.1:0', credentials)}"
    server.start()
    log.debug("plugin address", extra={"values": {"address": address, "network": network}})

    # The protocol has one version. A host that does not know it reads the version here.
    fields = ["1", "1", network, address, "grpc"] + ([certificate] if certificate else [])
    print("|".join(fields), flush=True)
    sys.stdout = prints

    ending.wait()
    prints.end()
    server.stop(GRACE).wait()
    # Calls in progress may have printed more.
    prints.end()
    if folder is not None:
        if os.path.exists(address):
            os.unlink(address)
        if folder != os.environ.get("PLUGIN_UNIX_SOCKET_DIR"):
            os.rmdir(folder)
    logging.shutdown()
    # The interpreter would wait for the thread of a call that hangs.
    os._exit(0)


def _hold_to_manifest(served) -> None:
    """Makes Initialize check for the settings that the manifest requires, in any class."""
    names = [*getattr(served, "required", ()), *required.by_file()]
    initialize = getattr(served, "Initialize", None)

    def held(request, context):
        for name in names:
            if not request.config.get(name):
                served._status = "error"
                return common_pb2.InitializeResponse(
                    success=False,
                    error=f"setting '{name}' is missing: the manifest requires it")
        return initialize(request, context)

    if names and initialize is not None:
        served.Initialize = held


def require_cookie() -> None:
    """Ends a plugin that was started by hand, or by a host of other plugins."""
    if os.environ.get("HECTOR_PLUGIN") == "hector_plugin_v1":
        return
    print(
        "This binary is a plugin. These are not meant to be executed directly.\n"
        "Please execute the program that consumes these plugins, which will\n"
        "load any plugins automatically", file=sys.stderr)
    sys.exit(1)


def new_server(workers: int) -> grpc.Server:
    """Returns a server that accepts messages of any size, with gRPC's health service."""
    server = grpc.server(
        futures.ThreadPoolExecutor(max_workers=THREADS),
        interceptors=[_Calls(workers)],
        options=[("grpc.max_receive_message_length", -1), ("grpc.max_send_message_length", -1)])
    servicer = health.HealthServicer()
    servicer.set("plugin", health_pb2.HealthCheckResponse.SERVING)
    health_pb2_grpc.add_HealthServicer_to_server(servicer, server)
    return server


def _listen(
    server: grpc.Server, address: str, credentials: Optional[grpc.ServerCredentials]
) -> int:
    if credentials:
        return server.add_secure_port(address, credentials)
    return server.add_insecure_port(address)


def _last_defined() -> Any:
    if not plugin.defined:
        raise SystemExit("serve: there is no plugin: define a class of one before, or give it")
    return plugin.defined[-1]()


class _Controller(controller_pb2_grpc.GRPCControllerServicer):
    def __init__(self, ending: threading.Event) -> None:
        self._ending = ending

    def Shutdown(self, request, context):
        # The answer is sent first, because stopping waits for calls in progress.
        self._ending.set()
        return controller_pb2.Empty()


class _Calls(grpc.ServerInterceptor):
    """Lets `workers` calls of the author's methods run in parallel, while the others wait; makes
    sure that Initialize is called once; and reports an exception that is not a PluginError by
    its type and text. Its traceback goes to stderr."""

    def __init__(self, workers: int) -> None:
        self._turns = threading.Semaphore(workers)
        self._settings = Settings()

    def intercept_service(self, continuation, details):
        handler = continuation(details)
        if handler is None or handler.request_streaming:
            return handler
        kind, method = (
            (grpc.unary_stream_rpc_method_handler, self._stream) if handler.response_streaming
            else (grpc.unary_unary_rpc_method_handler, self._answer))
        return kind(
            method(handler.unary_stream or handler.unary_unary, details.method),
            handler.request_deserializer, handler.response_serializer)

    def _answer(self, method: Callable[..., Any], path: str) -> Callable[..., Any]:
        def answer(request, context):
            with self._call(path, context):
                if path.startswith("/hector.") and path.endswith("/Initialize"):
                    return _message(self._settings.initialize(method, request, context))
                return _message(method(request, context))

        return answer

    def _stream(self, method: Callable[..., Any], path: str) -> Callable[..., Any]:
        def stream(request, context):
            with self._call(path, context):
                yield from map(_message, method(request, context))

        return stream

    @contextlib.contextmanager
    def _call(self, path: str, context: grpc.ServicerContext) -> Iterator[None]:
        name = path.rpartition("/")[2]
        waits = path.startswith("/hector.") and name not in AT_ANY_TIME
        with self._turns if waits else contextlib.nullcontext():
            if not context.is_active():
                log.info("%s was cancelled before it began", name)
                context.abort(grpc.StatusCode.CANCELLED, "cancelled before it began")
            try:
                with working_on(context):
                    yield
            except GeneratorExit:
                # The stream was abandoned; this is not a failure.
                raise
            except BaseException as error:
                # grpcio leaves a call without an answer if sys.exit ends it.
                _tell(error, name, context)


def _message(answer: Any) -> Message:
    if not isinstance(answer, Message):
        raise TypeError(f"it has to answer with a message, not {type(answer).__name__}")
    return answer


def _tell(error: BaseException, name: str, context: grpc.ServicerContext) -> None:
    # A code that is already set marks gRPC's own errors: abort, and an unknown method.
    if isinstance(error, Exception) and (
            context.code() is not None or not context.is_active()):
        raise error
    code = grpc.StatusCode.UNKNOWN
    if isinstance(error, plugin.PluginError):
        code = error.code
    else:
        log.error("%s failed", name, exc_info=error)
    context.abort(code, plugin.told(error))
