"""What a plugin does to be found, used and ended by its host: HashiCorp go-plugin's protocol."""

import logging
import os
import shutil
import signal
import sys
import tempfile
import threading
from concurrent import futures
from typing import Any, Callable, Optional

import grpc
from goplugin import controller_pb2, controller_pb2_grpc, stdio_pb2_grpc
from grpc_health.v1 import health, health_pb2, health_pb2_grpc
from hector import (
    batch_pb2_grpc,
    database_pb2_grpc,
    embedder_pb2_grpc,
    llm_pb2_grpc,
    reasoning_pb2_grpc,
    tool_pb2_grpc,
)

from . import hclog, plugin
from .stdio import Prints

log = logging.getLogger("serve")

# What calls that are under way get in the end, of the two seconds that the host waits.
GRACE = 1.0

SERVICES = (
    (embedder_pb2_grpc.EmbedderProviderServicer,
     embedder_pb2_grpc.add_EmbedderProviderServicer_to_server),
    (database_pb2_grpc.DatabaseProviderServicer,
     database_pb2_grpc.add_DatabaseProviderServicer_to_server),
    (llm_pb2_grpc.LLMProviderServicer, llm_pb2_grpc.add_LLMProviderServicer_to_server),
    (tool_pb2_grpc.ToolProviderServicer, tool_pb2_grpc.add_ToolProviderServicer_to_server),
    (reasoning_pb2_grpc.ReasoningStrategyServicer,
     reasoning_pb2_grpc.add_ReasoningStrategyServicer_to_server),
    (batch_pb2_grpc.EmbedderBatchServicer, batch_pb2_grpc.add_EmbedderBatchServicer_to_server),
    (batch_pb2_grpc.DatabaseBatchServicer, batch_pb2_grpc.add_DatabaseBatchServicer_to_server),
)


def serve(
    plugin_: Any = None, *, workers: Optional[int] = None, network: str = "unix"
) -> None:
    """Serves a plugin to the host that started this process; does not return.

    The host ends it with GRPCController.Shutdown, or SIGTERM.

    `plugin_` is an instance of a class of this package, or of any servicer of `Protos/`; without
    it, an instance is made of the class of plugin that was defined last. `workers` is how many
    calls run side by side, `plugin_.workers` if it is not given. On Windows grpcio has no Unix
    sockets: there `network` has to be "tcp"."""
    require_cookie()
    hclog.install()
    served = plugin_ if plugin_ is not None else _last_defined()
    ending = threading.Event()
    # Ctrl-C in a terminal reaches the plugin too; it is the host's to decide what it means.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, lambda *_: ending.set())

    prints = Prints()
    # One thread more, for the one call that waits for what is printed.
    if workers is None:
        workers = int(getattr(served, "workers", plugin.Plugin.workers))
    server = new_server(workers + 1)
    for servicer, add in SERVICES:
        if isinstance(served, servicer):
            add(served, server)
    controller_pb2_grpc.add_GRPCControllerServicer_to_server(_Controller(ending), server)
    stdio_pb2_grpc.add_GRPCStdioServicer_to_server(prints, server)

    credentials, certificate = None, ""
    if os.environ.get("PLUGIN_CLIENT_CERT"):
        # Not imported before it is needed: it takes as long as all the rest.
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

    # There is one version of the protocol. A host that does not know it reads that here.
    fields = ["1", "1", network, address, "grpc"] + ([certificate] if certificate else [])
    print("|".join(fields), flush=True)
    sys.stdout = prints

    ending.wait()
    prints.end()
    server.stop(GRACE).wait()
    # Calls that were under way may have printed more.
    prints.end()
    if folder is not None:
        if os.path.exists(address):
            os.unlink(address)
        if folder != os.environ.get("PLUGIN_UNIX_SOCKET_DIR"):
            os.rmdir(folder)
    logging.shutdown()
    # The interpreter would wait for the thread of a call that hangs.
    os._exit(0)


def require_cookie() -> None:
    """Ends a plugin that was started by a person, or by a host of other plugins."""
    if os.environ.get("HECTOR_PLUGIN") == "hector_plugin_v1":
        return
    print(
        "This binary is a plugin. These are not meant to be executed directly.\n"
        "Please execute the program that consumes these plugins, which will\n"
        "load any plugins automatically", file=sys.stderr)
    sys.exit(1)


def new_server(workers: int) -> grpc.Server:
    """A server that takes messages of any size, with gRPC's health service."""
    server = grpc.server(
        futures.ThreadPoolExecutor(max_workers=workers),
        interceptors=[_Unexpected()],
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
        # The answer is sent first: stopping waits for calls that are under way.
        self._ending.set()
        return controller_pb2.Empty()


class _Unexpected(grpc.ServerInterceptor):
    """Says what an author's method has raised, when it is no PluginError, by its type and text;
    where it came from goes to stderr."""

    def intercept_service(self, continuation, details):
        handler = continuation(details)
        if handler is None or handler.request_streaming:
            return handler
        if handler.response_streaming:
            return grpc.unary_stream_rpc_method_handler(
                self._stream(handler.unary_stream, details.method),
                handler.request_deserializer, handler.response_serializer)
        return grpc.unary_unary_rpc_method_handler(
            self._answer(handler.unary_unary, details.method),
            handler.request_deserializer, handler.response_serializer)

    def _answer(self, method: Callable[..., Any], name: str) -> Callable[..., Any]:
        def answer(request, context):
            try:
                return method(request, context)
            except Exception as error:
                _tell(error, name, context)

        return answer

    def _stream(self, method: Callable[..., Any], name: str) -> Callable[..., Any]:
        def stream(request, context):
            try:
                yield from method(request, context)
            except Exception as error:
                _tell(error, name, context)

        return stream


def _tell(error: Exception, name: str, context: grpc.ServicerContext) -> None:
    # By a code that is set gRPC's own are known: abort, and a method that is not there.
    if context.code() is not None or not context.is_active():
        raise error
    code, text = grpc.StatusCode.UNKNOWN, str(error)
    if isinstance(error, plugin.PluginError):
        code = error.code
    else:
        log.error("%s failed", name.rpartition("/")[2], exc_info=error)
        text = type(error).__name__ + (f": {text}" if text else "")
    context.abort(code, text)
