"""A registry of OCI artifacts for tests, and what fills it.

    registry.py serve FOLDER [basic|token]     docker-registry with TLS on a free port of this machine
    registry.py push FOLDER NAME:TAG SOURCE... an artifact of folders, archives and files; its digest
    registry.py sign FOLDER NAME DIGEST KEY    a signature in cosign's form, made by openssl
    registry.py oras FOLDER NAME:TAG FILE...   an artifact as oras makes it

serve writes FOLDER/ca.pem, with which its certificate is checked, and FOLDER/address, when it
answers. With basic or token it wants the name 'user' and the password 'secret'; for token there is
also a server of tokens, whose requests are in FOLDER/tokens.

Options of push: --index puts the manifest into an index for this machine, --other-index into one for
another machine, --docker has the media types of docker.
"""
import base64
import hashlib
import http.client
import http.server
import io
import json
import os
import pathlib
import platform
import re
import signal
import ssl
import subprocess
import sys
import tarfile
import threading
import time
import urllib.parse

IMAGE = "application/vnd.oci.image.manifest.v1+json"
INDEX = "application/vnd.oci.image.index.v1+json"
LAYER = "application/vnd.oci.image.layer.v1.tar+gzip"
DOCKER_IMAGE = "application/vnd.docker.distribution.manifest.v2+json"
DOCKER_LAYER = "application/vnd.docker.image.rootfs.diff.tar.gzip"
BASIC = "Basic " + base64.b64encode(b"user:secret").decode()


def openssl(*arguments, **options):
    return subprocess.run(
        ["openssl", *arguments], check=True, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
        **options).stdout


def make_certificates(folder):
    """Makes a CA and a certificate of it for this machine."""
    openssl("req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
            "-days", "30", "-subj", "/CN=Test CA", "-keyout", folder / "ca.key",
            "-out", folder / "ca.pem")
    openssl("req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
            "-subj", "/CN=localhost", "-keyout", folder / "server.key",
            "-out", folder / "server.csr")
    names = folder / "names"
    names.write_text("subjectAltName=DNS:localhost,IP:127.0.0.1\n")
    openssl("x509", "-req", "-in", folder / "server.csr", "-CA", folder / "ca.pem",
            "-CAkey", folder / "ca.key", "-CAcreateserial", "-days", "30", "-extfile", names,
            "-out", folder / "server.pem")


class Tokens(http.server.BaseHTTPRequestHandler):
    """A server of tokens as docker's registry wants them: JWT, signed with RS256."""

    def do_GET(self):
        import jwt
        folder = self.server.folder
        query = dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(self.path).query))
        authorization = self.headers.get("Authorization")
        with open(folder / "tokens", "a", encoding="utf-8") as file:
            file.write(json.dumps({"query": query, "authorization": authorization}) + "\n")
        if authorization not in (None, BASIC):
            self.send_error(401)
            return
        kind, name, actions = query["scope"].split(":")
        # Without a name there is only what is public.
        granted = actions.split(",") if authorization or name.startswith("public/") else []
        now = int(time.time())
        certificate = (folder / "tokens.pem").read_text()
        body = "".join(certificate.split("\n")[1:-2])
        token = jwt.encode(
            {"iss": "test", "sub": "user", "aud": "registry", "exp": now + 600, "nbf": now - 60,
             "iat": now - 60, "jti": str(time.monotonic_ns()),
             "access": [{"type": kind, "name": name, "actions": granted}]},
            (folder / "tokens.key").read_text(), algorithm="RS256", headers={"x5c": [body]})
        answer = json.dumps({"token": token}).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, *_):
        pass


def serve_tokens(folder):
    """Returns the address of a server of tokens."""
    openssl("req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "30", "-subj", "/CN=tokens",
            "-keyout", folder / "tokens.key", "-out", folder / "tokens.pem")
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Tokens)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "server.pem", folder / "server.key")
    server.socket = context.wrap_socket(server.socket, server_side=True)
    server.folder = folder
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return f"https://localhost:{server.server_port}/token"


def serve(folder, login=None):
    folder.mkdir(parents=True, exist_ok=True)
    if not (folder / "server.pem").exists():
        make_certificates(folder)
    address = folder / "address"
    # The same address as before, for a registry that comes back.
    listen = address.read_text().strip() if address.exists() else "localhost:0"
    configuration = {
        "version": 0.1, "log": {"level": "info", "accesslog": {"disabled": True}},
        "storage": {"filesystem": {"rootdirectory": str(folder / "data")},
                    "delete": {"enabled": True}},
        "http": {"addr": listen.replace("localhost", "127.0.0.1"), "tls": {
            "certificate": str(folder / "server.pem"), "key": str(folder / "server.key")}},
    }
    if login == "basic":
        (folder / "htpasswd").write_text(
            # 'secret' in bcrypt, the only form that it takes.
            "user:$2b$04$HvHSj.8EPQVMubGXCkFzEeeZpvhovQxsP.zJ5NiQzXiQI6EAeyPsa\n")
        configuration["auth"] = {"htpasswd": {"realm": "test", "path": str(folder / "htpasswd")}}
    elif login == "token":
        configuration["auth"] = {"token": {
            "realm": serve_tokens(folder), "service": "registry", "issuer": "test",
            "rootcertbundle": str(folder / "tokens.pem")}}
    (folder / "config.json").write_text(json.dumps(configuration))
    # So that the registry ends with this.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    environment = {k: v for k, v in os.environ.items() if not k.startswith("REGISTRY_")}
    process = subprocess.Popen(
        ["docker-registry", "serve", str(folder / "config.json")], stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, env=environment)
    try:
        for line in process.stderr:
            found = re.search(r"listening on 127\.0\.0\.1:(\d+)", line)
            if found:
                new = folder / "address.new"
                new.write_text(f"localhost:{found.group(1)}\n")
                new.rename(address)
    finally:
        process.kill()
        process.wait()


class Client:
    """The little of OCI distribution that pushing takes."""

    def __init__(self, folder):
        self.address = (folder / "address").read_text().strip()
        self.context = ssl.create_default_context(cafile=folder / "ca.pem")
        self.tokens = {}

    def request(self, method, path, body=b"", headers=None, scope=None):
        headers = dict(headers or {})
        if path in self.tokens:
            headers["Authorization"] = self.tokens[path]
        connection = http.client.HTTPSConnection(self.address, context=self.context)
        connection.request(method, path, body, headers)
        answer = connection.getresponse()
        data = answer.read()
        challenge = answer.headers.get("WWW-Authenticate", "")
        if answer.status == 401 and path not in self.tokens:
            self.tokens[path] = self.answer(challenge, scope)
            return self.request(method, path, body, headers, scope)
        if answer.status >= 300:
            raise SystemExit(f"registry.py: {method} {path}: {answer.status} {data[:300]!r}")
        return answer.headers

    def answer(self, challenge, scope):
        if challenge.startswith("Basic"):
            return BASIC
        fields = dict(re.findall(r'(\w+)="([^"]*)"', challenge))
        realm = urllib.parse.urlsplit(fields["realm"])
        query = urllib.parse.urlencode({"service": fields["service"], "scope": scope})
        connection = http.client.HTTPSConnection(realm.netloc, context=self.context)
        connection.request("GET", f"{realm.path}?{query}", headers={"Authorization": BASIC})
        return "Bearer " + json.loads(connection.getresponse().read())["token"]

    def push_blob(self, name, data):
        digest = "sha256:" + hashlib.sha256(data).hexdigest()
        scope = f"repository:{name}:pull,push"
        location = self.request("POST", f"/v2/{name}/blobs/uploads/", scope=scope)["Location"]
        parts = urllib.parse.urlsplit(location)
        query = parts.query + ("&" if parts.query else "") + "digest=" + digest
        self.request("PUT", f"{parts.path}?{query}", data,
                     {"Content-Type": "application/octet-stream"}, scope)
        return {"digest": digest, "size": len(data)}

    def push_manifest(self, name, tag, manifest):
        data = json.dumps(manifest).encode()
        self.request("PUT", f"/v2/{name}/manifests/{tag}", data,
                     {"Content-Type": manifest["mediaType"]}, f"repository:{name}:pull,push")
        return {"mediaType": manifest["mediaType"], "size": len(data),
                "digest": "sha256:" + hashlib.sha256(data).hexdigest()}


def packed(folder):
    """Returns a folder as a tar archive packed with gzip."""
    target = io.BytesIO()
    with tarfile.open(fileobj=target, mode="w:gz") as archive:
        for path in sorted(folder.iterdir()):
            archive.add(path, path.name)
    return target.getvalue()


def push(folder, reference, sources, options):
    client = Client(folder)
    name, tag = reference.rsplit(":", 1)
    docker = "--docker" in options
    layers = []
    for source in map(pathlib.Path, sources):
        data = packed(source) if source.is_dir() else source.read_bytes()
        layers.append({"mediaType": DOCKER_LAYER if docker else LAYER,
                       **client.push_blob(name, data)})
    empty = client.push_blob(name, b"{}")
    manifest = {
        "schemaVersion": 2, "mediaType": DOCKER_IMAGE if docker else IMAGE,
        "config": {"mediaType": "application/vnd.docker.container.image.v1+json" if docker
                   else "application/vnd.oci.empty.v1+json", **empty},
        "layers": layers,
    }
    if not docker:
        manifest["artifactType"] = "application/vnd.hector.plugin.v1"
    machine = {"x86_64": "amd64", "aarch64": "arm64"}[platform.machine()]
    if "--index" in options or "--other-index" in options:
        pushed = client.push_manifest(name, tag + "-own", manifest)
        foreign = {"os": "windows", "architecture": "mips"}
        own = {"os": "linux", "architecture": machine}
        entry = {**pushed, "platform": foreign if "--other-index" in options else own}
        index = {"schemaVersion": 2, "mediaType": INDEX, "manifests": [entry]}
        return client.push_manifest(name, tag, index)["digest"]
    return client.push_manifest(name, tag, manifest)["digest"]


def sign(folder, name, digest, key, reference=None):
    client = Client(folder)
    payload = json.dumps({
        "critical": {
            "identity": {"docker-reference": reference or f"{client.address}/{name}"},
            "image": {"docker-manifest-digest": digest},
            "type": "cosign container image signature",
        }, "optional": None}).encode()
    signature = openssl("dgst", "-sha256", "-sign", key, input=payload)
    layer = {"mediaType": "application/vnd.dev.cosign.simplesigning.v1+json",
             **client.push_blob(name, payload),
             "annotations": {
                 "dev.cosignproject.cosign/signature": base64.b64encode(signature).decode()}}
    manifest = {"schemaVersion": 2, "mediaType": IMAGE, "layers": [layer],
                "config": {"mediaType": "application/vnd.oci.image.config.v1+json",
                           **client.push_blob(name, b"{}")}}
    client.push_manifest(name, digest.replace(":", "-") + ".sig", manifest)


def oras(folder, reference, files):
    import oras.client
    address = (folder / "address").read_text().strip()
    os.environ["REQUESTS_CA_BUNDLE"] = str(folder / "ca.pem")
    client = oras.client.OrasClient(hostname=address)
    client.push(target=f"{address}/{reference}", files=files, disable_path_validation=True)


def main(command, folder, *arguments):
    folder = pathlib.Path(folder).absolute()
    options = [a for a in arguments if a.startswith("--")]
    rest = [a for a in arguments if not a.startswith("--")]
    if command == "serve":
        serve(folder, *rest)
    elif command == "push":
        print(push(folder, rest[0], rest[1:], options))
    elif command == "sign":
        sign(folder, *rest)
    elif command == "oras":
        oras(folder, rest[0], rest[1:])
    else:
        raise SystemExit(__doc__)


if __name__ == "__main__":
    main(*sys.argv[1:])
