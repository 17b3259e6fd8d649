import JSON
import JSONSchema
import Testing

struct ValidationTests {
    private func problems(_ schema: String, _ value: String) throws -> [String] {
        try Schema(parsing: schema).problems(with: Value(parsing: Array(value.utf8))).map(
            \.description)
    }

    @Test(arguments: [
        (#"{"type":"integer"}"#, "1"),
        (#"{"type":"integer"}"#, "1.0"),
        (#"{"type":"integer"}"#, "12e1"),
        (#"{"type":["string","null"]}"#, "null"),
        (#"{"enum":[1,{"a":1,"b":[2]}]}"#, #"{"b":[2.0],"a":1}"#),
        (#"{"const":100}"#, "1e2"),
        (#"{"minimum":0.1,"maximum":1e400}"#, "1e399"),
        (#"{"multipleOf":0.01}"#, "1.13"),
        (#"{"multipleOf":3}"#, "3e300"),
        (#"{"maxLength":2}"#, "\"é\u{1F600}\""),
        (#"{"pattern":"b+"}"#, #""abc""#),
        (#"{"minimum":5,"pattern":"x","required":["y"]}"#, "null"),
        (#"{"uniqueItems":true}"#, #"[1,"1",[1],{"a":1}]"#),
        (#"{"prefixItems":[{"type":"string"}],"items":false}"#, #"["a"]"#),
        (#"{"items":[{"type":"string"}],"additionalItems":false}"#, #"["a"]"#),
        (#"{"contains":{"type":"integer"},"minContains":2,"maxContains":2}"#, #"[1,"a",2]"#),
        (#"{"properties":{"a":{"type":"string"}},"additionalProperties":false}"#, #"{"a":"x"}"#),
        (#"{"patternProperties":{"^x-":true},"additionalProperties":false}"#, #"{"x-a":1}"#),
        (#"{"dependentRequired":{"a":["b"]}}"#, #"{"c":1}"#),
        (#"{"oneOf":[{"type":"string"},{"type":"integer"}]}"#, "1"),
        (#"{"if":{"type":"string"},"then":{"minLength":1},"else":{"minimum":1}}"#, "1"),
        (##"{"$ref":"#/$defs/a~1b","$defs":{"a/b":{"type":"integer"}}}"##, "1"),
        (##"{"$ref":"#there","$defs":{"x":{"$anchor":"there","type":"integer"}}}"##, "1"),
        (
            #"{"$id":"https://e.org/s","$ref":"https://e.org/s#/$defs/a","$defs":{"a":{"type":"null"}}}"#,
            "null"
        ),
        (
            ##"{"$ref":"in#/$defs/a","properties":{"a/b":{"$id":"in","$defs":{"a":{"type":"null"}}}}}"##,
            "null"
        ),
        (
            ##"{"$ref":"in#x","$defs":{"~":{"$id":"in","items":{"$anchor":"x","const":1}}}}"##, "1"
        ),
        (
            ##"{"$schema":"http://json-schema.org/draft-07/schema#","$ref":"#/definitions/a","minimum":9,"definitions":{"a":{"type":"integer"}}}"##,
            "1"
        ),
        ("{\"properties\":{\"\u{E9}\":false}}", "{\"e\u{301}\":1}"),
        (#"{"minProperties":1,"maxProperties":1,"propertyNames":{"pattern":"^a"}}"#, #"{"a":1}"#),
        (#"{"dependencies":{"a":["b"],"c":{"required":["d"]}}}"#, #"{"a":1,"b":2}"#),
        (#"{"dependentSchemas":{"a":{"required":["b"]}}}"#, #"{"b":1}"#),
        (#"{"contains":{"const":1},"minContains":0}"#, "[]"),
        (#"{"prefixItems":[true],"contains":{"const":2},"unevaluatedItems":false}"#, "[1,2]"),
        (#"{"not":{"required":["a"]}}"#, "{}"), (#"{"exclusiveMinimum":1}"#, "1.0000000000000001"),
        (#"{"multipleOf":3}"#, "-9"), (#"{"type":["integer"]}"#, "1e400"),
        (#"{"const":{"a":[1,null]}}"#, #"{"a":[1.0,null]}"#), (#"{"required":true}"#, "{}"),
        (#"{"allOf":[{"properties":{"a":true}}],"unevaluatedProperties":false}"#, #"{"a":1}"#),
        (#"{"format":"email","x-unknown":1}"#, #""no address""#),
        ("true", "1"),
        (
            ##"{"$schema":"http://json-schema.org/draft-07/schema#","$ref":"#a","definitions":{"x":{"$id":"#a","type":"null"}}}"##,
            "null"
        ),
        (
            ##"{"$schema":"http://json-schema.org/draft-04/schema#","id":"http://e.org/a","$ref":"b","definitions":{"x":{"id":"b","type":"null"}}}"##,
            "null"
        ),
        (
            #"{"$ref":"http://json-schema.org/draft-07/schema#"}"#,
            #"{"items":[{"type":["null","array"]}],"required":[]}"#
        ),
        (##"{"components":{"a":{"type":"null"}},"$ref":"#/components/a"}"##, "null"),
        (##"{"properties":{"$id":{"type":"string"},"$ref":{"type":"string"}}}"##, #"{"$id":"x"}"#),
        (
            ##"{"default":{"$id":"x","$anchor":"y"},"enum":[{"$ref":"#nowhere"}]}"##,
            ##"{"$ref":"#nowhere"}"##
        ),
    ])
    func `says nothing of what fits`(schema: String, value: String) throws {
        #expect(try problems(schema, value) == [])
    }

    @Test(arguments: [
        (#"{"type":"integer"}"#, "1.5", "expected an integer, not 1.5"),
        (#"{"type":["string","null"]}"#, "[1]", "expected a string or null, not an array"),
        (#"{"enum":["a","b"]}"#, #""c""#, #"expected one of "a", "b", not "c""#),
        (#"{"const":1}"#, "2", "expected 1, not 2"),
        (#"{"minimum":10}"#, "9.99", "expected at least 10, not 9.99"),
        (#"{"exclusiveMaximum":0.25}"#, "0.25", "expected less than 0.25, not 0.25"),
        (#"{"minimum":3,"exclusiveMinimum":true}"#, "3", "expected more than 3, not 3"),
        (#"{"multipleOf":0.01}"#, "1.135", "expected a multiple of 0.01, not 1.135"),
        (#"{"minLength":3}"#, #""ab""#, "expected at least 3 characters, not 2"),
        (#"{"pattern":"^a$"}"#, #""ab""#, "expected a string that matches '^a$'"),
        (#"{"uniqueItems":true}"#, #"[{"a":1},2,{"a":1.0}]"#, "items 0 and 2 are equal"),
        (#"{"maxItems":1}"#, "[1,2]", "expected at most 1 items, not 2"),
        (#"{"items":{"type":"string"}}"#, #"["a",1]"#, "[1]: expected a string, not 1"),
        (#"{"required":["a"]}"#, "{}", "member 'a' is missing"),
        (
            #"{"properties":{"a":true},"additionalProperties":false}"#, #"{"b":1}"#,
            "member 'b' is not allowed (allowed: a)"
        ),
        (
            #"{"properties":{"a":{"properties":{"b c":{"items":{"required":["d"]}}}}}}"#,
            #"{"a":{"b c":[{"d":1},{}]}}"#, #".a.["b c"][1]: member 'd' is missing"#
        ),
        (
            #"{"dependentRequired":{"a":["b"]}}"#, #"{"a":1}"#,
            "member 'b' is missing, which 'a' needs"
        ),
        (
            #"{"anyOf":[{"type":"string"},{"properties":{"a":{"type":"string"}},"type":"object"}]}"#,
            #"{"a":1}"#, "fits none of 2 alternatives; the nearest: .a: expected a string, not 1"
        ),
        (
            #"{"oneOf":[{"minimum":1},{"maximum":3}]}"#, "2",
            "fits alternatives 1 and 2, expected exactly one"
        ),
        (#"{"not":{"type":"null"}}"#, "null", "is what the schema forbids with 'not'"),
        (
            #"{"propertyNames":{"maxLength":1}}"#, #"{"ab":1}"#,
            "'ab' is not a good name here: expected at most 1 characters, not 2"
        ),
        (#"{"minProperties":2}"#, #"{"a":1}"#, "expected at least 2 members, not 1"),
        (#"{"minItems":1}"#, "[]", "expected at least 1 items, not 0"),
        (
            #"{"contains":{"const":1},"maxContains":1}"#, "[1,1]",
            "expected at most 1 items of a kind, but 2 fit"
        ),
        (
            #"{"prefixItems":[true],"unevaluatedItems":false}"#, "[1,2]",
            "[1]: nothing is allowed here"
        ),
        (#"{"if":{"minimum":5},"then":{"multipleOf":2}}"#, "7", "expected a multiple of 2, not 7"),
        (
            #"{"dependencies":{"c":{"required":["d"]}}}"#, #"{"c":1}"#, "member 'd' is missing"
        ),
        (
            #"{"dependentSchemas":{"a":{"required":["b"]}}}"#, #"{"a":1}"#,
            "member 'b' is missing"
        ),
        (#"{"patternProperties":{"^x":false}}"#, #"{"x1":1}"#, ".x1: nothing is allowed here"),
        (#"{"exclusiveMinimum":1}"#, "1.0", "expected more than 1, not 1.0"),
        (#"{"unevaluatedProperties":false}"#, #"{"a":1}"#, "member 'a' is not allowed"),
        (##"{"$ref":"#"}"##, "1", "the schema refers to itself without end at '#'"),
        ("false", "1", "nothing is allowed here"),
        (
            #"{"$ref":"http://json-schema.org/draft-07/schema#"}"#, #"{"not":{"minItems":-1}}"#,
            ".not.minItems: expected at least 0, not -1"
        ),
        (
            #"{"properties":{"schema":{"$ref":"https://json-schema.org/draft/2020-12/schema"}}}"#,
            #"{"schema":{"properties":{"a":{"required":"b"}}}}"#,
            ".schema.properties.a.required: expected an array, not a string"
        ),
    ])
    func `names what does not fit, and where`(schema: String, value: String, problem: String) throws
    {
        #expect(try problems(schema, value) == [problem])
    }

    @Test(arguments: [
        ("{", "not JSON: "),
        ("3", "a schema is an object or a boolean, not a number"),
        (#"{"type":"text"}"#, "'/type': expected string, number"),
        (
            #"{"properties":{"a/b":{"minLength":-1}}}"#,
            "'/properties/a~1b/minLength': expected an integer of 0 or more"
        ),
        (#"{"pattern":"("}"#, "'/pattern': '(' is no regular expression"),
        (##"{"$ref":"#/$defs/a"}"##, "'/$ref': '#/$defs/a' is nowhere in this schema"),
        (
            #"{"$ref":"https://example.com/other"}"#,
            "'/$ref': 'https://example.com/other' is nowhere"
        ),
        (#"{"multipleOf":0}"#, "'/multipleOf': expected a number above 0"),
    ])
    func `refuses what is no schema`(schema: String, problem: String) throws {
        let error = try #require(throws: SchemaError.self) { try Schema(parsing: schema) }
        #expect("\(error)".hasPrefix(problem))
    }

    @Test func `a tree of any depth is checked by a schema that refers to itself`() throws {
        let schema = try Schema(
            parsing:
                ##"{"type":"object","properties":{"next":{"$ref":"#"},"n":{"type":"integer"}}}"##)
        let depth = 900
        let good =
            String(repeating: #"{"next":"#, count: depth) + #"{"n":1}"#
            + String(repeating: "}", count: depth)
        #expect(schema.problems(with: try Value(parsing: Array(good.utf8))).isEmpty)
        let bad = good.replacing(#""n":1"#, with: #""n":"1""#)
        let problems = schema.problems(with: try Value(parsing: Array(bad.utf8)))
        #expect(problems.count == 1)
        #expect(problems.first?.path == String(repeating: ".next", count: depth) + ".n")
    }

    @Test func `a hundred thousand mistakes are reported as fifty`() throws {
        let schema = try Schema(parsing: #"{"items":{"type":"string"},"uniqueItems":true}"#)
        let value = Value.array((0..<100_000).map { .number("\($0)") })
        #expect(schema.problems(with: value).count == 50)
    }
}
