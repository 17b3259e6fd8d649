import Foundation
import Testing

/// The exit status of hector, and the files and processes that it leaves behind.
@Suite(.serialized) struct AgentEndingTests: AgentShells {
    @Test(arguments: ["hector-generate", "hector-tool", "hector-reason"])
    func `a filter that is killed is an error that names its stage`(victim: String) async throws {
        let shell = try shell(
            agent: "tools: [tools]\nreasoning_strategy: strategy", llm: ", wait: \"${PWD}/go\"",
            more: "")
        let result = try await run(
            """
            hector 'one two' --stream > out & hector=$!
            until [ "$(cat out)" = You ]; do sleep 0.01; done
            pkill -KILL -P $hector -x \(victim.prefix(15))
            touch go
            wait $hector; echo $?
            # The next start of a plugin sweeps what the killed filter has left.
            for i in $(seq 100); do
                hector-embed --plugin hash-embedder x > /dev/null
                [ -z "$(ls $TMPDIR)" ] && break
            done
            """, in: shell)
        // A stage that is not called again may die unnoticed.
        let status = victim == "hector-tool" ? "0" : "69"
        #expect(result.lines == [status])
        if status == "69" {
            #expect(
                result.errors.contains(
                    "stage '\(victim.dropFirst(7))' (\(victim)) was killed by signal 9"))
        }
        #expect(shell.leftovers.isEmpty)
    }

    @Test func `nothing outlives a hector that is killed`() async throws {
        let shell = try shell(
            agent: "tools: [tools]\nreasoning_strategy: strategy", llm: ", wait: \"${PWD}/never\"")
        let result = try await run(
            """
            hector --stream 'one two' > out & hector=$!
            until [ "$(cat out)" = You ]; do sleep 0.01; done
            children() { for p in $(pgrep -P $1); do echo $p; children $p; done; }
            all=$(children $hector)
            [ $(wc -w <<< "$all") -ge 6 ] || echo too few
            kill -KILL $hector
            for i in $(seq 500); do
                left=
                for p in $all; do kill -0 $p 2>/dev/null && left="$left $p"; done
                [ -z "$left" ] && break
                sleep 0.02
            done
            [ -z "$left" ] && echo none
            """, in: shell)
        #expect(result.lines == ["none"])
    }

    @Test(arguments: [("INT", "130"), ("TERM", "143")])
    func `a signal in the middle of an answer ends all at once`(signal: String, status: String)
        async throws
    {
        let shell = try shell(
            agent: "tools: [tools]\nreasoning_strategy: strategy", llm: ", wait: \"${PWD}/never\"")
        let result = try await run(
            """
            env --default-signal hector --stream 'one two' > out & hector=$!
            until [ "$(cat out)" = You ]; do sleep 0.01; done
            children() { for p in $(pgrep -P $1); do echo $p; children $p; done; }
            all=$(children $hector)
            kill -\(signal) $hector
            wait $hector; echo $?
            for p in $all; do kill -0 $p 2>/dev/null && echo alive; done
            grep -c cancelled log
            """, in: shell)
        #expect(result.lines == [status, "1"])
        #expect(shell.leftovers.isEmpty)
    }

    @Test func `a reader that leaves ends the run quietly`() async throws {
        let shell = try shell(llm: ", stamps: 100000")
        let result = try await run(
            "hector --stream q | head -1 | wc -l; echo ${PIPESTATUS[0]}", in: shell)
        #expect(result.lines == ["1", "141"])
        #expect(result.errors.isEmpty)
    }

    @Test(arguments: [
        "hector q", "hector --json q", "hector help", "hector session", "hector config path",
    ])
    func `a full disk is an error`(command: String) async throws {
        let shell = try shell()
        _ = try await run("hector run before >/dev/null", in: shell)
        let result = try await run("\(command) > /dev/full", in: shell)
        #expect(result.status == 74)
        #expect(result.errors == "hector: cannot write: No space left on device\n")
    }

    @Test func `a trace that cannot be written is an error`() async throws {
        let result = try await run(
            "hector --trace /nowhere/t q || echo $?; hector --trace /dev/full q || echo $?")
        #expect(result.lines == ["74", "You said: q", "74"])
    }

    @Test(arguments: [
        ("hector --agent b q", Int32(78), "no agent 'b', did you mean 'a'?"),
        ("cd /; hector --agent gone q", 78, "no agent 'gone': no configuration"),
        (
            "printf 'agents: {x: {}, y: {}}' > two.yaml; hector --config two.yaml q", 64,
            "name one with --agent: x, y"
        ),
        ("hector replay /nowhere", 65, "hector: cannot open '/nowhere'"),
        ("hector $'a\\xff'", 64, "argument 1 is not UTF-8"),
        ("hector --jobs 0 q", 64, "--jobs must be"),
        ("hector -c q", 64, "no session to go on with"),
        ("hector -c --session x q", 64, "exclude each other"),
        ("hector --session ../x q", 64, "no name for a session"),
        ("hector --llm nothing q", 78, "no llm"), ("hector --config none q", 78, "none"),
        ("hector help nothing", 64, "no command 'nothing'"),
    ])
    func `nonsense is reported`(command: String, status: Int32, message: String) async throws {
        let result = try await run(command)
        #expect(result.status == status)
        #expect(result.errors.lowercased().contains(message.lowercased()), "\(result.errors)")
        #expect(result.output.isEmpty)
    }
}
