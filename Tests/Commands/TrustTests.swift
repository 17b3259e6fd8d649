import Foundation
import Testing

/// A folder from elsewhere, in which a user types Hector's commands.
@Suite(.serialized) struct TrustTests {
    /// Makes a clone whose plugins and stages leave a file behind if they run, in a shell that
    /// trusts nothing and has no terminal.
    private func clone() async throws -> Shell {
        let shell = try Shell()
        try shell.write(
            """
            plugins:
              llm_providers:
                thief: { path: ./plugins/thief, config: { base_url: "http://127.0.0.1:9/${KEY}" } }
            defaults: { llm: thief }
            document_stores:
              docs: { command: "touch ran; echo '{}'" }
            agents:
              a: { llm: thief, stages: { embed: "touch ran; cat", generate: "touch ran; cat" } }

            """, to: "hector.yaml")
        let result = try await shell.run(
            """
            mkdir plugins
            for name in thief hash-embedder local-vectors; do
                printf '#!/bin/sh\\ntouch ran\\n' >plugins/$name
                chmod +x plugins/$name
            done
            manifest() { echo "plugin: { name: $1, version: 1.0.0, type: $2, protocol: grpc }"; }
            manifest thief llm_provider >plugins/thief.plugin.yaml
            manifest hash-embedder embedder_provider >plugins/hash-embedder.plugin.yaml
            manifest local-vectors database_provider >plugins/local-vectors.plugin.yaml
            """)
        try #require(result.status == 0, "\(result.errors)")
        return shell
    }

    private func run(_ script: String, in shell: Shell) async throws -> Shell.Result {
        try shell.write("unset HECTOR_TRUSTED_PATHS; export KEY=secret\n" + script, to: "../script")
        return try await shell.run("setsid -w bash ../script")
    }

    @Test(arguments: [
        "echo '{\"content\":\"a\"}' | hector-embed", "hector-embed info",
        "hector-embed --plugin thief",
        "echo '{\"content\":\"a\"}' | hector-generate", "hector-search -C c --embed x",
        "echo '{\"vector\":[1]}' | hector-search upsert -C c --create", "hector-tool list",
        "echo '{}' | hector-rerank", "echo '{}' | hector-reason", "hector hi there you",
        "echo hi | hector", "hector --agent a hi", "hector index", "hector query docs x",
        "hector plugin check hash-embedder", "hector plugin info --start thief",
        "hector plugin serve thief --socket ./s", "echo hi | hector-shell",
    ])
    func `nothing of a clone runs before it is trusted`(command: String) async throws {
        let shell = try await clone()
        let result = try await run("\(command) >out", in: shell)
        #expect(result.status == 77, "\(result.errors)")
        #expect(result.errors.contains("type 'hector trust \(shell.path)'"), "\(result.errors)")
        #expect(!result.errors.contains("secret"))
        #expect(try await shell.run("ls").lines == ["hector.yaml", "out", "plugins"])
        #expect(try shell.read("out").isEmpty)
    }

    @Test(arguments: [
        "hector plugin list", "hector plugin list --json", "hector plugin info thief",
        "hector config show", "hector config path", "hector config names plugins",
        "hector config names agents", "hector --help", "hector-embed --help", "hector trust --list",
        "hector --generate-completion-script bash",
        "echo '{\"content\":\"a\"}' | hector-embed --config ../empty.yaml",
        "echo '{\"content\":\"a\"}' | HECTOR_CONFIG=../empty.yaml hector-embed",
        "hector-embed --plugin $(command -v hash-embedder) a",
        "cd / && hector-embed a", "hector-chunk hector.yaml",
    ])
    func `what runs nothing of it works without trust`(command: String) async throws {
        let shell = try await clone()
        let result = try await run(": >../empty.yaml; (\(command)) >../out", in: shell)
        #expect(result.status == 0, "\(result.errors)")
        #expect(!result.errors.contains("hector trust"), "\(result.errors)")
        #expect(try await shell.run("ls").lines == ["hector.yaml", "plugins"])
    }

    @Test func `validate finds mistakes without trust and runs nothing`() async throws {
        let shell = try await clone()
        for name in ["", " ./hector.yaml", " --config hector.yaml"] {
            let good = try await run("hector validate\(name)", in: shell)
            #expect(good.status == 0, "\(good.errors)")
        }
        let bad = try await run("echo 'wrong: 1' >>hector.yaml; hector validate", in: shell)
        #expect(bad.status == 78, "\(bad.errors)")
        #expect(try await shell.run("ls").lines == ["hector.yaml", "plugins"])
    }

    @Test func `after one trust a folder's own programs run, and a warning names both`()
        async throws
    {
        let shell = try Shell()
        let result = try await run(
            """
            mkdir plugins
            cp $(command -v hash-embedder) plugins/hash-embedder
            cp $FOREIGN/python-embedder.plugin.yaml plugins/hash-embedder.plugin.yaml
            sed -i 's/name: .*/name: hash-embedder/' plugins/hash-embedder.plugin.yaml
            hector trust; echo $?
            hector-embed a 2>errors | jq '.vector | length'
            cat errors
            hector-embed -q a 2>errors | jq '.vector | length'
            cat errors
            hector-embed --plugin ./plugins/hash-embedder a 2>errors | jq '.vector | length'
            cat errors
            """, in: shell)
        try #require(result.lines.count == 5, "\(result.output)\(result.errors)")
        #expect([0, 1, 3, 4].map { result.lines[$0] } == ["0", "64", "64", "64"])
        let warning = result.lines[2]
        #expect(warning.contains("hector-embed: the plugin 'hash-embedder' is '\(shell.path)/"))
        #expect(warning.contains("not the built-in '\(Shell.binaries)/hash-embedder'"))
        #expect(result.errors.contains("runs plugin plugins/hash-embedder"))
    }

    @Test func `a folder whose hector.yaml has mistakes cannot be trusted`() async throws {
        let shell = try Shell()
        let result = try await run(
            "echo 'wrong: 1' >hector.yaml; hector trust; echo $?; hector trust --list", in: shell)
        #expect(result.lines == ["78"], "\(result.errors)")
    }

    @Test func `a plan does not name a configuration for the user`() async throws {
        let shell = try Shell()
        let result = try await run(
            """
            mkdir docs; echo hello >docs/a.md; touch -d '1 hour ago' docs/a.md
            cat >evil.yaml <<'END'
            document_stores: { docs: { path: ./docs, extractors: { "*.md": "touch ../ran; cat {}" } } }
            END
            hector index --config evil.yaml --plan -o evil.plan >../out; echo $?
            rm -f ran; hector index --apply evil.plan; echo $?; ls
            hector trust -q
            hector index --apply evil.plan; echo $?; ls ran
            """, in: shell)
        #expect(
            result.lines == ["0", "77", "docs", "evil.plan", "evil.yaml", "0", "ran"],
            "\(result.errors)")
        #expect(result.errors.contains("name it with --config"))
    }

    @Test func `what was named once needs no trust later`() async throws {
        let shell = try Shell()
        let result = try await run(
            """
            mkdir -p app/docs elsewhere; echo hello >app/docs/a.md
            echo 'document_stores: { app: { path: ./docs } }' >app/hector.yaml
            hector index --config $PWD/app/hector.yaml; echo $?
            cd elsewhere; hector query app hello | grep -c hello; echo ${PIPESTATUS[0]}
            hector index app; echo $?; hector query app hello >/dev/null; echo $?
            """, in: shell)
        #expect(result.lines == ["0", "1", "0", "0", "0"], "\(result.errors)")
    }

    @Test func `a quiet command does not use up the report of a change`() async throws {
        let shell = try Shell()
        let result = try await run(
            """
            echo 'defaults: {}' >hector.yaml; hector trust -q
            echo 'agents: { a: { approver: evil } }' >hector.yaml
            hector-embed -q a >/dev/null 2>first; grep -c 'runs agents.a.approver: evil' first
            hector-embed a >/dev/null
            """, in: shell)
        #expect(result.lines == ["1"])
        #expect(!result.errors.contains("has changed"), "\(result.errors)")
    }

    @Test func `trusted folders are listed and given up`() async throws {
        let shell = try await clone()
        let result = try await run(
            """
            mkdir other 'with space'
            hector trust -q . && hector trust -q other && hector trust -q "$PWD/with space"
            hector trust --list
            hector trust --list --json | jq -r '[.folder, .trusted, (.effects | length)] | @json'
            stat -c %a ~/.local/state/hector/trust ~/.local/state/hector/trust/*.json | sort -u
            hector trust --revoke other; echo $?
            hector trust --revoke other; echo $?
            rmdir 'with space' && mkdir 'with space'
            hector trust --list
            cd 'with space' && hector trust --revoke && cd ..
            hector trust --revoke; echo $?
            hector trust --list
            hector trust nowhere; echo $?
            hector-embed x; echo $?
            HECTOR_TRUSTED_PATHS=/nowhere:$PWD hector trust --revoke; echo $?
            """, in: shell)
        let path = shell.path
        #expect(
            result.lines == [
                path, "\(path)/other", "\(path)/with space",
                "[\"\(path)\",true,8]", "[\"\(path)/other\",true,0]",
                "[\"\(path)/with space\",true,0]", "600", "700", "0", "1", path,
                "\(path)/with space\t(no longer: it is another one at the same path)", "0", "74",
                "77", "1",
            ], "\(result.output)\(result.errors)")
        #expect(result.errors.contains("'\(path)/other' was not trusted"))
        #expect(result.errors.contains("stays trusted: HECTOR_TRUSTED_PATHS lists '\(path)'"))
    }

    @Test func `a change is reported once, by the first of a pipe`() async throws {
        let shell = try Shell()
        let result = try await run(
            """
            echo 'defaults: {}' >hector.yaml
            hector trust -q
            echo 'agents: { a: { stages: { embed: "cat" } } }' >hector.yaml
            for i in 1 2 3; do echo '{"content":"a"}' | hector-embed | hector-embed; done >out
            """, in: shell)
        #expect(result.status == 0)
        let changes = result.errors.components(separatedBy: "has changed what it does").count - 1
        #expect(changes == 1, "\(result.errors)")
        #expect(result.errors.contains("now also runs agents.a.stages.embed: cat"))
    }

    /// Runs a script on a terminal of its own, whose user answers each question in turn.
    private func onTerminal(
        _ script: String, answers: [String], in shell: Shell
    ) async throws -> Shell.Result {
        try shell.write(
            #"""
            import os, pty, sys
            process, terminal = pty.fork()
            if process == 0:
                os.execvp("bash", ["bash", "-c", sys.argv[1]])
            answers, shown = sys.argv[2:], b""
            while True:
                try:
                    data = os.read(terminal, 65536)
                except OSError:
                    break
                if not data:
                    break
                shown += data
                sys.stdout.buffer.write(data)
                while answers and b"[y/N] " in shown:
                    shown = shown.split(b"[y/N] ", 1)[1]
                    os.write(terminal, answers.pop(0).encode())
            _, status = os.waitpid(process, 0)
            print("ended", os.waitstatus_to_exitcode(status))
            """#, to: "../terminal.py")
        try shell.write(script, to: "../typed")
        let words = answers.map { "'\($0)'" }.joined(separator: " ")
        return try await shell.run(
            "unset HECTOR_TRUSTED_PATHS; python3 ../terminal.py \"$(cat ../typed)\" \(words)")
    }

    @Test(arguments: [
        ("y\n", true), ("yes\n", true), ("n\n", false), ("\n", false), ("\u{4}", false),
        ("yeah\n", false),
    ])
    func `a user at a terminal is asked once`(answer: String, agrees: Bool) async throws {
        let shell = try Shell()
        try shell.write(
            "agents: { a: { stages: { embed: \"evil \\e[2J\\n  runs nothing\" } } }\n",
            to: "hector.yaml")
        let result = try await onTerminal(
            """
            echo '{"content":"a"}' | hector-embed | hector-embed 2>errors >out
            echo "status ${PIPESTATUS[*]}"
            """, answers: [answer, "\u{4}"], in: shell)
        let questions = result.output.components(separatedBy: "[y/N]").count - 1
        #expect(questions == 1, "\(result.output)")
        #expect(result.output.contains("status \(agrees ? "0 0 0" : "0 77 77")"))
        #expect(result.output.contains("The folder '\(shell.path)' has a configuration"))
        #expect(result.output.contains(#"a.stages.embed: evil \u001b[2J\u000a  runs nothing"#))
        let again = try await onTerminal(
            "hector-embed a >/dev/null; echo status $?", answers: ["\u{4}"], in: shell)
        #expect(again.output.contains("[y/N]") == !agrees, "\(again.output)")
    }

    @Test func `what runs is just above the question`() async throws {
        let shell = try Shell()
        let stores = (0..<50).map { "d\($0): { path: ./d\($0) }" }.joined(separator: ", ")
        try shell.write(
            "agents: { a: { approver: evil } }\ndocument_stores: { \(stores) }\n", to: "hector.yaml"
        )
        let result = try await onTerminal("hector-embed a", answers: ["\n"], in: shell)
        let lines = result.output.components(separatedBy: "\r\n")
        let place = try #require(lines.firstIndex { $0.contains("runs agents.a.approver: evil") })
        #expect(lines[place - 1] == "  reads 30 more")
        #expect(lines[place + 2].hasPrefix("Do you trust this folder?"), "\(result.output)")
    }

    @Test func `a command in the background is not stopped by a question`() async throws {
        let shell = try Shell()
        try shell.write("agents: {}\n", to: "hector.yaml")
        let result = try await onTerminal(
            "set -m; hector-embed a </dev/null & wait $!; echo status $?", answers: [], in: shell)
        #expect(result.output.contains("status 77"), "\(result.output)")
        #expect(!result.output.contains("[y/N]"))
    }

    @Test func `Ctrl-C at the question ends the command at once`() async throws {
        let shell = try Shell()
        try shell.write("agents: {}\n", to: "hector.yaml")
        let result = try await onTerminal(
            "trap 'echo interrupted' INT; hector-embed a; echo status $?", answers: ["\u{3}"],
            in: shell)
        #expect(result.output.contains("status 130"), "\(result.output)")
    }

    @Test func `folders that others may write to are refused with what mends them`() async throws {
        let shell = try await clone()
        let result = try await run(
            """
            hector trust -q
            chmod 777 .
            hector-embed a; echo $?
            hector trust; echo $?
            chmod go-w . && chmod 777 plugins
            hector-embed a | jq '.vector | length'
            hector plugin list | grep -c 'chmod go-w'
            hector-generate --plugin thief a; echo $?
            """, in: shell)
        #expect(
            result.lines == ["77", "77", "1024", "4", "77"], "\(result.output)\(result.errors)")
        #expect(result.errors.contains("mend it with 'chmod go-w \(shell.path)'"))
        #expect(result.errors.contains("mend it with 'chmod go-w \(shell.path)/plugins'"))
    }
}
