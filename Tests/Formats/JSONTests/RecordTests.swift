import Foundation
import Testing

@testable import JSON

@Suite struct RecordTests {
    func record(_ line: String) throws -> Record { try Record([UInt8](line)) }

    @Test func `members are found by name`() throws {
        let record = try record(#" { "id" : "a", "n":1.50, "s":"", "o":{"id":1} , "z":null } "#)
        #expect(record.has("id"))
        #expect(!record.has("i") && !record.has("idd") && !record.has(""))
        #expect(record.json("n").map(Array.init)?.text == "1.50")
        #expect(record.json("o").map(Array.init)?.text == #"{"id":1}"#)
        #expect(record.json("none") == nil)
        #expect(record.value("o") == ["id": 1])
        #expect(record.value("z") == .null)
        #expect(record.value("none") == nil)
        #expect(try record.string("id") == "a")
        #expect(try record.string("s") == "")
        #expect(try record.string("z") == nil)
        #expect(try record.string("none") == nil)
        #expect(try record.utf8("id") == [0x61])
    }

    @Test func `of duplicates the last one counts`() throws {
        var record = try record(#"{"a":1,"b":2,"a":3}"#)
        #expect(record.value("a") == 3)
        record.set("a", json: [UInt8]("44"))
        #expect(record.bytes.text == #"{"a":1,"b":2,"a":44}"#)
        #expect(record.value("a") == 44)
    }

    @Test(arguments: [
        (#"{"\u0061b":1}"#, "ab"), (#"{"a\"b":1}"#, "a\"b"), (#"{"a\\nb":1}"#, "a\\nb"),
        (#"{"a\nb":1}"#, "a\nb"), (#"{"\ud83d\ude00":1}"#, "😀"), ("{\"é\":1}", "é"),
        (#"{"plain":0,"x\/y":1}"#, "x/y"), (#"{"\u0061":0,"a":1}"#, "a"),
        (#"{"a":0,"\u0061":1}"#, "a"),
    ])
    func `a key is what it means, however it is escaped`(line: String, key: String) throws {
        #expect(try record(line).value(key) == 1)
    }

    @Test(arguments: [#"{"a\nb":1}"#, #"{"\u0061":1}"#, "{\"e\u{301}\":1}"])
    func `a key is not what it looks like`(line: String) throws {
        let record = try record(line)
        for key in [#"a\nb"#, #"\u0061"#, "\u{E9}"] { #expect(!record.has(key)) }
    }

    @Test func `a string is a record with only content`() throws {
        var record = try record(#" "caf\u00e9" "#)
        #expect(record.has("content") && !record.has("") && !record.has("id"))
        #expect(try record.string("content") == "café")
        #expect(record.value("content") == "café")
        #expect(record.bytes.text == #" "caf\u00e9" "#)
        record.set("n", json: [UInt8]("1"))
        #expect(record.bytes.text == #"{"content":"caf\u00e9","n":1}"#)
        #expect(try record.string("content") == "café")
    }

    @Test func `the content of a bare string can be replaced`() throws {
        var record = try record(#""old""#)
        record.set("content", json: [UInt8](#""new""#))
        #expect(record.bytes.text == #"{"content":"new"}"#)
    }

    @Test(arguments: ["", "plain", "q\"uo\\te\n\t\u{8}\u{C}\r\u{1}", "é€😀", "\u{7F}\u{2028}"])
    func `text becomes a record`(content: String) throws {
        for record in [Record(content: content), try Record(content: [UInt8](content))] {
            #expect(try record.string("content") == content)
            #expect(try Record(record.bytes).string("content") == content)
        }
    }

    @Test(arguments: [
        ("", "an empty line", 0), (" \r", "an empty line", 0),
        ("1", "expected an object or a string, but found a number", 0),
        (" [1,2]", "expected an object or a string, but found an array", 1),
        ("null", "expected an object or a string, but found null", 0),
        ("true", "expected an object or a string, but found a boolean", 0),
        ("hello", "expected a value, but found 'hello'", 0),
        ("\u{FEFF}{}", "expected a value, but found a byte order mark", 0),
        (#"{"a":1}x"#, "expected the end, but found 'x'", 7),
        (#""a" "b""#, "expected the end, but found '\"'", 4),
        (#"{"a":1,}"#, "expected a key in quotes, but found '}'", 7),
        (#"{"a":[1}"#, "expected ',' or ']', but found '}'", 7),
    ])
    func `refuses a line`(line: String, problem: String, offset: Int) {
        #expect(throws: JSONError(offset: offset, problem: problem)) { try record(line) }
    }

    @Test func `an error tells the byte`() {
        #expect(
            JSONError(offset: 7, problem: "invalid UTF-8").description == "invalid UTF-8 at byte 7")
    }

    @Test func `what is of another kind is an error that says so`() throws {
        let record = try record(#"{"a":1,"b":"x","c":[1,"x"],"d":[1,null],"e":[1,1e39],"f":{}}"#)
        func problem(_ body: () throws -> Void) -> JSONError? {
            #expect(throws: JSONError.self) { try body() }
        }
        #expect(
            problem { _ = try record.string("a") }
                == JSONError(offset: 5, problem: "'a' is a number, not a string"))
        #expect(problem { _ = try record.utf8("f") }?.problem == "'f' is an object, not a string")
        #expect(
            problem { _ = try record.floats("b") }?.problem
                == "'b' is a string, not an array of numbers")
        #expect(
            problem { _ = try record.floats("c") }
                == JSONError(offset: 22, problem: "'c' has a string among its numbers"))
        #expect(problem { _ = try record.floats("d") }?.problem == "'d' has null among its numbers")
        #expect(
            problem { _ = try record.floats("e") }?.problem
                == "1e39 in 'e' is too large for a 32-bit float")
    }

    @Test(arguments: [
        ("[]", []), ("[ ]", []), ("[1]", ["1"]),
        (#"[ {"a": 1.50} , [2,3],"x,]" ]"#, [#"{"a": 1.50}"#, "[2,3]", #""x,]""#]),
        ("null", nil),
    ])
    func `the elements of an array have their bytes`(array: String, expected: [String]?) throws {
        let elements = try record(#"{"b":0,"a": \#(array) ,"c":1}"#).elements("a")
        #expect(elements?.map { String(decoding: $0, as: UTF8.self) } == expected)
        #expect(try record("{}").elements("a") == nil)
    }

    @Test func `what is no array has no elements`() throws {
        #expect(throws: JSONError(offset: 5, problem: "'a' is an object, not an array")) {
            try record(#"{"a":{}}"#).elements("a")
        }
    }

    @Test func `time grows with the members, not with their square`() throws {
        let clock = ContinuousClock()
        func time(_ members: Int) throws -> Duration {
            let line = "{" + (0..<members).map { "\"k\($0)\":[{}]" }.joined(separator: ",") + "}"
            return try clock.measure {
                var record = try Record([UInt8](line))
                #expect(record.value("k0") == [[:]])
                record.set("k0", json: [UInt8]("1"))
                record.set("new", json: [UInt8]("2"))
                #expect(record.value("new") == 2)
                #expect(try Value(parsing: record.bytes).object?.count == members + 1)
            }
        }
        // With a hundred times the members it may take a thousand times as long, not ten thousand.
        #expect(try time(100_000) < max(time(1000), .milliseconds(1)) * 1000)
    }

    @Test func `a vector is numbers or their base64, and both are the same floats`() throws {
        for count in 0...70 {
            let floats = (0..<count).map { _ in Float.random(in: -1...1) }
            var line = try record("{}")
            line.set("numbers") { $0.appendJSON(floats: floats) }
            line.set("letters") { $0.appendJSON(base64: floats) }
            let letters = floats.withUnsafeBytes { Data($0) }.base64EncodedString()
            #expect(line.json("letters").map(Array.init)?.text == "\"\(letters)\"")
            #expect(try line.vector("numbers") == floats)
            #expect(try line.vector("letters") == floats)
        }
        #expect(try record(#"{"v":null}"#).vector("v") == nil)
        // Some writers escape a slash.
        #expect(try record(#"{"v":"\/\/\/\/Pw"}"#).vector("v") == [Float(bitPattern: 0x3fff_ffff)])
    }

    @Test(arguments: [
        (#"{"v":"x"}"#, "'v' is base64 that ends too early"),
        (#"{"v":"AAAA"}"#, "'v' is base64 of 3 bytes, not of 32-bit floats"),
        (#"{"v":"AAA*"}"#, "'v' is not base64 at byte 3"),
        (#"{"v":"AACAPwAAwH8="}"#, "number 2 of 'v' is nan"),
        (#"{"v":3}"#, "'v' is a number, not an array of numbers"),
    ])
    func `what is not a vector is refused`(line: String, problem: String) throws {
        let error = #expect(throws: JSONError.self) { try record(line).vector("v") }
        #expect(error?.problem == problem)
    }
}
