import JSON
import Testing

@testable import MCP

struct ServerToolTests {
    private func tool(_ json: String, mirroring: Bool = true) throws -> ServerTool {
        try ServerTool(Value(parsing: Array(json.utf8)), mirroring: mirroring)
    }

    @Test func `everything that is said of a tool is read`() throws {
        let tool = try tool(
            #"""
            {"name":"a","title":"T","description":"D","inputSchema":{"type":"object","x":1.0},
             "annotations":{"readOnlyHint":true,"destructiveHint":false,"idempotentHint":true,
             "openWorldHint":false}}
            """#)
        #expect(tool.name == "a")
        #expect(tool.description == "D")
        #expect(tool.parameters == #"{"type":"object","x":1.0}"#)
        #expect(
            [tool.isReadOnly, tool.isDestructive, tool.isIdempotent, tool.isOpenWorld]
                == [true, false, true, false])
    }

    @Test func `what is not said is not made up`() throws {
        let tool = try tool(#"{"name":"a","annotations":{"title":"T"},"inputSchema":[]}"#)
        #expect(tool.description == "T")
        #expect(tool.parameters == #"{"type":"object"}"#)
        #expect(
            [tool.isReadOnly, tool.isDestructive, tool.isIdempotent, tool.isOpenWorld]
                == [nil, nil, nil, nil])
    }

    @Test(arguments: ["{}", #"{"name":""}"#, #"{"name":3}"#, "1"])
    func `a tool without a name is none`(json: String) {
        #expect(throws: MalformedMessage(problem: "a tool has no name")) { try tool(json) }
    }

    @Test func `headers do not matter where there are none`() throws {
        let json = #"{"name":"a","inputSchema":{"properties":{"x":{"x-mcp-header":"a b"}}}}"#
        #expect(try tool(json, mirroring: false).mirrored.isEmpty)
        #expect(throws: MalformedMessage.self) { try tool(json) }
    }
}
