import Testing

@testable import JSON

/// Tests of RFC 8259, in the manner of Seriot's "Parsing JSON is a minefield".
@Suite struct ConformanceTests {
    @Test(arguments: [
        "null", "true", "false", "0", "-0", "1", "-1", "123", "0.5", "-0.0", "1.50", "1e5", "1E5",
        "1e+5", "1e-5", "0e1", "0.1e1", "1e999", "-1e-999", "123456789012345678901234567890",
        "0.00000000000000000000000000000000000000000000000000000000000000000000000000001",
        #""""#, #"" ""#, #""a""#, #""\"\\\/\b\f\n\r\t""#, #""\u0000""#, #""\u00e9\u00E9""#,
        #""\ud83d\ude00""#, #""\ud800""#, #""\udc00""#, #""\ud800\ud800""#, #""\ud800x""#,
        "\"\u{7F}\"", "\"é\"", "\"€\"", "\"😀\"", "\"\u{2028}\u{2029}\"", "\"\u{FFFF}\"",
        "\"\u{10FFFF}\"", "\"\u{FEFF}\"", "\"seven ñ\"", "\"eight.. ñ\"", "\"/\"",
        "[]", "[ ]", "[1]", "[1,2]", "[ 1 , 2 ]", "[[]]", "[[],[[]]]", "[{}]", "[\"\"]",
        "[null,true,false,1,\"a\",[],{}]",
        "{}", "{ }", #"{"":0}"#, #"{"a":1}"#, #"{"a":1,"b":2}"#, #"{"a":1,"a":2}"#,
        #"{ "a" : { "b" : [ ] } }"#, #"{"\u0061":1}"#,
        " 1", "1 ", "\t[\n1\r]\t", "\n{}\n",
    ])
    func `accepts`(text: String) throws {
        let value = try Value(parsing: [UInt8](text))
        #expect(Grammar.accepts([UInt8](text)))
        #expect(try Value(parsing: [UInt8](value.description)) == value)
    }

    @Test(arguments: [
        ("", "expected a value, but found the end", 0),
        (" ", "expected a value, but found the end", 1),
        ("nul", "expected a value, but found 'nul'", 0),
        ("True", "expected a value, but found 'True'", 0),
        ("NaN", "expected a value, but found 'NaN'", 0),
        ("-NaN", "expected a digit, but found 'NaN'", 1),
        ("Infinity", "expected a value, but found 'Infinity'", 0),
        ("-Infinity", "expected a digit, but found 'Infinity'", 1),
        ("truex", "expected the end, but found 'x'", 4),
        ("01", "a number with a leading zero", 0),
        ("-01", "a number with a leading zero", 1),
        ("00", "a number with a leading zero", 0),
        ("1.", "expected a digit, but found the end", 2),
        (".5", "expected a value, but found '.'", 0),
        ("1.e5", "expected a digit, but found 'e'", 2),
        ("1e", "expected a digit, but found the end", 2),
        ("1e+", "expected a digit, but found the end", 3),
        ("-", "expected a digit, but found the end", 1),
        ("+1", "expected a value, but found '+'", 0),
        ("0x1F", "expected the end, but found 'x'", 1),
        ("1_000", "expected the end, but found '_'", 1),
        ("--1", "expected a digit, but found '-'", 1),
        ("12345678901234567890x", "expected the end, but found 'x'", 20),
        ("'a'", "expected a value, but found '''", 0),
        ("\"", "a string without an end", 0),
        ("\"abc", "a string without an end", 0),
        ("\"long enough for two words of eight", "a string without an end", 0),
        ("\"\\", "an escape without an end", 1),
        (#""\"#, "an escape without an end", 1),
        (#""\x""#, "'x' after a backslash in a string", 1),
        (#""\u12""#, "'\\u' without four hexadecimal digits", 1),
        (#""\u12g4""#, "'\\u' without four hexadecimal digits", 1),
        (#""\u"#, "'\\u' without four hexadecimal digits", 1),
        (#""\U0041""#, "'U' after a backslash in a string", 1),
        ("\"a\tb\"", "control character 0x09 in a string must be escaped", 2),
        ("\"\0\"", "control character 0x00 in a string must be escaped", 1),
        ("\"a\nb\"", "control character 0x0A in a string must be escaped", 2),
        ("\"01234567\u{1F}\"", "control character 0x1F in a string must be escaped", 9),
        ("[", "expected a value, but found the end", 1),
        ("[1", "expected ',' or ']', but found the end", 2),
        ("[1,", "expected a value, but found the end", 3),
        ("[1,]", "expected a value, but found ']'", 3),
        ("[,1]", "expected a value, but found ','", 1),
        ("[1 2]", "expected ',' or ']', but found '2'", 3),
        ("[1}", "expected ',' or ']', but found '}'", 2),
        ("[1]]", "expected the end, but found ']'", 3),
        ("]", "expected a value, but found ']'", 0),
        ("{", "expected a key in quotes, but found the end", 1),
        ("{]", "expected a key in quotes, but found ']'", 1),
        ("{a:1}", "expected a key in quotes, but found 'a'", 1),
        ("{1:1}", "expected a key in quotes, but found '1'", 1),
        (#"{"a"}"#, "expected ':', but found '}'", 4),
        (#"{"a":}"#, "expected a value, but found '}'", 5),
        (#"{"a":1,}"#, "expected a key in quotes, but found '}'", 7),
        (#"{"a":1 "b":2}"#, "expected ',' or '}', but found '\"'", 7),
        (#"{"a":1]"#, "expected ',' or '}', but found ']'", 6),
        (#"{"a":1}}"#, "expected the end, but found '}'", 7),
        (#"{"a":1} // no"#, "expected the end, but found '/'", 8),
        ("\u{FEFF}{}", "expected a value, but found a byte order mark", 0),
        ("\u{A0}1", "expected a value, but found byte 0xC2", 0),
        ("\u{0C}1", "expected a value, but found control character 0x0C", 0),
        ("1\0", "expected the end, but found control character 0x00", 1),
    ])
    func `refuses`(text: String, problem: String, offset: Int) {
        #expect(throws: JSONError(offset: offset, problem: problem)) {
            try Value(parsing: [UInt8](text))
        }
        #expect(!Grammar.accepts([UInt8](text)))
    }

    @Test(
        arguments: [
            [0x80], [0xBF], [0xC0, 0x80], [0xC1, 0xBF], [0xC3], [0xC3, 0x28], [0xE0, 0x80, 0x80],
            [0xE0, 0x9F, 0xBF], [0xED, 0xA0, 0x80], [0xED, 0xBF, 0xBF], [0xE2, 0x82],
            [0xE2, 0x28, 0xAC],
            [0xF0, 0x80, 0x80, 0x80], [0xF0, 0x8F, 0xBF, 0xBF], [0xF0, 0x9F, 0x98],
            [0xF4, 0x90, 0x80, 0x80], [0xF5, 0x80, 0x80, 0x80], [0xF8, 0x88, 0x80, 0x80, 0x80],
            [0xFE],
            [0xFF],
        ] as [[UInt8]])
    func `refuses bytes that are not UTF-8`(bytes: [UInt8]) {
        for padding in 0..<10 {
            let before = [UInt8](repeating: 0x61, count: padding)
            let text = [0x22] + before + bytes + [0x22]
            #expect(throws: JSONError(offset: 1 + padding, problem: "invalid UTF-8")) {
                try Value(parsing: text)
            }
            #expect(throws: JSONError(offset: padding, problem: "invalid UTF-8")) {
                try Record(content: before + bytes)
            }
        }
    }

    @Test(arguments: ["[", #"{"a":"#])
    func `nesting has a limit that is reported`(opening: String) throws {
        func nested(_ levels: Int) -> [UInt8] {
            let closing = opening == "[" ? "]" : "}"
            return [UInt8](
                String(repeating: opening, count: levels) + "1"
                    + String(repeating: closing, count: levels))
        }
        let deepest = try Value(parsing: nested(1000))
        #expect([UInt8](deepest.description) == nested(1000))
        _ = try Record([UInt8](#"{"a":"#) + nested(999) + [UInt8]("}"))

        let problem = "more than 1000 levels of nesting"
        #expect(throws: JSONError(offset: 1000 * opening.utf8.count, problem: problem)) {
            try Value(parsing: nested(1001))
        }
        #expect(throws: JSONError.self) {
            try Record([UInt8](#"{"a":"#) + nested(1000) + [UInt8]("}"))
        }
        #expect(throws: JSONError.self) { try Value(parsing: nested(1_000_000)) }
    }
}
