import JSON
import Testing

@testable import MCP

struct InputSchemaTests {
    @Test func `a schema that is wrong throughout allows any object`() {
        var properties = Members()
        for number in 0..<500 { properties.append("p\(number)", ["minLength": "x"]) }
        let schema: Value = ["type": "object", "properties": .object(properties)]
        #expect(InputSchema.repaired(schema) == ["type": "object"])
    }

    @Test(
        arguments: [
            (["type": ["object", "null"]], ["type": "object"]),
            (["type": "string"], ["type": "object"]),
            (
                ["type": "object", "properties": ["a": ["type": "string", "nullable": true]]],
                [
                    "type": "object",
                    "properties": ["a": ["type": ["string", "null"], "nullable": true]],
                ]
            ),
            (
                ["type": "object", "properties": ["a": .null], "required": ["a", 1]],
                ["type": "object", "properties": ["a": [:]], "required": ["a"]]
            ),
            (["type": "object", "additionalProperties": "no"], ["type": "object"]),
            (["type": "object", "properties": []], ["type": "object"]),
        ] as [(Value, Value)])
    func `what is meant is kept`(schema: Value, expected: Value) {
        #expect(InputSchema.repaired(schema) == expected)
    }
}
