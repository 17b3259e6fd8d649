import Foundation
import Synchronization
import TestSupport
import Testing

/// Keys from files, commands and the user's store, and settings from files.
@Suite(.serialized, .timeLimit(.minutes(10))) struct KeyTests {
    private static let key = "MARKED-key-0123456789abcdef"

    /// A server whose answer is the key that it was sent.
    private func server() throws -> Loopback {
        try Loopback { request, connection in
            let key = request.headers["authorization"]?.split(separator: " ").last ?? "none"
            try connection.answer(
                #"{"choices":[{"message":{"content":"got \#(key.count)"},"finish_reason":"stop"}]}"#
            )
        }
    }

    private func shell(_ entry: String, config: String = "", _ server: Loopback) throws -> Shell {
        let shell = try Shell()
        try shell.write(
            """
            plugins:
              llm_providers:
                mine:
                  path: openai-llm
            \(entry.split(separator: "\n").map { "      \($0)" }.joined(separator: "\n"))
                  config: { base_url: "\(server.url)", model: m\(config) }
            """, to: "hector.yaml")
        try shell.write(Self.key + "\nsecond line\n", to: "pass")
        try writeKey(to: shell)
        return shell
    }

    private func writeKey(to shell: Shell) throws {
        try FileManager.default.setAttributes(
            [.posixPermissions: 0o600], ofItemAtPath: shell.path + "/pass")
        try shell.write(Self.key + "\n", to: "key")
        try FileManager.default.setAttributes(
            [.posixPermissions: 0o600], ofItemAtPath: shell.path + "/key")
    }

    private static let ask = "hector-generate --config ./hector.yaml --plugin mine --no-stream hi"

    private func sent(_ server: Loopback) -> String? {
        server.received.last?.headers["authorization"]
    }

    @Test(arguments: [
        ("api_key_file: key", ""), ("api_key_file: ./key", ""),
        ("api_key_command: head -n 1 pass", ""), ("api_key_command: [cat, pass]", ""),
        ("api_key_command: 'cat pass # api'", ""), ("", ", api_key_file: key"),
        ("", ", api_key_command: cat pass"), ("", ", api_key_command: [cat, pass]"),
    ])
    func `a key comes from a file or a command`(entry: String, config: String) async throws {
        let server = try server()
        let shell = try shell(entry, config: config, server)
        let result = try await shell.run(Self.ask)
        #expect(result.output == "got \(Self.key.count)\n", "\(result.errors)")
        #expect(sent(server) == "Bearer \(Self.key)")
    }

    @Test(
        arguments: [
            ("chmod 640 key", "api_key_file: key", 77, "chmod 600 '"),
            ("chmod 604 key", "api_key_file: key", 77, "others may read the key in '"),
            ("rm key", "api_key_file: key", 78, "No such file or directory"),
            (": > key", "api_key_file: key", 78, "is empty, expected a key in it"),
            (
                "", "api_key_command: exit 3", 78,
                "'exit', which prints the key, exited with status 3"
            ),
            ("", "api_key_command: 'echo locked >&2; exit 1'", 78, "mine: locked"),
            ("", "api_key_command: [./none]", 78, "cannot run './none', which prints the key"),
            (
                "", "api_key_command: 'true'", 78,
                "'true' printed no key, expected one on its first line"
            ),
            ("", "api_key_command: {a: b}", 78, "expected a command line or a list of words"),
            ("", "api_key_file: [a]", 78, "expected the path of a file"),
            ("", "api_key_file: key\napi_key_command: cat pass", 78, "expected one of them"),
        ] as [(String, String, Int32, String)])
    func `no key is an error that says why`(
        change: String, entry: String, status: Int32, words: String
    ) async throws {
        let server = try server()
        let shell = try shell(entry, server)
        let result = try await shell.run("\(change)\n\(Self.ask)")
        #expect(result.status == status && result.errors.contains(words), "\(result.errors)")
        #expect(server.received.isEmpty)
        #expect(!result.errors.contains(Self.key))
    }

    @Test func `a key is given once, in one place`() async throws {
        let server = try server()
        let shell = try shell("api_key_file: key", config: ", api_key: other-key", server)
        let result = try await shell.run(Self.ask)
        #expect(result.status == 78)
        #expect(result.errors.contains("both give 'api_key', expected one of them"))
        let given = try await shell.run(Self.ask + " -o api_key=@pass")
        #expect(given.status != 0 && !given.errors.contains("both give"))
    }

    @Test func `the command runs only for a start, and once`() async throws {
        let server = try server()
        let shell = try shell("api_key_command: 'echo run >> log; cat pass'", server)
        let quiet = try await shell.run(
            """
            touch log
            hector plugin list > /dev/null
            hector plugin info mine > /dev/null
            hector validate; hector config show > shown
            hector-generate --plugin mine -n </dev/null
            cat log
            """)
        #expect(quiet.output == "", "\(quiet.errors)")
        let asked = try await shell.run(
            """
            printf '{"content":"a"}\\n{"content":"b"}\\n' | hector-generate --plugin mine | wc -l
            cat log
            """)
        #expect(asked.lines == ["2", "run"], "\(asked.errors)")
    }

    @Test func `a plugin that lacks only a key from elsewhere is ready`() async throws {
        let server = try server()
        let shell = try shell("api_key_file: key", server)
        let result = try await shell.run(
            "hector plugin list --kind llm --json | jq -r 'select(.name == \"mine\").status'")
        #expect(result.output == "ok\n" || result.output == "ready\n", "\(result.output)")
    }

    // MARK: Options

    @Test(arguments: [
        ("api_key=@key", "Bearer \(key)"), ("api_key=@@key", "Bearer @key"),
        ("api_key=@<(cat key)", "Bearer \(key)"), ("api_key_file=key", "Bearer \(key)"),
        ("'api_key_command=cat pass'", "Bearer \(key)"),
    ])
    func `a setting on the command line may be in a file`(option: String, sent header: String)
        async throws
    {
        let server = try server()
        let shell = try shell("", server)
        for program in [
            "hector-generate --plugin mine --no-stream", "hector --plugin mine --no-tools",
        ] {
            let result = try await shell.run("\(program) -o \(option) hi")
            #expect(result.status == 0, "\(program): \(result.errors)")
            #expect(sent(server) == header, "\(program)")
        }
    }

    @Test func `a file of an option that others may read is refused`() async throws {
        let server = try server()
        let shell = try shell("", server)
        let result = try await shell.run("chmod 644 key; \(Self.ask) -o api_key=@key")
        #expect(
            result.status == 77 && result.errors.contains("chmod 600 'key'"), "\(result.errors)")
        let other = try await shell.run("chmod 644 key; \(Self.ask) -o organization=@none")
        #expect(other.status == 74, "\(other.errors)")
    }

    // MARK: The store

    @Test func `keys are kept, listed by their names and forgotten`() async throws {
        let server = try server()
        let shell = try shell("", config: #", api_key: "${MY_KEY}""#, server)
        let result = try await shell.run(
            """
            hector keys list
            hector keys set MY_KEY < key
            printf other-key-12345678 | hector keys set OTHER
            hector keys list
            stat -c '%a %n' $HOME/.local/share/hector/keys/*
            stat -c %a $HOME/.local/share/hector/keys
            \(Self.ask)
            hector keys remove MY_KEY; hector keys list
            \(Self.ask); echo $?
            hector keys remove MY_KEY; echo $?
            """)
        let folder = "/.local/share/hector/keys"
        let lines = result.lines.map { line in
            line.contains(folder)
                ? String(line.prefix(3)) + " " + line.split(separator: "/").last! : line
        }
        #expect(
            lines == [
                "MY_KEY", "OTHER", "600 MY_KEY", "600 OTHER", "700", "got \(Self.key.count)",
                "OTHER",
                "78", "1",
            ], "\(result.errors)")
        #expect(sent(server) == "Bearer \(Self.key)")
        #expect(result.errors.contains("needs 'MY_KEY'"), "\(result.errors)")
    }

    @Test func `a kept key stands for the variable that a plugin looks for`() async throws {
        let server = try server()
        let result = try await shell("", server).run(
            """
            hector keys set OPENAI_API_KEY < key
            hector-generate --plugin openai-llm -o base_url=\(server.url) -o model=m --no-stream hi
            """)
        #expect(result.status == 0, "\(result.errors)")
        #expect(sent(server) == "Bearer \(Self.key)")
    }

    @Test(
        arguments: [
            ("MY_KEY \(key)", 64), ("MY_KEY=\(key)", 64), ("my-key", 64), ("''", 64),
        ] as [(String, Int32)])
    func `a key on the command line is refused without being repeated`(
        words: String, status: Int32
    ) async throws {
        let result = try await Shell().run("hector keys set \(words) <<< x")
        #expect(result.status == status)
        #expect(!(result.output + result.errors).contains(Self.key), "\(result.errors)")
    }

    @Test func `a store that others may enter, and a key that they may read, are refused`()
        async throws
    {
        let server = try server()
        let shell = try shell("", config: #", api_key: "${MY_KEY}""#, server)
        let result = try await shell.run(
            """
            hector keys set MY_KEY < key
            chmod 644 $HOME/.local/share/hector/keys/MY_KEY
            \(Self.ask); echo $?
            chmod 755 $HOME/.local/share/hector/keys
            hector keys set MY_KEY < key; echo $?
            chmod 600 $HOME/.local/share/hector/keys/MY_KEY
            \(Self.ask); echo $?
            """)
        #expect(result.lines == ["77", "77", "77"], "\(result.errors)")
        #expect(result.errors.contains("chmod 600 '") && result.errors.contains("chmod 700 '"))
    }

    @Test func `what a killed command has left of a key is removed with it`() async throws {
        let result = try await Shell().run(
            """
            echo other | hector keys set OTHER
            cd $HOME/.local/share/hector/keys; echo old > MY_KEY.1234.new; echo old > OTHER.x.new
            echo key | hector keys set MY_KEY; hector keys remove MY_KEY
            ls
            """)
        #expect(result.lines == ["OTHER", "OTHER.x.new"], "\(result.errors)")
    }

    @Test func `the keyring of the desktop is used where there is one`() async throws {
        let server = try server()
        let shell = try shell("", config: #", api_key: "${MY_KEY}""#, server)
        // A stand-in that keeps what it is given in a file.
        try shell.write(
            """
            #!/bin/sh
            echo "$*" >> calls
            case $1 in
            store) cat > ring ;;
            lookup) cat ring ;;
            clear) rm ring ;;
            esac
            """, to: "secret-tool")
        let result = try await shell.run(
            """
            chmod +x secret-tool; PATH=$PWD:$PATH; export DBUS_SESSION_BUS_ADDRESS=unix:path=/none
            hector keys set MY_KEY < key
            hector keys list
            find $HOME/.local/share/hector/keys -type f -size +0 | wc -l
            \(Self.ask)
            hector keys remove MY_KEY; hector keys list; ls ring
            hector keys set --file MY_KEY < key; wc -l < calls
            """)
        #expect(result.lines == ["MY_KEY", "0", "got \(Self.key.count)", "3"], "\(result.errors)")
        #expect(try shell.read("calls").contains("lookup service hector key MY_KEY"))
        #expect(!(try shell.read("calls")).contains(Self.key))
    }

    // MARK: Memory

    @Test func `a plugin with a key and its filter write no core files`() async throws {
        let limits = ProcessFacts()
        let server = try Loopback { _, connection in
            limits.addCoreLimits()
            try connection.answer(
                #"{"choices":[{"message":{"content":"x"},"finish_reason":"stop"}]}"#)
        }
        let shell = try shell("api_key_file: key", server)
        let result = try await shell.run("ulimit -c $(ulimit -Hc)\n" + Self.ask)
        #expect(result.status == 0, "\(result.errors)")
        let ours = limits.all.filter { $0.contains("hector-generate") || $0.contains("openai-llm") }
        #expect(ours.count >= 2)
        // With a byte the kernel does not hand them to a program either; the hard limit may be 0.
        #expect(ours.allSatisfy { $0.hasPrefix("1 ") || $0.hasPrefix("0 ") }, "\(ours)")
    }
}

/// Facts about the processes of this machine, collected while they run.
final class ProcessFacts: Sendable {
    private let facts = Mutex<[String]>([])

    var all: [String] { facts.withLock { $0 } }

    private func forEachProcess(_ body: (_ folder: String, _ command: String) -> String?) {
        for name in (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? [] {
            guard Int(name) != nil,
                let command = FileManager.default.contents(atPath: "/proc/\(name)/cmdline")
            else { continue }
            let words = String(decoding: command.map { $0 == 0 ? 32 : $0 }, as: UTF8.self)
            if let fact = body("/proc/\(name)", words) { facts.withLock { $0.append(fact) } }
        }
    }

    /// Adds the command line of every process.
    func addCommandLines() { forEachProcess { _, command in command } }

    /// Adds the environment of every process that may be read.
    func addEnvironments() {
        forEachProcess { folder, command in
            FileManager.default.contents(atPath: folder + "/environ").map {
                "\(command): " + String(decoding: $0, as: UTF8.self)
            }
        }
    }

    /// Adds the soft limit of core files of every process, in bytes, before its command line.
    func addCoreLimits() {
        forEachProcess { folder, command in
            guard let limits = try? String(contentsOfFile: folder + "/limits", encoding: .utf8),
                let line = limits.split(separator: "\n").first(where: {
                    $0.hasPrefix("Max core file size")
                })
            else { return nil }
            return "\(line.split(separator: " ")[4]) \(command)"
        }
    }
}
