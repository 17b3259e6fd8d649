import JSON
import Testing

@testable import MCP

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
