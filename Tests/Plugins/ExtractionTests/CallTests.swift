import PluginKit
import Testing

@testable import Extraction

/// Questions that ask for a tool.
@Suite struct CallTests {
    private static let tools = [
        tool("read_file", "path", optional: ["encoding"]),
        tool("grep_search", "pattern", optional: ["path"]),
        ToolDefinition(
            name: "add", description: "",
            parameters: """
                {"type":"object","required":["a","b"],"properties":{"a":{"type":"integer"},\
                "b":{"type":"number"},"exact":{"type":"boolean"}}}
                """),
        ToolDefinition(name: "list_tables", description: "", parameters: #"{"type":"object"}"#),
        tool("list_directory", optional: ["path"]), tool("search", "query"),
    ]

    @Test(
        arguments: [
            ("read_file README.md: what does hector-embed do?", #"read_file {"path":"README.md"}"#),
            ("Please use read_file on 'my notes.txt'", #"read_file {"path":"my notes.txt"}"#),
            (
                "read_file path=a.txt encoding=utf-8",
                #"read_file {"path":"a.txt","encoding":"utf-8"}"#
            ),
            (#"read_file {"path": "a b"}: what?"#, #"read_file {"path":"a b"}"#),
            ("Can you run `read_file` with ../x?", #"read_file {"path":"../x"}"#),
            ("grep_search TODO in Sources", #"grep_search {"pattern":"TODO","path":"Sources"}"#),
            ("grep_search a b c", #"grep_search {"pattern":"a b c"}"#),
            ("add: 1 2.5", #"add {"a":1,"b":2.5}"#), ("add 1 2.5", nil), ("add: 1", nil),
            ("use add with 3 4", #"add {"a":3,"b":4}"#),
            ("list_tables: which of them hold users?", "list_tables {}"),
            ("list_directory src", #"list_directory {"path":"src"}"#),
            ("list_directory", "list_directory {}"),
            ("search: whales", #"search {"query":"whales"}"#),
            // Names of tools that the question only mentions.
            ("What is read_file?", nil), ("Do not use read_file on a.txt", nil),
            ("Never call read_file a.txt", nil), ("search for whales", nil),
            ("Why does read_file a.txt fail?", nil), ("write_file a.txt", nil),
        ] as [(String, String?)])
    func `a tool that is plainly named is called`(question: String, call: String?) throws {
        let reply = try reply(Message("user", question), tools: Self.tools)
        let calls = reply.calls?.map { "\($0.name) \($0.arguments)" }
        #expect(calls == call.map { [$0] })
    }

    @Test func `nothing is called that was not offered`() throws {
        #expect(try reply(Message("user", "read_file README.md: what is it?")).calls == nil)
    }

    @Test func `what is missing is asked for`() throws {
        #expect(
            try reply(Message("user", "read_file"), tools: Self.tools).text
                == "To call 'read_file' I need its 'path': write it after the tool's name.")
        #expect(
            try reply(Message("user", "add: 1 x"), tools: Self.tools).text?.contains("'b'") == true)
    }

    @Test func `several calls are made at once, none twice`() throws {
        let calls = try reply(
            Message("user", "read_file a.txt and read_file b.txt, then read_file a.txt"),
            tools: Self.tools
        ).calls
        #expect(calls?.map(\.arguments) == [#"{"path":"a.txt"}"#, #"{"path":"b.txt"}"#])
        #expect(Set(calls?.map(\.id) ?? []).count == 2)
    }

    private func conversation(_ result: String) -> [Message] {
        [
            Message("user", "read_file README.md: what does hector-embed do?"),
            Message(
                "assistant", "",
                calls: [ToolCall(id: "c", name: "read_file", arguments: #"{"path": "README.md"}"#)]),
            Message("tool", result, callID: "c"),
        ]
    }

    @Test func `when the results are there they are answered from`() throws {
        let text = "Hector is small. hector-embed turns text into vectors. It is fast."
        let answer = try Extractor(limit: 1).reply(
            to: conversation(text), tools: Self.tools, schema: "")
        #expect(
            answer.text == "hector-embed turns text into vectors. [read_file README.md]")
    }

    @Test func `a result that nothing is asked about is shown whole`() throws {
        var messages = conversation("one\ntwo\n")
        messages[0].content = "read_file README.md"
        #expect(
            try Extractor(limit: 3).reply(to: messages, tools: Self.tools, schema: "").text
                == "one\ntwo\n")
    }

    @Test func `a result in JSON is read as what it says`() throws {
        let answer = try Extractor(limit: 1).reply(
            to: conversation(#"{"entries":[{"hector-embed":"hector-embed does embed text"}]}"#),
            tools: Self.tools, schema: "")
        #expect(answer.text?.contains("hector-embed does embed text") == true)
    }

    @Test func `no question makes more than sixteen calls`() throws {
        let question = (0..<100).map { "read_file f\($0)" }.joined(separator: " and ")
        #expect(try reply(Message("user", question), tools: Self.tools).calls?.count == 16)
    }
}
