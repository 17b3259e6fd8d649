import JSON
import JSONSchema
import Testing
import ThreadTime

/// Schemas that would keep a simple validator busy for ever.
struct HostileTests {
    private func problems(_ schema: Value, _ value: Value) throws -> [String] {
        try Schema(schema).problems(with: value).map(\.description)
    }

    private func parse(_ json: String) throws -> Value { try Value(parsing: Array(json.utf8)) }

    /// `{"$ref":"#/$defs/NAME"}`
    private func reference(_ name: String) -> Value { ["$ref": .string("#/$defs/\(name)")] }

    @Test func `references that double at each step are followed once each`() throws {
        var parts: Members = [:]
        for number in 0..<60 {
            let next = reference("d\(number + 1)")
            parts.append("d\(number)", ["allOf": [next, next], "anyOf": [next, next]])
        }
        parts.append("d60", ["type": "string"])
        let schema: Value = ["$ref": "#/$defs/d0", "$defs": .object(parts)]
        #expect(try problems(schema, "fits") == [])
        #expect(try problems(schema, 1).count == 50)
    }

    @Test func `a tree is checked once for each alternative, however deep`() throws {
        // Each node is tried as each kind, and its children again in each of these.
        let kinds: [Value] = ["add", "sub", "mul", "div"].map { name in
            [
                "properties": [
                    "op": ["const": .string(name)], "left": reference("node"),
                    "right": reference("node"),
                ],
                "required": ["op", "left"], "type": "object",
            ]
        }
        let schema: Value = [
            "$ref": "#/$defs/node",
            "$defs": ["node": ["anyOf": .array(kinds + [["type": "integer"]])]],
        ]
        var tree: Value = 1
        for _ in 0..<200 { tree = ["op": "div", "left": tree, "right": 2] }
        #expect(try problems(schema, tree) == [])
        var wrong: Value = "x"
        for _ in 0..<200 { wrong = ["op": "div", "left": wrong, "right": 2] }
        let told = try problems(schema, wrong)
        #expect(told.count == 1, "\(told.map { $0.prefix(300) })")
    }

    @Test(arguments: [
        ##"{"$ref":"#"}"##, ##"{"allOf":[{"$ref":"#"},{"$ref":"#"}]}"##,
        ##"{"$ref":"#/$defs/a","$defs":{"a":{"$ref":"#/$defs/b"},"b":{"$ref":"#/$defs/a"}}}"##,
        ##"{"not":{"not":{"$ref":"#"}}}"##, ##"{"if":{"$ref":"#"},"else":{"$ref":"#"}}"##,
        ##"{"oneOf":[{"$ref":"#"},{"anyOf":[{"$ref":"#"},{"$ref":"#"}]}]}"##,
    ])
    func `a schema that goes round in circles ends, and nothing fits it`(schema: String) throws {
        let problems = try problems(parse(schema), ["a": [1, 2, 3]])
        #expect(!problems.isEmpty)
    }

    @Test func `a circle is none if the value goes on`() throws {
        let schema = try parse(##"{"items":{"$ref":"#"},"maxItems":1}"##)
        #expect(try problems(schema, [[[[[]]]]]) == [])
        #expect(
            try problems(schema, [[[[1, 2]]]]) == ["[0][0][0]: expected at most 1 items, not 2"])
    }

    @Test func `a schema as deep as JSON may be, with a value as deep, ends`() throws {
        let deep = 480
        let schema =
            String(repeating: #"{"allOf":["#, count: deep) + "{}"
            + String(repeating: "]}", count: deep)
        #expect(try problems(parse(schema), 1) == [])
        let recursive = try parse(
            ##"{"$defs":{"n":{"allOf":[{"allOf":[{"properties":{"a":{"$ref":"#/$defs/n"}}}]}]}},"$ref":"#/$defs/n"}"##
        )
        let value =
            String(repeating: #"{"a":"#, count: 990) + "1" + String(repeating: "}", count: 990)
        // Either it fits, or that could not be found out.
        let problems = try problems(recursive, parse(value))
        #expect(problems.count <= 1)
        #expect(problems.allSatisfy { $0.hasSuffix("the schema is nested too deeply") })
    }

    @Test func `a chain of references of any length is followed or given up`() throws {
        var parts: Members = [:]
        for number in 0..<10_000 { parts.append("d\(number)", reference("d\(number + 1)")) }
        parts.append("d10000", ["type": "string"])
        let schema: Value = ["$ref": "#/$defs/d0", "$defs": .object(parts)]
        #expect(try problems(schema, "fits") == ["the schema is nested too deeply"])
    }

    @Test(arguments: [(20, true), (50, false)])
    func `references to nearly everything are too many`(count: Int, isUsable: Bool) throws {
        var part: Value = ["allOf": .array(Array(repeating: ["type": "string"], count: 2000))]
        var references: [Value] = []
        for level in 0..<count {
            part = ["not": part]
            let steps = String(repeating: "/not", count: level)
            references.append(["$ref": .string("#/$defs/part\(steps)")])
        }
        let schema: Value = ["$defs": ["part": part], "allOf": .array(references)]
        if isUsable {
            #expect(throws: Never.self) { try Schema(schema) }
        } else {
            let error = try #require(throws: SchemaError.self) { try Schema(schema) }
            #expect(error.problem == "the schema is too large")
        }
    }

    @Test func `ten thousand names of ten thousand members are checked at once`() throws {
        let names = (0..<10_000).map { "n\($0)" }
        let schema: Value = [
            "required": .array(names.map { .string($0) }),
            "properties": .object(Members(names.map { ($0, ["type": "integer"]) })),
            "additionalProperties": false,
        ]
        let value = Value.object(Members(names.map { ($0, 1) }))
        #expect(try problems(schema, value) == [])
        let others = Value.object(Members(names.map { ("x" + $0, 1) }))
        var count = 0
        let time = try threadTime { count = try problems(schema, others).count }
        #expect(count == 50)
        #expect(time < .seconds(20))
    }
}
