"""What a plugin on stock grpcio does to be found by its host: cookie, socket, handshake."""

import os
import signal
import sys
import tempfile
from concurrent import futures

import grpc
from grpc_health.v1 import health, health_pb2, health_pb2_grpc


def require_cookie(value="hector_plugin_v1"):
    """Ends a plugin that was started by a person, or by a host of other plugins."""
    if os.environ.get("HECTOR_PLUGIN") == value:
        return
    print("This binary is a plugin. These are not meant to be executed directly.", file=sys.stderr)
    print("Please execute the program that consumes these plugins, which will", file=sys.stderr)
    print("load any plugins automatically", file=sys.stderr)
    sys.exit(1)


def socket_path():
    """A path that is free: in the host's directory if it gave one, else in one of our own."""
    directory = os.environ.get("PLUGIN_UNIX_SOCKET_DIR") or tempfile.mkdtemp(prefix="plugin")
    return os.path.join(directory, f"plugin{os.getpid()}")


def new_server(add_services, status=health_pb2.HealthCheckResponse.SERVING):
    """A server with the plugin's services and gRPC's health service."""
    server = grpc.server(
        futures.ThreadPoolExecutor(max_workers=8),
        options=[("grpc.max_receive_message_length", -1), ("grpc.max_send_message_length", -1)],
    )
    add_services(server)
    health_servicer = health.HealthServicer()
    health_servicer.set("plugin", status)
    health_pb2_grpc.add_HealthServicer_to_server(health_servicer, server)
    return server


def serve(add_services):
    """Serves until SIGTERM, on a Unix socket, or with PYTHON_PLUGIN_TRANSPORT=tcp on loopback."""
    require_cookie()
    server = new_server(add_services)

    credentials, certificate = None, ""
    if os.environ.get("PLUGIN_CLIENT_CERT"):
        import mutual_tls

        credentials, certificate = mutual_tls.credentials(os.environ["PLUGIN_CLIENT_CERT"])

    def listen(address):
        if credentials:
            return server.add_secure_port(address, credentials)
        return server.add_insecure_port(address)

    if os.environ.get("PYTHON_PLUGIN_TRANSPORT") == "tcp":
        network, address = "tcp", f"127.0.0.1:{listen('127.0.0.1:0')}"
    else:
        network, address = "unix", socket_path()
        listen("unix:" + address)
    server.start()

    # Ctrl-C in a terminal reaches the plugin too; it is the host's to decide what it means.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, lambda *_: server.stop(grace=1))

    fields = ["1", "1", network, address, "grpc"] + ([certificate] if certificate else [])
    print("|".join(fields), flush=True)
    server.wait_for_termination()
