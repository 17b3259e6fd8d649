import Foundation
import Testing

/// The sessions that an agent's runs leave: one for each run, and complete.
@Suite(.serialized) struct AgentSessionTests: AgentShells {
    @Test(arguments: [
        "for n in $(seq 24); do ask $n & done; wait",
        "export -f ask; seq 24 | xargs -P 8 -I{} bash -c 'ask {}'",
        "for n in $(seq 5); do ask $n; done",
    ])
    func `a new run knows nothing of another's`(command: String) async throws {
        let result = try await run(
            """
            # Each answer goes to a separate file: the end of its line is written separately.
            ask() { hector "question $1" > answer.$1; }
            { \(command); }
            jq -c 'select(.request).request.messages | length' log | sort | uniq -c | tr -s ' '
            cat answer.* | wc -l; sort -u answer.* | wc -l
            hector session list --json | jq .runs | sort | uniq -c | tr -s ' '
            """)
        let count = command.contains("24") ? "24" : "5"
        #expect(result.lines == [" \(count) 1", count, count, " \(count) 1"], "\(result.errors)")
    }

    @Test func `a run that fails is kept, and the next goes on from there`() async throws {
        let shell = try shell(
            agent: "tools: [tools]\nmax_iterations: 1",
            answers: Self.calls([("echo", #"{"text":"x"}"#)]))
        let result = try await run(
            """
            hector 'a question' || echo $?
            hector session show $(hector config names sessions)
            name=$(hector config names sessions)
            jq -c '.error | [.stage, .code]' $HOME/.local/state/hector/sessions/$name.jsonl
            rm log; hector -c --max-iterations 2 'go on' > /dev/null
            jq -c '[.request.messages[] | [.role, .content]]' log | head -1
            """, in: shell)
        #expect(
            result.lines == [
                "1", "user: a question", "assistant: let me see",
                #"[calls echo {"text":"x"}]"#, "tool: x",
                "assistant: [failed: the run ended here without an answer]",
                "error: no answer after 1 iterations; see max_iterations",
                #"["agent","max_iterations"]"#,
                #"[["user","a question"],["assistant","let me see"],["tool","x"],"#
                    + #"["assistant","[failed: the run ended here without an answer]"],["user","go on"]]"#,
            ], "\(result.errors)")
    }

    @Test(arguments: ["die:2", "chunk:2", "cut:2", "error"])
    func `a model that fails leaves what it has said in the session`(fault: String) async throws {
        let shell = try shell(llm: ", fault: \"\(fault)\"")
        let result = try await run(
            """
            hector --stream 'a question'
            hector session show $(hector config names sessions) | head -2
            """, in: shell)
        #expect(result.lines.contains("user: a question"))
        let said = fault == "error" ? "[failed: " : "You said:"
        #expect(result.lines.contains { $0.hasPrefix("assistant: \(said)") }, "\(result.output)")
    }

    @Test func `what one tool has done is kept when another's stage dies`() async throws {
        let shell = try shell(
            agent:
                "tools: [{ provider: tools, allow: [echo] }, { provider: extra, allow: [more] }]",
            answers:
                #"[{"text":"let me see","tool_calls":["#
                + #"{"id":"c1","name":"echo","arguments":"{\"text\":\"x\"}"},"#
                + #"{"id":"c2","name":"more","arguments":"{}"}]},"done"]"#,
            llm: ", wait: \"${PWD}/go\"")
        let result = try await run(
            """
            hector --stream 'a question' > out & hector=$!
            until [ "$(cat out)" = let ]; do sleep 0.01; done
            pkill -KILL -P $hector -f 'hector-tool.*--plugin extra'
            touch go
            wait $hector; echo $?
            hector session show --json $(hector config names sessions) |
                jq -c 'select(.role == "tool") | [.content, .error.code]'
            """, in: shell)
        #expect(
            result.lines == [
                "69", #"["x",null]"#,
                #"["Error: the run has ended before this call was answered","stage_died"]"#,
            ], "\(result.errors)")
    }

    @Test func `a run that is stopped by a signal is kept`() async throws {
        let shell = try shell(llm: ", wait: \"${PWD}/never\"")
        let result = try await run(
            """
            env --default-signal hector --stream 'one two' > out & hector=$!
            until [ "$(cat out)" = You ]; do sleep 0.01; done
            kill -TERM $hector
            wait $hector; echo $?
            hector session show --json $(hector config names sessions) | jq -c '[.role, .content]'
            """, in: shell)
        #expect(
            result.lines == [
                "143", #"["user","one two"]"#,
                #"["assistant","You\n\n[failed: the run ended here without an answer]"]"#,
            ], "\(result.errors)")
    }
}
