"""Test that generated/ matches Protos/. Needs grpcio-tools and the repository around the SDK."""

import importlib
import tempfile
import unittest
from pathlib import Path

from google.protobuf import descriptor_pb2

try:
    from grpc_tools import protoc
except ImportError:
    protoc = None

PROTOS = Path(__file__).resolve().parents[4] / "Protos"
FILES = sorted([*(f"hector/{path.name}" for path in (PROTOS / "hector").glob("*.proto")),
                "goplugin/controller.proto", "goplugin/stdio.proto"])


@unittest.skipUnless(protoc and PROTOS.is_dir(), "needs grpcio-tools, and Protos/")
class GeneratedTests(unittest.TestCase):
    def test_the_messages_and_services_are_those_of_the_protos(self):
        with tempfile.TemporaryDirectory() as folder:
            out = f"{folder}/set"
            code = protoc.main(
                ["protoc", f"-I{PROTOS}", f"--descriptor_set_out={out}", *FILES])
            self.assertEqual(code, 0)
            made = descriptor_pb2.FileDescriptorSet.FromString(Path(out).read_bytes())
        self.assertEqual({file.name for file in made.file}, set(FILES))
        for file in made.file:
            with self.subTest(file.name):
                name = file.name[:-len(".proto")].replace("/", ".")
                checked_in = descriptor_pb2.FileDescriptorProto()
                importlib.import_module(name + "_pb2").DESCRIPTOR.CopyToProto(checked_in)
                # protoc writes names for JSON, which follow from those of the fields.
                for message in file.message_type:
                    clear(message)
                for message in checked_in.message_type:
                    clear(message)
                self.assertEqual(checked_in, file, "run examples/sdk/python/generate")
                services = importlib.import_module(name + "_pb2_grpc")
                for service in file.service:
                    servicer = getattr(services, service.name + "Servicer")
                    for method in service.method:
                        self.assertTrue(hasattr(servicer, method.name), method.name)


def clear(message):
    for field in message.field:
        field.ClearField("json_name")
    for nested in message.nested_type:
        clear(nested)


if __name__ == "__main__":
    unittest.main()
