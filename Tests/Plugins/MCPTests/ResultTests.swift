import JSON
import Testing

@testable import MCP

struct CallResultTests {
    @Test(arguments: [
        (#"{"content":[{"type":"text","text":"a"},{"type":"text","text":"b"}]}"#, "a\nb"),
        (#"{"content":[]}"#, ""), ("{}", ""), (#"{"content":3}"#, ""), ("null", ""),
        (#"{"content":null}"#, ""), (#"{"content":"a"}"#, "a"),
        (#"{"content":{"type":"text","text":"a"}}"#, "a"),
        (#"{"content":["a",{"text":"b"}]}"#, "a\nb"),
        (#"{"content":[{"type":"text","text":{"a":1}}]}"#, #"{"a":1}"#),
        (#"{"content":[{"type":"text","text":null}]}"#, ""), (#"{"toolResult":"a"}"#, "a"),
        (#"{"toolResult":{"content":[{"type":"text","text":"a"}]}}"#, "a"),
        (
            #"{"content":[{"type":"image","data":"AAAA","mimeType":"image/png"}]}"#,
            "[image, image/png, 3 bytes]"
        ),
        (#"{"content":[{"type":"audio","data":"QQ=="}]}"#, "[audio, 1 byte]"),
        (#"{"content":[{"type":"image","data":"QU\nI="}]}"#, "[image, 2 bytes]"),
        (#"{"content":[{"type":"image"}]}"#, "[image, 0 bytes]"),
        (
            #"{"content":[{"type":"resource","resource":{"uri":"file:///a","text":"t"}}]}"#,
            "[resource file:///a]\nt"
        ),
        (
            #"{"content":[{"type":"resource","resource":{"uri":"x:y","mimeType":"a/b","blob":"AAAA"}}]}"#,
            "[resource x:y, a/b, 3 bytes]"
        ),
        (#"{"content":[{"type":"resource"}]}"#, "[resource without a URI, 0 bytes]"),
        (
            #"{"content":[{"type":"resource_link","uri":"x:y","name":"n","title":"T","size":2}]}"#,
            "[resource x:y, T, 2 bytes]"
        ),
        (#"{"content":[{"type":"hologram"}]}"#, "[content of type hologram]"),
        (#"{"content":[{},1]}"#, "[content without a type]\n[content without a type]"),
        (#"{"content":[],"structuredContent":{"t":21.50,"u":"C"}}"#, #"{"t":21.50,"u":"C"}"#),
        (#"{"structuredContent":[1,2]}"#, "[1,2]"), (#"{"structuredContent":null}"#, ""),
        (
            #"{"content":[{"type":"text","text":"{\"t\": 1}"}],"structuredContent":{"t":1}}"#,
            #"{"t": 1}"#
        ),
        (#"{"content":[{"type":"text","text":""}],"structuredContent":{"t":1}}"#, "\n{\"t\":1}"),
        (
            #"{"content":[{"type":"image","data":""}],"structuredContent":{"t":1}}"#,
            "[image, 0 bytes]\n{\"t\":1}"
        ),
    ])
    func `content becomes text`(json: String, text: String) throws {
        let result = CallResult(try Value(parsing: Array(json.utf8)))
        #expect(result.text == text)
        #expect(!result.isError)
    }

    @Test(arguments: [("true", true), ("false", false), ("null", false), (#""yes""#, false)])
    func `a tool says itself that it has failed`(json: String, isError: Bool) throws {
        let value = try Value(parsing: Array(#"{"isError":\#(json)}"#.utf8))
        #expect(CallResult(value).isError == isError)
    }
}

struct ToolTests {
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

struct MirroredArgumentTests {
    private func headers(_ schema: String, _ arguments: String = "{}") throws -> [String] {
        let found = try MirroredArgument.all(in: Value(parsing: Array(schema.utf8)))
        let arguments = try Value(parsing: Array(arguments.utf8)).object ?? [:]
        return found.compactMap { argument in
            argument.value(in: arguments).map { "\(argument.header): \($0)" }
        }
    }

    private static let schema = #"""
        {"type":"object","properties":{
            "region":{"type":"string","x-mcp-header":"Region"},
            "x-mcp-header":{"type":"string","default":{"x-mcp-header":"no annotation"}},
            "in":{"type":"object","properties":{
                "count":{"type":"integer","x-mcp-header":"Count"},
                "dry":{"type":"boolean","x-mcp-header":"Dry"}}}}}
        """#

    @Test(arguments: [
        ("{}", []), (#"{"region":"eu"}"#, ["Mcp-Param-Region: eu"]),
        (#"{"region":null}"#, []), (#"{"region":["eu"]}"#, []), (#"{"in":3}"#, []),
        (
            #"{"in":{"count":-7,"dry":false}}"#,
            ["Mcp-Param-Count: -7", "Mcp-Param-Dry: false"]
        ),
        (#"{"in":{"count":1e3}}"#, ["Mcp-Param-Count: 1000"]),
        (#"{"in":{"count":42.0}}"#, ["Mcp-Param-Count: 42"]),
        (#"{"in":{"count":9007199254740993}}"#, ["Mcp-Param-Count: 9007199254740993"]),
        (#"{"region":""}"#, ["Mcp-Param-Region: "]),
        (#"{"region":"Hello, 世界"}"#, ["Mcp-Param-Region: =?base64?SGVsbG8sIOS4lueVjA==?="]),
        (#"{"region":" padded "}"#, ["Mcp-Param-Region: =?base64?IHBhZGRlZCA=?="]),
        (#"{"region":"line1\nline2"}"#, ["Mcp-Param-Region: =?base64?bGluZTEKbGluZTI=?="]),
        (
            #"{"region":"=?base64?literal?="}"#,
            ["Mcp-Param-Region: =?base64?PT9iYXNlNjQ/bGl0ZXJhbD89?="]
        ),
    ])
    func `marked arguments are headers`(arguments: String, expected: [String]) throws {
        #expect(try headers(Self.schema, arguments) == expected)
    }

    @Test(arguments: [
        (#"{"properties":{"a":{"type":"number","x-mcp-header":"A"}}}"#, "no string, integer"),
        (#"{"properties":{"a":{"x-mcp-header":"A"}}}"#, "no string, integer"),
        (#"{"properties":{"a":{"type":["string"],"x-mcp-header":"A"}}}"#, "no string, integer"),
        (#"{"properties":{"a":{"type":"string","x-mcp-header":""}}}"#, "no header name"),
        (#"{"properties":{"a":{"type":"string","x-mcp-header":"A\r\nB"}}}"#, "no header name"),
        (#"{"properties":{"a":{"type":"string","x-mcp-header":1}}}"#, "no header name"),
        (
            #"{"properties":{"a":{"type":"string","x-mcp-header":"A"},"b":{"type":"string","x-mcp-header":"a"}}}"#,
            "given twice"
        ),
        (#"{"type":"string","x-mcp-header":"A"}"#, "no argument"),
        (#"{"properties":{"a":{"items":{"type":"string","x-mcp-header":"A"}}}}"#, "no argument"),
        (#"{"anyOf":[{"properties":{"a":{"type":"string","x-mcp-header":"A"}}}]}"#, "no argument"),
        (#"{"$defs":{"a":{"type":"string","x-mcp-header":"A"}}}"#, "no argument"),
    ])
    func `a mark that cannot be a header is refused`(schema: String, problem: String) throws {
        let error = try #require(throws: MalformedMessage.self) { try headers(schema) }
        #expect(error.problem.contains(problem), "\(error.problem)")
    }
}
