import JSON
import Testing

@testable import ToolFilter

@Suite struct ToolParametersTests {
    private static let schema = """
        {"type": "object", "required": ["path"], "$defs": {"size": {"type": "integer"}},
         "properties": {
            "path": {"type": "string"}, "max_size": {"$ref": "#/$defs/size"},
            "deep": {"type": ["boolean", "null"]}, "ratio": {"type": "number"},
            "names": {"type": "array", "items": {"type": "string"}},
            "sizes": {"type": "array", "items": {"type": "integer"}},
            "filter": {"type": "object"}, "any": {}, "mode": {"enum": ["a", "b"]},
            "either": {"anyOf": [{"type": "integer"}, {"type": "string"}]}}}
        """

    private func parameters() throws -> ToolParameters {
        ToolParameters(try Value(parsing: Array(Self.schema.utf8)))
    }

    @Test(arguments: [
        ("", "{}"), ("--path a", #"{"path":"a"}"#), ("--path=a=b", #"{"path":"a=b"}"#),
        ("--path 5", #"{"path":"5"}"#), ("--max-size 5", #"{"max_size":5}"#),
        ("--max_size 5", #"{"max_size":5}"#), ("--MaxSize 5", #"{"max_size":5}"#),
        ("--deep", #"{"deep":true}"#), ("--no-deep", #"{"deep":false}"#),
        ("--ratio 1.50", #"{"ratio":1.50}"#),
        ("--names a --names 5", #"{"names":["a","5"]}"#),
        ("--sizes 1 --sizes 2", #"{"sizes":[1,2]}"#),
        (#"--filter {"a":1}"#, #"{"filter":{"a":1}}"#), ("--any 5", #"{"any":5}"#),
        ("--any text", #"{"any":"text"}"#), ("--mode a", #"{"mode":"a"}"#),
        (#"{"path":"a","ratio":2} --path b"#, #"{"path":"b","ratio":2}"#),
    ])
    func `options become members of the types that the schema has`(line: String, json: String)
        throws
    {
        let words = line.split(separator: " ").map(String.init)
        #expect(try parameters().arguments(words).description == json)
    }

    @Test(arguments: [
        "--wrong x", "--path", "--path a --path b", "--max-size five", "--max-size 1.5", "text",
        "--no-path", "[1]", "{", "--sizes x",
    ])
    func `what cannot be made into members is refused`(line: String) throws {
        let parameters = try parameters()
        let words = line.split(separator: " ").map(String.init)
        #expect(throws: ToolUsageError.self) { try parameters.arguments(words) }
    }
}
