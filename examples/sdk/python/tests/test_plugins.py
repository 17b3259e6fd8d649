"""Tests of plugins of each kind, called as a host calls them."""

import base64
import json
import os
import queue
import signal
import ssl
import subprocess
import sys
import tempfile
import threading
import unittest
from pathlib import Path

import grpc
import hector_plugin_pb2 as pb
import hector_plugin_pb2_grpc as services
from goplugin import controller_pb2, controller_pb2_grpc, stdio_pb2, stdio_pb2_grpc
from grpc_health.v1 import health_pb2, health_pb2_grpc
from hector_plugin import mutual_tls, required

PLUGINS = Path(__file__).with_name("plugins.py")


class Host:
    """Starts a plugin and ends it."""

    def __init__(self, *arguments, cookie="hector_plugin_v1", program=None, **environment):
        self.folder = tempfile.TemporaryDirectory(prefix="host")
        variables = {name: value for name, value in os.environ.items()
                     if not name.startswith("PLUGIN_")}
        variables.update(environment, HECTOR_PLUGIN=cookie, PLUGIN_PROTOCOL_VERSIONS="1",
                         PYTHONDONTWRITEBYTECODE="1", TMPDIR=self.folder.name)
        variables.setdefault("PLUGIN_UNIX_SOCKET_DIR", self.folder.name)
        self.process = subprocess.Popen(
            [sys.executable, str(program or PLUGINS), *arguments], env=variables,
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        self.handshake = self.process.stdout.readline().rstrip("\n").split("|")

    def channel(self, credentials=None, options=()):
        network, address = self.handshake[2:4]
        target = f"unix:{address}" if network == "unix" else address
        if credentials:
            return grpc.secure_channel(target, credentials, options)
        return grpc.insecure_channel(target, options)

    def end(self):
        """Returns the plugin's standard error, once it has ended by itself."""
        output, errors = self.process.communicate(timeout=20)
        self.output = output
        return errors

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.kill()
        self.process.communicate()
        self.folder.cleanup()


def ask(text):
    return pb.GenerateRequest(messages=[pb.Message(role="user", content=text)])


def first_piece(stream, embedder):
    """Returns the first printed output, or None if the stream ends. Prints repeatedly until then,
    because output printed before the plugin knows the stream goes elsewhere."""
    pieces = queue.Queue()
    threading.Thread(target=lambda: pieces.put(next(stream, None)), daemon=True).start()
    while pieces.empty():
        embedder.Embed(pb.EmbedRequest(text="print"), timeout=20)
    return pieces.get()


class ServingTests(unittest.TestCase):
    def test_a_person_is_told_that_it_is_a_plugin(self):
        with Host("Lengths", cookie="") as host:
            self.assertIn("This binary is a plugin", host.end())
            self.assertEqual(host.process.returncode, 1)
            self.assertEqual(host.output, "")

    def test_shakes_hands_and_is_serving(self):
        with Host("Lengths") as host:
            self.assertEqual(host.handshake[:3], ["1", "1", "unix"])
            self.assertEqual(host.handshake[4:], ["grpc"])
            self.assertTrue(host.handshake[3].startswith(host.folder.name))
            health = health_pb2_grpc.HealthStub(host.channel())
            answer = health.Check(health_pb2.HealthCheckRequest(service="plugin"))
            self.assertEqual(answer.status, health_pb2.HealthCheckResponse.SERVING)

    def test_answers_that_it_is_there_while_its_workers_are_busy(self):
        with Host("One") as host:
            channel = host.channel()
            plugin = services.EmbedderProviderStub(channel)
            busy = plugin.Embed.future(pb.EmbedRequest(text="wait"))
            self.assertEqual(host.process.stdout.readline(), "wait\n")
            left = plugin.Embed.future(pb.EmbedRequest(text="left"))
            health = health_pb2_grpc.HealthStub(channel).Check(
                health_pb2.HealthCheckRequest(service="plugin"), timeout=20)
            self.assertEqual(health.status, health_pb2.HealthCheckResponse.SERVING)
            left.cancel()
            # A later call on the same connection is answered, so this one has arrived.
            plugin.GetStatus(pb.StatusRequest(), timeout=20)
            self.assertFalse(busy.done())
            self.assertTrue(plugin.Health(pb.HealthRequest(), timeout=20).healthy)
            self.assertEqual(list(busy.result(timeout=20).vector), [4])
            # The cancelled call has not begun.
            line = json.loads(host.process.stderr.readline())
            self.assertEqual(line["@message"], "Embed was cancelled before it began")
            plugin.Embed(pb.EmbedRequest(text="next"), timeout=20)
            self.assertEqual(host.process.stdout.readline(), "next\n")

    def test_listens_on_tcp_if_it_has_to(self):
        with Host("Lengths", "tcp") as host:
            self.assertEqual(host.handshake[2], "tcp")
            answer = services.EmbedderProviderStub(host.channel()).Embed(pb.EmbedRequest(text="a"))
            self.assertEqual(list(answer.vector), [1])

    def test_the_socket_may_be_for_a_group(self):
        with Host("Lengths", PLUGIN_UNIX_SOCKET_GROUP=str(os.getgid())) as host:
            self.assertEqual(os.stat(host.handshake[3]).st_mode & 0o777, 0o660)

    def test_ends_when_it_is_told_to_and_leaves_nothing(self):
        for way in ("Shutdown", "SIGTERM", "Shutdown while a call hangs", "own folder"):
            own = {"PLUGIN_UNIX_SOCKET_DIR": ""} if way == "own folder" else {}
            with self.subTest(way), Host("Lengths", **own) as host:
                channel = host.channel()
                if "hangs" in way:
                    services.EmbedderProviderStub(channel).Embed.future(
                        pb.EmbedRequest(text="hang"))
                    services.EmbedderProviderStub(channel).Embed(pb.EmbedRequest(text="a"))
                if way == "SIGTERM":
                    host.process.send_signal(signal.SIGTERM)
                else:
                    controller_pb2_grpc.GRPCControllerStub(channel).Shutdown(
                        controller_pb2.Empty())
                host.end()
                self.assertEqual(host.process.returncode, 0)
                self.assertEqual(os.listdir(host.folder.name), [])

    def test_sigint_is_not_for_it(self):
        with Host("Lengths") as host:
            host.process.send_signal(signal.SIGINT)
            answer = services.EmbedderProviderStub(host.channel()).Embed(pb.EmbedRequest(text="ab"))
            self.assertEqual(list(answer.vector), [2])

    def test_what_it_prints_goes_to_the_host_that_asks(self):
        with Host("Lengths") as host:
            channel = host.channel()
            embedder = services.EmbedderProviderStub(channel)
            embedder.Embed(pb.EmbedRequest(text="print"))
            self.assertEqual(host.process.stdout.readline(), "printed\n")
            stream = stdio_pb2_grpc.GRPCStdioStub(channel).StreamStdio(controller_pb2.Empty())
            self.assertEqual(first_piece(stream, embedder).data, b"printed\n")
            controller_pb2_grpc.GRPCControllerStub(channel).Shutdown(controller_pb2.Empty())
            for piece in stream:
                self.assertEqual(piece.data, b"printed\n")
            lines = [json.loads(line) for line in host.end().splitlines()]
            self.assertEqual(
                {key: value for key, value in lines[0].items() if key != "@timestamp"},
                {"@level": "warn", "@message": "a warning", "@module": "x", "n": 1})
            self.assertRegex(
                lines[0]["@timestamp"], r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$")

    def test_a_line_without_an_end_is_not_lost(self):
        for is_read in (False, True):
            with self.subTest(is_read), Host("Lengths") as host:
                channel = host.channel()
                embedder = services.EmbedderProviderStub(channel)
                pieces = []
                if is_read:
                    stream = stdio_pb2_grpc.GRPCStdioStub(channel).StreamStdio(
                        controller_pb2.Empty())
                    first_piece(stream, embedder)
                embedder.Embed(pb.EmbedRequest(text="line"))
                controller_pb2_grpc.GRPCControllerStub(channel).Shutdown(controller_pb2.Empty())
                if is_read:
                    pieces = [piece.data for piece in stream]
                host.end()
                printed = pieces[-1] if is_read else host.output.encode()
                self.assertEqual(printed, b"no end")

    def test_many_hosts_share_it_and_one_at_a_time_reads_what_it_prints(self):
        with Host("Lengths") as host:
            # Separate channels, like those of hosts: gRPC would give them one connection.
            channels = [host.channel(options=[("grpc.use_local_subchannel_pool", 1)])
                        for _ in range(20)]
            streams = [stdio_pb2_grpc.GRPCStdioStub(channel).StreamStdio(controller_pb2.Empty())
                       for channel in channels]
            embedders = [services.EmbedderProviderStub(channel) for channel in channels]
            for embedder in embedders:
                answer = embedder.Embed(pb.EmbedRequest(text="ab"), timeout=20)
                self.assertEqual(list(answer.vector), [2])

            def reader(of):
                """Returns the one of these streams that does not end at once."""
                ended, left = queue.Queue(), list(of)
                for stream in of:
                    stream.add_done_callback(lambda _, stream=stream: ended.put(stream))
                while len(left) > 1:
                    left.remove(ended.get(timeout=20))
                return left[0]

            first = reader(streams)
            embedders[0].Embed(pb.EmbedRequest(text="print"), timeout=20)
            self.assertEqual(next(first).data, b"printed\n")
            first.cancel()
            # The next may take over, as soon as the plugin knows that the first has gone.
            piece = None
            while piece is None:
                second = stdio_pb2_grpc.GRPCStdioStub(channels[1]).StreamStdio(
                    controller_pb2.Empty(), timeout=20)
                piece = first_piece(second, embedders[1])
            self.assertEqual(piece.data, b"printed\n")

    def test_trusts_the_host_alone_that_showed_its_certificate(self):
        own, stranger = certificate(), certificate()
        with Host("Lengths", PLUGIN_CLIENT_CERT=own[1].decode()) as host:
            padded = host.handshake[5] + "=" * (-len(host.handshake[5]) % 4)
            root = ssl.DER_cert_to_PEM_cert(base64.b64decode(padded)).encode()
            name = [("grpc.ssl_target_name_override", "localhost")]
            for (key, chain), trusted in ((own, True), (stranger, False)):
                channel = host.channel(grpc.ssl_channel_credentials(root, key, chain), name)
                embedder = services.EmbedderProviderStub(channel)
                if trusted:
                    self.assertEqual(list(embedder.Embed(pb.EmbedRequest(text="abc")).vector), [3])
                else:
                    with self.assertRaises(grpc.RpcError) as caught:
                        embedder.Embed(pb.EmbedRequest(text="abc"))
                    self.assertEqual(caught.exception.code(), grpc.StatusCode.UNAVAILABLE)


class KindTests(unittest.TestCase):
    def test_every_kind_has_the_calls_that_all_have(self):
        with Host("Lengths") as host:
            plugin = services.EmbedderProviderStub(host.channel())
            self.assertEqual(plugin.GetStatus(pb.StatusRequest()).status, "loading")
            refusal = plugin.Initialize(pb.InitializeRequest(config={"bad": "x"}))
            self.assertEqual((refusal.success, refusal.error),
                             (False, "'bad' must not be set, and is 'x'"))
            self.assertEqual(plugin.GetStatus(pb.StatusRequest()).status, "error")
            self.assertTrue(plugin.Initialize(pb.InitializeRequest()).success)
            self.assertEqual(plugin.GetStatus(pb.StatusRequest()).status, "ready")
            health = plugin.Health(pb.HealthRequest())
            self.assertEqual((health.healthy, health.message), (False, "the weather is bad"))
            manifest = plugin.GetManifest(pb.ManifestRequest())
            self.assertEqual((manifest.name, dict(manifest.capabilities)), ("lengths", {"a": "b"}))
            self.assertTrue(plugin.Shutdown(pb.ShutdownRequest()).success)
            self.assertEqual(plugin.GetStatus(pb.StatusRequest()).status, "shutdown")

    def test_settings_that_have_been_taken_stay(self):
        with Host("Lengths") as host:
            plugin = services.EmbedderProviderStub(host.channel())

            def initialize(**config):
                return plugin.Initialize(pb.InitializeRequest(config=config))

            self.assertFalse(initialize(bad="x").success)
            given = {"size": "3", "api_key": "k1", "nested": '{"a": [1.50, true], "b": 2}'}
            self.assertTrue(initialize(**given).success)
            for same in ({}, {"size": "3"}, given, {"nested": ' {"b":2.0,"a":[1.5,true]}'}):
                self.assertTrue(initialize(**same).success)
            for other, text in (
                ({"size": "4"}, "'size' is '3', not '4'"),
                ({"api_key": "k2"}, "'api_key' is another than the one given"),
                ({"nested": '{"a": [1.5, 1], "b": 2}'},
                 "'nested' is another than the one given"),
                ({"bad": "x", "token": "t"},
                 "'bad' is not set, and would be 'x', 'token' is not set"),
            ):
                with self.assertRaises(grpc.RpcError) as caught:
                    initialize(**other)
                self.assertEqual(caught.exception.code(), grpc.StatusCode.FAILED_PRECONDITION)
                self.assertEqual(caught.exception.details(),
                                 f"it is in use already and keeps its settings: {text}")
            self.assertEqual(plugin.GetStatus(pb.StatusRequest()).status, "ready")

    def test_hosts_that_come_at_the_same_time(self):
        with Host("Lengths") as host:
            plugin = services.EmbedderProviderStub(host.channel())
            calls = [plugin.Initialize.future(pb.InitializeRequest(config={"size": str(size)}))
                     for size in range(8)]
            self.assertEqual([call.exception() is None for call in calls].count(True), 1)

    def test_goes_not_without_what_is_required(self):
        with Host("Keyed") as host:
            plugin = services.EmbedderProviderStub(host.channel())
            for config in {}, {"api_key": ""}:
                refusal = plugin.Initialize(pb.InitializeRequest(config=config))
                self.assertEqual(
                    (refusal.success, refusal.error),
                    (False, "setting 'api_key' is missing: the manifest requires it"))
            given = pb.InitializeRequest(config={"api_key": "k"})
            self.assertTrue(plugin.Initialize(given).success)

    def test_the_file_says_what_is_required(self):
        for manifest, names in [
            ("plugin:\n  config_schema:\n    required:\n      - a\n      - \"b\"  # one\n    optional:\n      - c\n", ["a", "b"]),
            ("plugin:\n  config_schema: { optional: [x], required: [a, \"b\"] }\n", ["a", "b"]),
            ("plugin:\n  config_schema:\n    optional: [x]\n    required: [a,\n      'b']\n  capabilities: { required: [z] }\n", ["a", "b"]),
            ("plugin:\n  config_schema:\n    required:\n    - a\n    - b\n  name: c\n", ["a", "b"]),
            ("plugin:\n  config_schema:\n    # required: [a]\n    required: []\n", []),
            ("plugin:\n  config_schema:\n    required: [*anchor]\n", []),
            ("plugin:\n  name: required\n  config_schema:\n    optional: [a]\n", []),
            ("required: [a]\n", []),
            ("", []),
            ("{", []),
        ]:
            with self.subTest(manifest):
                self.assertEqual(required.in_manifest(manifest), names)

    def test_an_embedder(self):
        with Host("Lengths") as host:
            channel = host.channel()
            plugin = services.EmbedderProviderStub(channel)
            self.assertEqual(plugin.Embed(pb.EmbedRequest()).error, "the text is empty")
            info = plugin.GetEmbedderInfo(pb.Empty())
            self.assertEqual((info.model_name, info.dimension), ("length", 1))
            with self.assertRaises(grpc.RpcError) as caught:
                services.EmbedderBatchStub(channel).EmbedBatch(pb.EmbedBatchRequest())
            self.assertEqual(caught.exception.code(), grpc.StatusCode.UNIMPLEMENTED)

    def test_what_nobody_expected_is_told_by_its_type_and_logged(self):
        for name, stub, call, message in (
            ("Lengths", services.EmbedderProviderStub,
             lambda stub: stub.Embed(pb.EmbedRequest(text="fall"), timeout=20),
             "KeyError: 'down'"),
            ("Lengths", services.EmbedderProviderStub,
             lambda stub: stub.Embed(pb.EmbedRequest(text="exit"), timeout=20),
             "SystemExit: config missing"),
            ("Lengths", services.EmbedderProviderStub,
             lambda stub: stub.Embed(pb.EmbedRequest(text="interrupt"), timeout=20),
             "KeyboardInterrupt"),
            ("Parrot", services.LLMProviderStub,
             lambda stub: stub.Generate(ask("exit"), timeout=20), "SystemExit: 3"),
            ("Parrot", services.LLMProviderStub,
             lambda stub: list(stub.GenerateStreaming(ask("exit"), timeout=20)),
             "SystemExit: 3"),
            ("Number", services.LLMProviderStub,
             lambda stub: stub.Generate(ask("a"), timeout=20),
             "TypeError: it has to answer with a message, not int"),
            ("Parrot", services.LLMProviderStub,
             lambda stub: list(stub.GenerateStreaming(ask("fall"))), "ValueError: down"),
        ):
            with self.subTest(name), Host(name) as host:
                with self.assertRaises(grpc.RpcError) as caught:
                    call(stub(host.channel()))
                self.assertEqual(caught.exception.code(), grpc.StatusCode.UNKNOWN)
                self.assertEqual(caught.exception.details(), message)
                line = json.loads(host.process.stderr.readline())
                self.assertEqual(line["@level"], "error")
                self.assertIn(" failed\nTraceback ", line["@message"])
                self.assertTrue(line["@message"].endswith(message))

    def test_an_error_without_a_text_is_an_error_all_the_same(self):
        empty = "PluginError, which does not say why"
        with Host("Batches") as host:
            channel = host.channel()
            text = pb.EmbedRequest(text="no reason")
            self.assertEqual(services.EmbedderProviderStub(channel).Embed(text).error, empty)
            answer = services.EmbedderBatchStub(channel).EmbedBatch(
                pb.EmbedBatchRequest(requests=[text, pb.EmbedRequest(text="a")]))
            self.assertEqual([item.error for item in answer.responses], [empty, ""])
        with Host("Memory") as host:
            channel = host.channel()
            record = pb.UpsertRequest(collection="a", id="no reason")
            plugin = services.DatabaseProviderStub(channel)
            plugin.Initialize(pb.InitializeRequest())
            self.assertEqual(plugin.Upsert(record).error, empty)
            answer = services.DatabaseBatchStub(channel).UpsertBatch(
                pb.UpsertBatchRequest(requests=[record]))
            self.assertEqual([item.error for item in answer.responses], [empty])

    def test_an_embedder_of_batches(self):
        with Host("Batches") as host:
            channel = host.channel()
            plugin, batch = services.EmbedderProviderStub(channel), services.EmbedderBatchStub(
                channel)
            self.assertEqual(list(plugin.Embed(pb.EmbedRequest(text="ab")).vector), [2])
            self.assertEqual(plugin.Embed(pb.EmbedRequest()).error, "the text is empty")
            answer = batch.EmbedBatch(pb.EmbedBatchRequest(requests=[
                pb.EmbedRequest(text="a", input_type="query"), pb.EmbedRequest(),
                pb.EmbedRequest(text="abc")]))
            self.assertEqual([list(item.vector) for item in answer.responses], [[6], [], [3]])
            self.assertEqual(answer.responses[1].error, "the text is empty")
            with self.assertRaises(grpc.RpcError) as caught:
                batch.EmbedBatch(pb.EmbedBatchRequest(requests=[pb.EmbedRequest(text="few")] * 2))
            self.assertEqual(caught.exception.details(), "0 vectors for 2 texts")

    def test_a_batch_that_is_cancelled_is_left_unfinished(self):
        with Host("Batches") as host:
            channel = host.channel()
            batch = services.EmbedderBatchStub(channel)
            call = batch.EmbedBatch.future(
                pb.EmbedBatchRequest(requests=[pb.EmbedRequest(text="slow")] * 50))
            self.assertEqual(host.process.stdout.readline(), "begun\n")
            call.cancel()
            line = json.loads(host.process.stderr.readline())
            self.assertRegex(line["@message"], r"^EmbedBatch was cancelled after \d of 50$")

    def test_a_call_can_ask_whether_it_is_cancelled(self):
        for name, stub in (("EmbedBatch", services.EmbedderBatchStub),
                           ("Embed", services.EmbedderProviderStub)):
            with self.subTest(name), Host("Window") as host:
                text = pb.EmbedRequest(text="wait")
                request = text if name == "Embed" else pb.EmbedBatchRequest(requests=[text] * 3)
                method = getattr(stub(host.channel()), name)
                call = method.future(request)
                self.assertEqual(host.process.stdout.readline(), "begun\n")
                call.cancel()
                if name == "EmbedBatch":
                    line = json.loads(host.process.stderr.readline())
                    self.assertEqual(line["@message"], "EmbedBatch was cancelled after 0 of 3")
                # A worker that would wait for ever is free again, and nothing is reported as wrong.
                host.process.send_signal(signal.SIGTERM)
                self.assertEqual(host.end(), "")

    def test_a_database_of_batches(self):
        with Host("Memory") as host:
            channel = host.channel()
            plugin, batch = services.DatabaseProviderStub(channel), services.DatabaseBatchStub(
                channel)
            plugin.Initialize(pb.InitializeRequest())
            created = plugin.CreateCollection(
                pb.CreateCollectionRequest(collection="c", vector_size=3))
            self.assertEqual((created.success, created.error), (False, "not 3"))
            self.assertTrue(plugin.CreateCollection(
                pb.CreateCollectionRequest(collection="c", vector_size=2)).success)
            self.assertTrue(plugin.Upsert(pb.UpsertRequest(collection="a", id="1")).success)
            self.assertEqual(
                plugin.Delete(pb.DeleteRequest(collection="a", id="bad")).error, "no bad")
            answer = batch.UpsertBatch(pb.UpsertBatchRequest(requests=[
                pb.UpsertRequest(collection="a", id="2"),
                pb.UpsertRequest(collection="b", id="3"),
                pb.UpsertRequest(collection="none", id="4"),
                pb.UpsertRequest(collection="a", id="bad 5")]))
            self.assertEqual(
                [(item.success, item.error) for item in answer.responses],
                [(True, ""), (True, ""), (False, "there is no collection 'none'"),
                 (False, "no bad 5")])
            few = pb.UpsertRequest(collection="few", id="6")
            self.assertEqual(plugin.Upsert(few).error, "0 answers to a batch of 1")
            for call, request in (
                (batch.UpsertBatch, pb.UpsertBatchRequest(requests=[few])),
                (batch.DeleteBatch, pb.DeleteBatchRequest(requests=[
                    pb.DeleteRequest(collection="few", id="6")])),
            ):
                with self.assertRaises(grpc.RpcError) as caught:
                    call(request)
                self.assertEqual(caught.exception.code(), grpc.StatusCode.INTERNAL)
                self.assertEqual(caught.exception.details(), "0 answers to a batch of 1")
            found = batch.SearchBatch(pb.SearchBatchRequest(requests=[
                pb.SearchRequest(collection="a", vector=[1, 2], top_k=9),
                pb.SearchRequest(collection="none")]))
            first = found.responses[0].results
            self.assertEqual([match.id for match in first], ["a 1", "a bad", "a 2 bad 5", "b 3"])
            self.assertEqual((first[0].content, first[0].score, dict(first[0].metadata)),
                             ("c", 0.5, {"content": "c", "k": "v"}))
            self.assertEqual(found.responses[1].error, "there is no collection 'none'")

    def test_a_database_with_a_catalog(self):
        with Host("Shelf") as host:
            channel = host.channel()
            plugin = services.DatabaseProviderStub(channel)
            catalog = services.DatabaseCatalogStub(channel)
            plugin.Initialize(pb.InitializeRequest())
            for name, properties in ("b", {"alpha": "0.5"}), ("a", {}), ("b", {"model": "m"}):
                self.assertTrue(plugin.CreateCollection(pb.CreateCollectionRequest(
                    collection=name, vector_size=2, properties=properties)).success)
            found = catalog.ListCollections(pb.ListCollectionsRequest()).collections
            self.assertEqual([item.name for item in found], ["a", "b"])
            self.assertEqual(
                (found[1].vector_size, found[1].count, found[1].bytes, dict(found[1].properties)),
                (2, 3, 40, {"alpha": "0.5", "model": "m"}))
            self.assertEqual(
                catalog.ListCollections(pb.ListCollectionsRequest(prefix="fail")).error,
                "no list today")

            ids = ["2", "none", "1"]
            got = catalog.GetRecords(pb.GetRecordsRequest(
                collection="a", ids=ids, include_vectors=True)).records
            self.assertEqual([(item.id, list(item.vector), dict(item.metadata)) for item in got],
                             [("2", [1, 2], {"content": "2"}), ("1", [1, 2], {"content": "1"})])
            got = catalog.GetRecords(pb.GetRecordsRequest(collection="a", ids=ids)).records
            self.assertEqual(list(got[0].vector), [])
            self.assertEqual(
                catalog.GetRecords(pb.GetRecordsRequest(collection="x")).error,
                "there is no collection 'x'")

            moved = catalog.MoveCollection(pb.MoveCollectionRequest(**{"from": "a", "to": "b"}))
            self.assertEqual((moved.success, moved.error), (False, "there is a collection 'b'"))
            moved = catalog.MoveCollection(
                pb.MoveCollectionRequest(**{"from": "a", "to": "b", "replace": True}))
            self.assertTrue(moved.success)

    def test_the_scan_of_a_catalog(self):
        with Host("Shelf") as host:
            catalog = services.DatabaseCatalogStub(host.channel())

            def scan(collection, **more):
                return list(catalog.ScanRecords(
                    pb.ScanRecordsRequest(collection=collection, **more), timeout=60))

            # In messages of at most a MiB, so that a large collection is no large message.
            pieces = scan("a", after_id="1", filter_json="{}")
            self.assertEqual([[item.id for item in piece.records] for piece in pieces],
                             [["2"], ["3"], ["4"]])
            self.assertEqual(pieces[0].records[0].metadata["filter"], "{}")
            self.assertEqual(host.process.stdout.readline(), "closed\n")
            pieces = scan("fails", include_vectors=True)
            self.assertEqual([item.id for piece in pieces for item in piece.records], ["0", "1"])
            self.assertEqual(list(pieces[0].records[0].vector), [1, 2])
            self.assertEqual(pieces[-1].error, "the disk is gone")
            self.assertEqual(host.process.stdout.readline(), "closed\n")
            stream = catalog.ScanRecords(pb.ScanRecordsRequest(collection="endless"))
            next(stream)
            stream.cancel()
            self.assertEqual(host.process.stdout.readline(), "closed\n")

    def test_a_database_without_a_catalog_says_so(self):
        with Host("Memory") as host:
            with self.assertRaises(grpc.RpcError) as caught:
                services.DatabaseCatalogStub(host.channel()).ListCollections(
                    pb.ListCollectionsRequest())
            self.assertEqual(caught.exception.code(), grpc.StatusCode.UNIMPLEMENTED)

    def test_a_search_by_words(self):
        with Host("Shelf") as host:
            plugin = services.DatabaseProviderStub(host.channel())
            first, second = plugin.Search(pb.SearchRequest(
                vector=[1], text="a b", alpha=0, options={"ef": "9"}, explain=True)).results
            self.assertEqual((first.vector_score, first.text_score), (0.25, 0.75))
            self.assertEqual(
                json.loads(first.explanation_json),
                {"text": "a b", "alpha": 0, "options": {"ef": "9"}, "explain": True})
            self.assertFalse(second.HasField("vector_score") or second.HasField("text_score"))
            self.assertEqual(second.explanation_json, "")
            first = plugin.Search(pb.SearchRequest(vector=[1])).results[0]
            self.assertIsNone(json.loads(first.explanation_json)["alpha"])

    def test_a_reranker(self):
        with Host("Words") as host:
            plugin = services.RerankerProviderStub(host.channel())
            self.assertTrue(plugin.Initialize(pb.InitializeRequest()).success)

            def rerank(query, *texts, **more):
                answer = plugin.Rerank(
                    pb.RerankRequest(query=query, texts=texts, **more), timeout=20)
                return answer.error or [(item.index, item.score) for item in answer.scores]

            self.assertEqual(
                rerank("a b", "x", "a", "b a", "b"), [(2, 2), (1, 1), (3, 1), (0, 0)])
            self.assertEqual(rerank("a b", "x", "a", "b a", top_n=1), [(2, 2)])
            self.assertEqual(rerank("a", "a", top_n=5), [(0, 1)])
            self.assertEqual(rerank("a"), [])
            self.assertEqual(rerank("fail", "a"), "out of order")
            self.assertEqual(rerank("a", "a", "odd"), "the score of text 1 is nan")
            self.assertEqual(rerank("a", "huge"), "the score of text 0 is inf")
            for texts, message in (
                (["a", "few"], "1 scores for 2 texts"),
                (["a", "two"], "more scores than the 2 texts"),
            ):
                with self.assertRaises(grpc.RpcError) as caught:
                    rerank("a", *texts)
                self.assertEqual(caught.exception.code(), grpc.StatusCode.INTERNAL)
                self.assertEqual(caught.exception.details(), message)
            info = plugin.GetModelInfo(pb.Empty())
            self.assertEqual((info.model_name, info.max_tokens), ("words", 7))
            call = plugin.Rerank.future(pb.RerankRequest(query="a", texts=["slow"] * 50))
            self.assertEqual(host.process.stdout.readline(), "begun\n")
            call.cancel()
            lines = iter(lambda: json.loads(host.process.stderr.readline()), None)
            line = next(line for line in lines if line["@level"] == "info")
            self.assertRegex(line["@message"], r"^Rerank was cancelled after \d+ of 50$")

    def test_a_language_model(self):
        with Host("Parrot") as host:
            plugin = services.LLMProviderStub(host.channel())
            chunks = list(plugin.GenerateStreaming(ask("a b")))
            kind = pb.StreamChunk
            self.assertEqual([chunk.type for chunk in chunks],
                             [kind.TEXT, kind.TEXT, kind.TOOL_CALL, kind.DONE])
            self.assertEqual(host.process.stdout.readline(), "closed\n")
            answer = plugin.Generate(ask("a b"))
            self.assertEqual((answer.text, answer.tool_calls[0].name), ("ab", "look"))
            self.assertEqual(host.process.stdout.readline(), "closed\n")
            for call in (plugin.Generate, lambda request: list(plugin.GenerateStreaming(request))):
                for text, message in (
                    ("fail", "out of order"),
                    ("full", "out of paper"),
                    ("number",
                     "'stream' has to give text, a ToolCall or a StreamChunk, not int"),
                ):
                    with self.assertRaises(grpc.RpcError) as caught:
                        call(ask(text))
                    self.assertEqual(caught.exception.code(), grpc.StatusCode.UNKNOWN)
                    self.assertEqual(caught.exception.details(), message)
                    self.assertEqual(host.process.stdout.readline(), "closed\n")
            first = next(plugin.GenerateStreaming(ask("no reason")))
            self.assertEqual(first.error, "PluginError, which does not say why")
            self.assertEqual(host.process.stdout.readline(), "closed\n")
            stream = plugin.GenerateStreaming(ask("go " + "wait " * 1000))
            next(stream)
            stream.cancel()
            # Before all the thousand have been made.
            self.assertEqual(host.process.stdout.readline(), "closed\n")
            self.assertEqual(plugin.GetModelInfo(pb.Empty()).model_name, "parrot")

    def test_tools(self):
        with Host("Calculator") as host:
            plugin = services.ToolProviderStub(host.channel())
            self.assertFalse(plugin.GetTool(pb.GetToolRequest(name="divide")).found)
            self.assertTrue(plugin.DiscoverTools(pb.Empty()).success)
            info = plugin.ListTools(pb.Empty()).tools[0]
            self.assertEqual(json.loads(info.parameters_json)["required"], ["a", "b"])
            self.assertEqual((info.read_only, info.destructive, info.open_world),
                             (pb.HINT_TRUE, pb.HINT_FALSE, pb.HINT_NOT_SAID))
            self.assertEqual(plugin.GetTool(pb.GetToolRequest(name="divide")).tool, info)

            def run(name, arguments):
                answer = plugin.ExecuteTool(
                    pb.ExecuteToolRequest(name=name, arguments_json=arguments))
                return answer.success, answer.content, answer.error

            self.assertEqual(run("divide", '{"a": 1, "b": 2}'), (True, "0.5", ""))
            self.assertEqual(run("divide", '{"a": 1, "b": 0}'), (False, "", "cannot divide by 0"))
            self.assertEqual(run("x", "{}"), (False, "", "there is no tool 'x'"))
            self.assertEqual(
                run("count", "{}"),
                (False, "", "the tool 'count' has to return text, not int"))
            self.assertEqual(
                run("leave", "{}"),
                (False, "", "the tool 'leave' failed: SystemExit: config missing"))
            self.assertEqual(
                run("give_up", "{}"), (False, "", "PluginError, which does not say why"))
            self.assertEqual(
                run("divide", '{"a": 1, "b": "2"}'),
                (False, "", "the tool 'divide' failed: TypeError: "
                 "unsupported operand type(s) for /: 'int' and 'str'"))

    def test_a_strategy(self):
        with Host("Twice") as host:
            plugin = services.ReasoningStrategyStub(host.channel())
            state = pb.ReasoningState(query="q")
            for time in ("1", "2"):
                answer = plugin.PrepareIteration(pb.PrepareIterationRequest(state=state))
                self.assertEqual(dict(answer.custom_state), {"times": time})
                state.custom_state.update(answer.custom_state)
                text = plugin.GetContextInjection(pb.GetContextInjectionRequest(state=state)).text
                self.assertEqual(text, f"time {time}")
                stop = plugin.ShouldStop(pb.ShouldStopRequest(state=state))
                self.assertEqual(stop.stop, time == "2")
                after = plugin.AfterIteration(pb.AfterIterationRequest(state=state))
                self.assertEqual(dict(after.custom_state), {"times": time})
            state.query = "fail"
            failed = plugin.PrepareIteration(pb.PrepareIterationRequest(state=state))
            self.assertEqual((failed.success, failed.error), (False, "cannot"))
            self.assertEqual(plugin.GetStrategyInfo(pb.Empty()).name, "twice")


def certificate():
    """Returns a key and a certificate for a host, both as PEM."""
    return mutual_tls.identity()


if __name__ == "__main__":
    unittest.main()
