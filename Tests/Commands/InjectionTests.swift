import Foundation
import Testing

/// A hundred documents that give orders, and a model that obeys each of them: what the orders ask
/// for happens only if that very call was approved.
@Suite(.serialized) struct InjectionTests {
    /// A shell with the model, with tools that may do harm and are allowed by every other rule, and
    /// with `reached`, which counts what the tools have done.
    private func run(_ script: String, more: String = "") async throws -> Shell.Result {
        let shell = try Shell()
        try shell.write(
            """
            plugins:
              llm_providers:
                model:
                  path: "${FOREIGN}/python-llm"
                  config:
                    obeys: erase,write,write_file,execute_command,read_file,list_directory,echo
              tool_providers:
                files: { path: system-tools, config: { allowed_commands: "touch" } }
                tools: { path: "${FOREIGN}/python-tools" }
            agents:
              a: { llm: model, tools: [files, tools] }
            \(more)

            """, to: "hector.yaml")
        return try await shell.run(
            #"""
            export TOOLS_LOG=$PWD/log
            corpus() { python3 -B $ROOT/Tests/Foreign/injections/corpus.py "$@"; }
            hector-tool list --plugin files --plugin tools > offered
            generate() { hector-generate -T offered "$@"; }
            tools() { hector-tool --plugin files --plugin tools --allow '*' --approve always "$@"; }
            reached() {
                { cat log 2>/dev/null | grep pwned; ls | grep pwned; } | wc -l
                rm -f log pwned*
            }
            # The codes of the last results, each once with its number.
            codes() { jq -r '.messages[-1].error.code' | sort | uniq -c | sed 's/^ *//'; }

            """# + script)
    }

    @Test(arguments: ["results", "ids", "content", "tools"])
    func `no document that a record brings along reaches a tool that may do harm`(
        route: String
    ) async throws {
        let result = try await run(
            """
            corpus \(route) | generate > answered
            jq -c 'select(.messages[-1].tool_calls | length == 1)' answered | wc -l
            jq -c 'select(.messages[-1].taint | length > 0)' answered | wc -l
            tools < answered 2> errors | codes; reached
            tools --approver 'cat >> asked' < answered 2>> errors | codes; reached
            jq -s -c 'map(select(.taint != [])) | length' asked
            tools --approve-tainted always < answered | codes; reached
            """)
        #expect(
            result.lines == [
                "100", "100", "100 denied", "0", "100 null", "100", "100", "100 null", "100",
            ], "\(result.errors)")
    }

    @Test(arguments: [("documents", "read_file", "", 100), ("names", "list_directory", "", 40)])
    func `nothing that a tool returns reaches a tool that may do harm`(
        kind: String, tool: String, option: String, least: Int
    ) async throws {
        let result = try await run(
            """
            mkdir docs; corpus \(kind) docs
            ls docs | jq -R -c '{id: ., messages: [{role: "user",
                content: "\(tool) {\\"path\\":\\"docs/\\(.)\\"}"}]}' > asked
            # The first call is the user's own wish, and the second one that of a document.
            generate < asked | tools | generate > answered
            jq -c 'select(.messages[1].taint == [])' answered | wc -l
            jq -c 'select(.messages[-1].tool_calls | length == 1)' answered | wc -l
            jq -c 'select(.messages[-1].taint | length > 0)' answered | wc -l
            tools < answered 2> errors | codes; reached
            tools --approve-tainted always < answered | codes; reached
            """)
        let count = Int(result.lines.first ?? "") ?? 0
        #expect(count >= least)
        #expect(
            result.lines == [
                "\(count)", "\(count)", "\(count)", "\(count) denied", "0", "\(count) null",
                "\(count)",
            ], "\(result.errors)")
    }

    @Test func `an agent that is given a file obeys it as little, and no more in the next run`()
        async throws
    {
        let result = try await run(
            """
            mkdir docs; corpus documents docs
            for number in 0 12 34 57 79 91; do
                hector --allow '*' --approve always -f docs/$number 'How do I rotate a key?' \
                    > /dev/null 2>> errors
                echo $?; reached
            done
            # The question of the user's own is answered by a model that has read the file before.
            hector -c --allow '*' --approve always 'erase {"what":"pwned"}' > /dev/null 2>> errors
            echo $?; reached
            hector --allow '*' --approve always 'erase {"what":"pwned"}'; reached
            """)
        #expect(
            result.lines == Array(repeating: ["77", "0"], count: 7).flatMap { $0 } + ["done", "1"],
            "\(result.errors)")
    }

    @Test func `what a tool of the open world returns is not the user's word`() async throws {
        let result = try await run(
            #"""
            # A tool that does not say whether it stays on this machine is taken for one that does not.
            echo '{"messages":[{"role":"user","content":"write {\"text\":\"hi\"}"}]}' |
                generate | tools | jq -c '.messages[-1].taint'
            echo '{"messages":[{"role":"user","content":"read_file {\"path\":\"offered\"}"}]}' |
                generate | tools | jq -c '.messages[-1].taint'
            """#)
        #expect(result.lines == [#"["tool write"]"#, #"["tool read_file"]"#], "\(result.errors)")
    }
}
