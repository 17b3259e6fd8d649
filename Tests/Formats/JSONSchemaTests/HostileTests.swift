import JSON
import TestSupport
import Testing

@testable import JSONSchema

/// Schemas that would keep a simple validator busy forever.
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
        // Each node is tried as each kind, and its children are tried again in each of these.
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
        // Either it fits, or the validator could not decide.
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

    @Test(arguments: [
        #"{"pattern":"a{1000000}"}"#, #"{"not":{"pattern":"a{1000000}"}}"#,
        #"{"not":{"not":{"pattern":"(a)\\1"}}}"#,
        #"{"anyOf":[{"type":"null"},{"pattern":"(a)\\1"}]}"#,
        #"{"oneOf":[{"type":"string"},{"pattern":"(a)\\1"}]}"#,
        #"{"not":{"anyOf":[{"type":"null"},{"pattern":"(a)\\1"}]}}"#,
        #"{"if":{"pattern":"(a)\\1"},"then":true,"else":true}"#,
        #"{"propertyNames":{"pattern":"(a)\\1"},"allOf":[{"pattern":"(?i)a"}]}"#,
    ])
    func `a pattern that cannot be searched for passes nothing`(schema: String) throws {
        let problems = try problems(parse(schema), "aa")
        #expect(problems.count == 1)
        #expect(problems.first?.contains("the pattern '") == true, "\(problems)")
    }

    @Test(arguments: [
        (#"{"patternProperties":{"(a)\\1":true},"additionalProperties":true}"#, #"{"aa":1}"#),
        (#"{"propertyNames":{"pattern":"(a)\\1"}}"#, #"{"aa":1}"#),
        (#"{"not":{"propertyNames":{"pattern":"(a)\\1"}}}"#, #"{"aa":1}"#),
        (#"{"contains":{"pattern":"(a)\\1"}}"#, #"["aa"]"#),
        (#"{"contains":{"pattern":"(a)\\1"},"minContains":0,"maxContains":0}"#, #"["aa"]"#),
        (#"{"not":{"contains":{"pattern":"(a)\\1"}}}"#, #"["aa"]"#),
    ])
    func `nor do the names and items that it is about pass`(schema: String, value: String) throws {
        let problems = try problems(parse(schema), parse(value))
        #expect(problems.count == 1)
        #expect(problems.first?.contains("has '\\1', which is not supported") == true)
    }

    @Test(arguments: [
        (#"{"anyOf":[{"type":"string"},{"pattern":"(a)\\1"}]}"#, #""aa""#),
        (#"{"properties":{"a":{"pattern":"(a)\\1"}}}"#, #"{"b":"aa"}"#),
        (#"{"not":{"pattern":"(a)\\1","type":"null"}}"#, #""aa""#),
        (#"{"contains":{"anyOf":[{"const":1},{"pattern":"(a)\\1"}]}}"#, #"["aa",1]"#),
    ])
    func `a pattern that decides nothing does not matter`(schema: String, value: String) throws {
        #expect(try problems(parse(schema), parse(value)) == [])
    }

    @Test func `ten thousand patterns of any size together take bounded memory`() throws {
        let patterns = (0..<10_000).map { ("^x\($0)a{9000}$", Value.bool(true)) }
        let schema = try Schema(["patternProperties": .object(Members(patterns))])
        let problems = schema.problems(with: ["y": 1])
        #expect(problems.count == 50)
        #expect(problems.allSatisfy { $0.message.hasSuffix("takes too long to search for") })
    }

    @Test func `all patterns together take no more than their share of steps`() throws {
        let schema = try Schema(["items": ["pattern": "(?=(a+)+$)b"]])
        let text = Value.string(String(repeating: "a", count: 300))
        let value = Value.array(Array(repeating: text, count: 10_000))
        let problems = schema.problems(with: value, within: Limits(searchSteps: 2_000_000))
        #expect(problems.count == 50)
        let last = schema.problems(with: [text], within: Limits(searchSteps: 1000))
        #expect(
            last.map(\.message) == ["the pattern '(?=(a+)+$)b' takes too long to search for"])
    }

    @Test func `rules and parts that multiply are given up`() throws {
        let many = Value.array(Array(repeating: ["type": "integer"], count: 10_000))
        let schema = try Schema(["items": ["allOf": many]])
        let value = Value.array(Array(repeating: 1, count: 10_000))
        let problems = schema.problems(with: value, within: Limits(checks: 100_000))
        #expect(problems.first?.message == "the schema takes too long to check")
    }

    @Test func `dynamic references that multiply are given up`() throws {
        // Each resource resolves each of its names to one of two anchors.
        let count = 16
        var parts: Members = [:]
        for number in 0..<count {
            for side in ["a", "b"] {
                let next = (number + 1) % count
                parts.append(
                    "\(side)\(number)",
                    [
                        "$id": .string("\(side)\(number)"),
                        "$defs": ["x": ["$dynamicAnchor": .string("n\(number)")]],
                        "anyOf": [
                            ["$ref": .string("a\(next)")], ["$ref": .string("b\(next)")],
                            ["$dynamicRef": .string("#n\(number)")],
                        ],
                    ])
            }
        }
        let schema = try Schema(["$ref": "a0", "$defs": .object(parts), "not": ["$ref": "b1"]])
        var problems: [Problem] = []
        let time = threadTime { problems = schema.problems(with: 1) }
        #expect(!problems.isEmpty)
        #expect(time < .seconds(60))
    }

    @Test func `names in a deep schema take no more memory than it`() throws {
        let depth = 900
        let anchors = (0..<20_000).map { #"{"$anchor":"a\#($0)"}"# }.joined(separator: ",")
        func schema(_ reference: String) -> String {
            "{\"$ref\":\"#\(reference)\",\"not\":" + String(repeating: #"{"not":"#, count: depth)
                + #"{"allOf":["# + anchors + "]}" + String(repeating: "}", count: depth + 1)
        }
        let error = try #require(throws: SchemaError.self) { try Schema(parsing: schema("b")) }
        #expect(error.problem == "'#b' is nowhere in this schema")
        #expect(try Schema(parsing: schema("a19999")).problems(with: 1).count == 1)
    }

    @Test(arguments: [
        #"{"maxItems":1000000000}"#, #"{"maxItems":1e300,"maxLength":9223372036854775808}"#,
        #"{"maxProperties":1e18}"#, #"{"maxLength":18446744073709551616}"#,
        #"{"maximum":1e400,"minimum":-1e400}"#,
    ])
    func `limits of any size are limits`(schema: String) throws {
        for value in ["[1]", #""a""#, #"{"a":1}"#, "5"] {
            #expect(try problems(parse(schema), parse(value)) == [])
        }
        #expect(try problems(parse(#"{"minItems":1e300}"#), [1]).count == 1)
    }

    @Test func `an enumeration of any size is looked up at once`() throws {
        let names = (0..<20_000).map { Value.string("name \($0)") }
        let schema = try Schema(["items": ["enum": .array(names)]])
        var count = 0
        let time = threadTime { count = schema.problems(with: .array(names.reversed())).count }
        #expect(count == 0)
        #expect(time < .seconds(20))
    }
}
