import Foundation
import Testing
import Unix

/// Plugins that the kernel limits, as a user meets them.
@Suite(
    .serialized,
    .enabled("this kernel has no Landlock") { ConfinementSupport.current.landlock > 0 })
struct ConfinementTests {
    /// A shell with a hostile plugin that says it needs nothing, a home directory worth reading, and
    /// the environment that the plugin expects.
    private func hostile(_ needs: String = "needs: {}") throws -> Shell {
        let shell = try Shell()
        try shell.write(
            """
            plugin:
              name: hostile
              version: 1.0.0
              type: embedder_provider
              protocol: grpc
              \(needs)
            """, to: "hostile.plugin.yaml")
        try shell.write(
            """
            mkdir -p $HOME/.ssh
            echo key > $HOME/.ssh/id; echo shell > $HOME/.bashrc
            sed 's/"--plugin" in sys.argv/True/' $ROOT/Tests/Foreign/python/hostile.py > hostile
            chmod +x hostile
            sleep 600 & VICTIM=$!
            export VICTIM TCP_PORT=1 OTHER_PORT=1 UNIX_SOCKET=/nowhere ABSTRACT_SOCKET=none
            """, to: "prepare")
        return shell
    }

    @Test func `a hostile plugin does nothing`() async throws {
        let result = try await hostile().run(
            """
            . ./prepare
            hector-embed --plugin ./hostile --debug hi 2> errors
            echo $?
            grep -c ': E[A-Z]*' errors > count; [ "$(cat count)" -gt 40 ] && echo many
            grep -o '[a-zA-Z./ ]*: DONE' errors | grep -v ' may ' | sort -u
            kill -0 $VICTIM && echo lives; kill $VICTIM; cat $HOME/.bashrc
            ls -A $TMPDIR
            """)
        #expect(
            result.lines == ["69", "many", "lives", "shell"], "\(result.output) \(result.errors)")
    }

    @Test(arguments: ["", "needs: {}"])
    func `limits are taken away only by a choice`(needs: String) async throws {
        let shell = try hostile(needs)
        try shell.write(
            """
            plugins: { embedder_providers: { hostile: { path: ./hostile, confine: false } } }
            """, to: "off.yaml")
        let result = try await shell.run(
            """
            . ./prepare
            reads() { "$@" --debug hi 2>&1 | grep -c 'read a key: DONE'; }
            reads hector-embed --plugin ./hostile
            HECTOR_CONFINE=off reads hector-embed --plugin ./hostile
            reads hector-embed --config off.yaml --plugin hostile
            kill $VICTIM 2> /dev/null; true
            """)
        #expect(result.lines == [needs.isEmpty ? "1" : "0", "1", "1"], "\(result.errors)")
    }

    @Test func `what the kernel cannot keep is refused, not left out`() async throws {
        let shell = try Shell()
        try shell.write(
            """
            plugins:
              embedder_providers:
                hash-embedder: { confine: { connect: [unix:/run/x] } }
                free: { path: hash-embedder, confine: false }
            """, to: "hector.yaml")
        // A filter that makes the kernel look as one without Landlock.
        try shell.write(
            """
            import ctypes, os, platform, struct, sys
            libc = ctypes.CDLL(None)
            number = 444
            code = [(0x20, 0, 0, 0), (0x15, 0, 1, number), (0x06, 0, 0, 0x50000 | 38),
                (0x06, 0, 0, 0x7fff0000)]
            text = b"".join(struct.pack("HBBI", *line) for line in code)
            buffer = ctypes.create_string_buffer(text)
            program = struct.pack("HxxxxxxQ", len(code), ctypes.addressof(buffer))
            assert libc.prctl(38, 1, 0, 0, 0) == 0
            assert libc.prctl(22, 2, ctypes.c_char_p(program), 0, 0) == 0
            os.execvp(sys.argv[1], sys.argv[1:])
            """, to: "old.py")
        let result = try await shell.run(
            """
            old() { python3 old.py "$@"; }
            : > empty.yaml
            old hector-embed --config empty.yaml hi 2> errors; echo $?; cat errors
            old hector-embed --plugin free --encoding base64 hi > /dev/null; echo $?
            HECTOR_CONFINE=off old hector-embed --config empty.yaml hi > /dev/null; echo $?
            old hector-plugin info extractive-llm --json |
                jq -c '[.status, .confinement.confined, .confinement.kernel.landlock]'
            """)
        #expect(result.lines.first == "77")
        #expect(result.output.contains("this kernel limits no files: it has no Landlock"))
        #expect(result.output.contains("HECTOR_CONFINE=off"))
        #expect(
            result.lines.suffix(3) == ["0", "0", #"["unusable",false,0]"#], "\(result.output)")
        if ConfinementSupport.current.landlock < 9 {
            let refused = try await shell.run("hector-embed --plugin hash-embedder hi; echo $?")
            #expect(refused.lines == ["77"])
            #expect(refused.errors.contains("limits no Unix sockets by their paths"))
        }
    }

    @Test func `the limits of a plugin are shown`() async throws {
        let shell = try Shell()
        let result = try await shell.run(
            """
            unset SSL_CERT_FILE SSL_CERT_DIR CURL_CA_BUNDLE
            info() {
                hector plugin info "$@" --json |
                    jq -c '.confinement | [.confined, .read, .write, .connect, .exec]'
            }
            for name in hash-embedder extractive-llm chain-of-thought local-vectors openai-llm \
                system-tools
            do info $name; done
            hector plugin info hash-embedder | grep -A5 confinement | tr -s ' '
            HECTOR_CONFINE=off hector plugin info hash-embedder | grep -A2 confinement | tr -s ' '
            """)
        #expect(
            result.lines
                == [
                    "[true,[],[],[],[]]", "[true,[],[],[],[]]", "[true,[],[],[],[]]",
                    "[true,[],[\"HOME/.local/share/hector/vectors\"],[],[]]",
                    "[true,[],[],[\"*\"],[]]", "[true,[\"WORK\"],[\"WORK\"],[],[]]",
                    "confinement:", " confined true", " read nothing", " write nothing",
                    " connect nothing", " exec nothing",
                    "confinement:", " confined false", " reason HECTOR_CONFINE is off",
                ].map {
                    $0.replacing("WORK", with: shell.path)
                        .replacing("HOME", with: shell.path.replacing(/work$/, with: "home"))
                }, "\(result.output)")
    }

    @Test func `the programs of system-tools can be confined`() async throws {
        let shell = try Shell()
        try shell.write(
            """
            plugins:
              tool_providers:
                free:
                  path: system-tools
                  config: { allowed_commands: [cat, sh] }
                held:
                  path: system-tools
                  config: { allowed_commands: [cat, sh] }
                  confine: { read: [.], write: [.], connect: [], exec: [/usr/bin, /bin] }
            """, to: "hector.yaml")
        let result = try await shell.run(
            """
            echo secret > $HOME/key; echo text > file
            call() {
                hector-tool --plugin $1 --allow '*' execute_command "{\\\"argv\\\":$2}" 2>&1 | grep -c "$3"
            }
            for plugin in free held; do
                call $plugin '["cat","file"]' text
                call $plugin "[\\"cat\\",\\"$HOME/key\\"]" secret
            done
            """)
        let isHeld = ConfinementSupport.current.landlock >= 6
        #expect(
            result.lines == ["1", "1"] + (isHeld ? ["1", "0"] : ["0", "0"]), "\(result.errors)")
    }
}
