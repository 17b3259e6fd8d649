import Foundation
import Testing
import Unix

/// Plugins from a registry that others wrote: docker-registry, with TLS by a CA of the test.
@Suite(
    .enabled(
        if: isRegistryInstalled, "docker-registry is not installed: .ci/setup test"))
struct PluginRegistryTests {
    /// Runs a script with a registry at `$A`, which `stop` ends, and the keys `a.key`, `a.pub`,
    /// `b.key` and `b.pub`.
    private func run(_ script: String, login: String = "") async throws -> Shell.Result {
        try await PluginInstallTests.run(
            try Shell(),
            """
            registry() { "$ROOT/.build/venv/bin/python" "$ROOT/Tests/Foreign/registry/registry.py" "$@"; }
            start() {
                "$ROOT/.build/venv/bin/python" "$ROOT/Tests/Foreign/registry/registry.py" serve reg \(login) 2> serve.log & server=$!
                # It is written when the registry listens.
                until [ -s reg/address ]; do kill -0 $server || exit 1; sleep 0.1; done
                A=$(cat reg/address)
            }
            stop() { kill $server; wait $server 2>/dev/null; }
            trap 'stop 2>/dev/null' EXIT
            start
            export SSL_CERT_FILE=$PWD/reg/ca.pem
            for k in a b; do
                openssl ecparam -name prime256v1 -genkey -noout -out $k.key
                openssl ec -in $k.key -pubout -out $k.pub 2>/dev/null
            done
            cache=$HOME/.cache/hector/oci
            install() { hector plugin install -qy "$@"; echo $?; }
            blob() { echo reg/data/docker/registry/v2/blobs/sha256/${1:7:2}/${1:7}/data; }
            \(script)
            """)
    }

    @Test func `a plugin is installed from a tag, a digest and an index`() async throws {
        let result = try await run(
            """
            plugin p 1.0.0
            D=$(registry push reg plugins/wc:1.0 p); install oci://$A/plugins/wc:1.0
            diff -r p $root/wc && jq -r '.plugins[0] | .source, .digest' $root/hector.lock | sed "s/$A/A/; s/$D/D/"
            hector-embed --plugin wc -o dimension=1 hello | jq -c .vector
            hector plugin list | grep '^wc' | grep -o "oci://$A/plugins/wc:1.0" | sed "s/$A/A/"
            install oci://$A/plugins/wc@$D --name digest
            registry push reg plugins/wc:index p --index > /dev/null; install oci://$A/plugins/wc:index --name index
            registry push reg plugins/wc:docker p --docker > /dev/null; install oci://$A/plugins/wc:docker --name docker
            registry push reg plugins/wc:other p --other-index > /dev/null; install oci://$A/plugins/wc:other --name other
            (cd p; registry oras ../reg plugins/wc:oras wc wc.plugin.yaml); install oci://$A/plugins/wc:oras --name oras
            install oci://$A/plugins/none:1; install oci://$A/none
            unset SSL_CERT_FILE; install oci://$A/plugins/wc:other
            hector plugin verify; echo $?
            """)
        #expect(
            result.lines == [
                "0", "oci://A/plugins/wc:1.0", "D", "[-1]", "oci://A/plugins/wc:1.0", "0", "0", "0",
                "69", "0", "69", "69", "77", "0",
            ], "\(result.output)\(result.errors)")
        #expect(result.errors.contains("only for windows/mips"))
        #expect(result.errors.contains("cannot trust"))
    }

    @Test func `tampered layers and manifests are refused`() async throws {
        let result = try await run(
            """
            plugin p 1.0.0; D=$(registry push reg wc:1 p)
            M=$(blob $D); L=$(blob $(jq -r '.layers[0].digest' $M)); cp $M m; cp $L l
            # The same length, as a digest has to notice it and not the length.
            printf X | dd of=$L bs=1 seek=40 conv=notrunc 2>/dev/null; install oci://$A/wc:1
            head -c 100 l > $L; install oci://$A/wc:1
            cp l $L; rm -r $cache; sed 's/hector.plugin/hector.plugiX/' m > $M; install oci://$A/wc:1; install oci://$A/wc@$D
            ls -A $root; ls -A $cache/blobs | grep partial
            cp m $M; install oci://$A/wc@$D
            # The cache is not believed either.
            rm -r $root/wc; hector plugin remove wc
            for file in $cache/blobs/*; do printf X >> $file; done; install oci://$A/wc@$D; hector plugin verify; echo $?
            """)
        let lines = result.lines
        #expect(
            lines == ["77", "77", "77", "77", ".lock", "0", "0", "0"],
            "\(result.output)\(result.errors)")
        #expect(result.errors.contains("is not what it has to be"))
    }

    @Test func `only the signer whose key is given, or was, counts`() async throws {
        let result = try await run(
            """
            plugin p 1.0.0; D=$(registry push reg wc:1 p)
            install oci://$A/wc:1 --key a.pub
            registry sign reg wc $D b.key; install oci://$A/wc:1 --key a.pub
            registry sign reg wc $D a.key; install oci://$A/wc:1 --key a.pub; echo installed
            hector plugin info --json wc | jq -r '.installed.signed_by' | cut -c 1-7
            # The key is remembered.
            plugin p 1.1.0; D=$(registry push reg wc:1 p); hector plugin update -qy; echo $?
            install oci://$A/wc:1; install p
            registry sign reg wc $D b.key; hector plugin update -qy; echo $?
            registry sign reg wc $D a.key elsewhere.example/wc; hector plugin update -qy; echo $?
            # The signature of what was there before.
            O=$(jq -r '.plugins[0].digest' $root/hector.lock); jq -r '.plugins[0].version' $root/hector.lock
            registry sign reg wc $O a.key
            registry sign reg wc $D a.key; hector plugin update -qy; echo $?; jq -r '.plugins[0].version' $root/hector.lock
            # An index is what is signed, or what it leads to.
            plugin p 1.2.0; registry push reg wc:1 p --index > index; registry sign reg wc $(cat index) a.key
            hector plugin update -qy; echo $?
            # Another key only if it is given.
            plugin p 1.3.0; D=$(registry push reg wc:1 p); registry sign reg wc $D b.key
            hector plugin update -qy; echo $?; hector plugin update -qy wc --key b.pub; echo $?
            openssl genrsa 2048 2>/dev/null | openssl rsa -pubout -out rsa.pub 2>/dev/null; install oci://$A/wc:1 --key rsa.pub
            install p --key a.pub
            """)
        #expect(
            result.lines == [
                "77", "77", "0", "installed", "SHA256:", "77", "77", "77", "77", "77", "1.0.0",
                "0", "1.1.0", "0", "77", "0", "65", "77",
            ], "\(result.output)\(result.errors)")
        for text in [
            "is not signed", "is signed with another key", "is signed as 'elsewhere.example/wc'",
        ] {
            #expect(result.errors.contains(text), "\(text) is not in \(result.errors)")
        }
    }

    @Test func `a plugin of another source does not take the place of one by its name`()
        async throws
    {
        let result = try await run(
            """
            plugin p 1.0.0; registry push reg wc:1 p > /dev/null; install p
            plugin p 2.0.0; registry push reg evil/wc:1 p > /dev/null
            install oci://$A/evil/wc:1; cat $root/wc/data/words
            install oci://$A/evil/wc:1 --name wc; cat $root/wc/data/words
            plugin p 3.0.0; install p; install oci://$A/wc:1 --allow-downgrade
            plugin p 2.1.0; registry push reg evil/wc:2 p > /dev/null; install oci://$A/evil/wc:2
            """)
        #expect(
            result.lines == ["0", "77", "data 1.0.0", "0", "data 2.0.0", "77", "77", "0"],
            "\(result.output)\(result.errors)")
        #expect(result.errors.contains("add --name wc if it is to take its place"))
    }

    @Test func `what fetches has no keys, and limits`() async throws {
        let result = try await PluginInstallTests.run(
            try Shell(),
            """
            cat > server.py <<'PY'
            import http.server, os, pathlib
            class Handler(http.server.BaseHTTPRequestHandler):
                def do_GET(self):
                    for process in pathlib.Path("/proc").iterdir():
                        try:
                            if b"hector-fetch" not in (process / "cmdline").read_bytes().split(b"\\0")[0]: continue
                            names = [line.split(b"=")[0].decode() for line in (process / "environ").read_bytes().split(b"\\0")]
                            status = (process / "status").read_text()
                        except OSError: continue
                        if os.environ["HOME"] not in (process / "environ").read_text(): continue
                        print("HOME" in names, "https_proxy" in names, [n for n in names if "KEY" in n], "Seccomp:\\t2" in status, flush=True)
                    self.send_error(404)
                def log_message(self, *_): pass
            server = http.server.HTTPServer(("127.0.0.1", 0), Handler)
            print(server.server_port, file=open("port.new", "w"), flush=True)
            pathlib.Path("port.new").rename("port")
            server.serve_forever()
            PY
            python3 server.py > seen & trap "kill $!" EXIT
            until [ -s port ]; do sleep 0.1; done
            export OPENAI_API_KEY=marked-key-123 https_proxy=http://127.0.0.1:1 no_proxy=127.0.0.1
            hector plugin install -y oci+http://127.0.0.1:$(cat port)/x:1; echo $?; sort -u seen
            """)
        let limits = ConfinementSupport.current.landlock > 0 ? "True" : "False"
        #expect(
            result.lines == ["69", "True True [] \(limits)"], "\(result.output)\(result.errors)")
    }

    @Test func `a downgrade is refused`() async throws {
        let result = try await run(
            """
            plugin p 2.0.0; registry push reg wc:latest p > /dev/null; install oci://$A/wc
            plugin p 1.9.0; registry push reg wc:latest p > /dev/null; hector plugin update -qy; echo $?
            cat $root/wc/data/words; hector plugin update -qy --allow-downgrade; echo $?; cat $root/wc/data/words
            """)
        #expect(
            result.lines == ["0", "77", "data 2.0.0", "0", "data 1.9.0"],
            "\(result.output)\(result.errors)")
    }

    @Test func `installing again works offline`() async throws {
        let result = try await run(
            """
            plugin p 1.0.0; D=$(registry push reg wc:1 p); registry sign reg wc $D a.key
            install oci://$A/wc:1 --key a.pub
            stop; hector plugin remove wc
            hector plugin install -y oci://$A/wc:1 --key a.pub; echo $?; hector plugin verify; echo $?
            hector plugin remove wc; install oci://$A/wc:1 --key a.pub --offline
            install oci://$A/wc@$D --name digest --offline
            install oci://$A/other:1 --offline
            hector plugin update -qy wc; echo $?
            rm -r $cache; hector plugin update -qy wc; echo $?; hector plugin verify; echo $?
            """)
        #expect(
            result.lines == ["0", "0", "0", "0", "0", "69", "0", "69", "0"],
            "\(result.output)\(result.errors)")
        #expect(result.errors.contains("using what was fetched before"))
    }

    @Test(arguments: ["basic", "token"])
    func `a registry that wants a login gets docker's`(login: String) async throws {
        let result = try await run(
            """
            plugin p 1.0.0; registry push reg team/wc:1 p > /dev/null
            registry push reg public/wc:1 p > /dev/null
            install oci://$A/team/wc:1
            mkdir ~/.docker; login() { printf '{"auths":{"%s":{"auth":"%s"}}}' $A $(printf %s "$1" | base64) > ~/.docker/config.json; }
            login user:wrong; install oci://$A/team/wc:1
            login user:secret; install oci://$A/team/wc:1
            rm ~/.docker/config.json; install oci://$A/public/wc:1 --name public
            grep -c secret $root/hector.lock; grep -r c2VjcmV0 ~/.cache ~/.hector
            """, login: login)
        #expect(
            result.lines == ["77", "77", "0", login == "token" ? "0" : "77", "0"],
            "\(result.output)\(result.errors)")
        #expect(!result.errors.contains("secret"))
    }

    @Test func `an installation that is killed while it fetches begins again`() async throws {
        let result = try await run(
            """
            plugin p 1.0.0; plugin q 2.0.0; head -c 30000000 /dev/urandom > q/data/large
            registry push reg wc:1 p > /dev/null; install oci://$A/wc:1
            registry push reg wc:1 q > /dev/null
            for round in 1 2 3 4 5 6; do
                hector plugin update -qy & pid=$!; sleep 0.$((round * 5 % 10))$round; kill -9 $pid 2>/dev/null; wait $pid 2>/dev/null
                hector-embed --plugin wc -o dimension=1 hello > /dev/null || echo "round $round: $?"
            done
            hector plugin update -qy; echo $?; hector plugin verify; echo $?; diff -r q $root/wc && echo whole
            ls -A $root | grep staging
            """)
        #expect(result.lines == ["0", "0", "0", "whole"], "\(result.output)\(result.errors)")
    }
}

private let isRegistryInstalled =
    FileManager.default.isExecutableFile(atPath: "/usr/bin/docker-registry")
    && FileManager.default.isExecutableFile(atPath: Shell.root + "/.build/venv/bin/python")
