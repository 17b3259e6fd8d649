import TestSupport
import Testing

@testable import JSON

@Suite struct SpliceTests {
    @Test(arguments: [
        ("{}", #"{"k":[1]}"#),
        ("{ }", #"{ "k":[1]}"#),
        (#"{"a":1}"#, #"{"a":1,"k":[1]}"#),
        (#" {"a" : 1.50 }  "#, #" {"a" : 1.50 ,"k":[1]}  "#),
        ("{\"a\":{}}\r", "{\"a\":{},\"k\":[1]}\r"),
        (
            #"{"a":"}","b":123456789012345678901234567890,"\u0061":"\/"}"#,
            #"{"a":"}","b":123456789012345678901234567890,"\u0061":"\/","k":[1]}"#
        ),
    ])
    func `a new member keeps every byte of the line`(line: String, result: String) throws {
        var record = try Record([UInt8](line))
        record.set("k", json: [UInt8]("[1]"))
        #expect(record.bytes.text == result)
        #expect(record.value("k") == [1])
    }

    @Test(arguments: [
        (#"{"k":0}"#, #"{"k":[1]}"#),
        (#"{ "k" : "a long string" , "b":[2]}"#, #"{ "k" : [1] , "b":[2]}"#),
        (#"{"a":1,"\u006b":{},"b":2}"#, #"{"a":1,"\u006b":[1],"b":2}"#),
        (#"{"k":1,"k":2,"b":3}"#, #"{"k":1,"k":[1],"b":3}"#),
    ])
    func `a member that is there is replaced where it stands`(line: String, result: String) throws {
        var record = try Record([UInt8](line))
        record.set("k", json: [UInt8]("[1]"))
        #expect(record.bytes.text == result)
        #expect(record.value("k") == [1])
        // The values behind the change have moved and are still found.
        let fresh = try Record(record.bytes)
        for key in ["a", "b"] { #expect(record.value(key) == fresh.value(key)) }
    }

    @Test(arguments: [
        ("{}", #"{"m":[7]}"#), (#"{"m":[]}"#, #"{"m":[7]}"#), (#"{"m":[ ]}"#, #"{"m":[ 7]}"#),
        (#"{"m":[1],"b":2}"#, #"{"m":[1,7],"b":2}"#),
        (#"{"m":[1, [] ],"b":2}"#, #"{"m":[1, [] ,7],"b":2}"#),
        (#"{"m":null,"b":2}"#, #"{"m":[7],"b":2}"#), (#""x""#, #"{"content":"x","m":[7]}"#),
    ])
    func `an array grows at its end`(line: String, result: String) throws {
        var record = try Record([UInt8](line))
        try record.append([UInt8]("7"), toArray: "m")
        #expect(record.bytes.text == result)
        #expect(record.value("b") == (try Record(record.bytes)).value("b"))
    }

    @Test func `what is no array does not grow`() throws {
        var record = try Record([UInt8](#"{"m":"x"}"#))
        #expect(throws: JSONError(offset: 5, problem: "'m' is a string, not an array")) {
            try record.append([UInt8]("7"), toArray: "m")
        }
        #expect(record.bytes.text == #"{"m":"x"}"#)
    }

    @Test func `a key is escaped`() throws {
        var record = try Record([UInt8]("{}"))
        record.set("a\"\n", json: [UInt8]("1"))
        #expect(record.bytes.text == #"{"a\"\n":1}"#)
        record.set("a\"\n", json: [UInt8]("2"))
        #expect(record.bytes.text == #"{"a\"\n":2}"#)
    }

    @Test func `after any changes the members are where a new scan finds them`() throws {
        var generator = SplitMix64(seed: 3)
        let keys = ["a", "b", "c", "content", "long enough to be more than eight"]
        for start in ["{}", #"{"a":1, "b" : [ ] }"#, #"  "bare"  "#] {
            var record = try Record([UInt8](start))
            var expected: [String: Value] = [:]
            for key in keys { expected[key] = record.value(key) }
            for step in 0..<200 {
                let key = keys.randomElement(using: &generator)!
                let size = Int.random(in: 0...30, using: &generator)
                let value = Value.array(Array(repeating: .number("\(step)"), count: size))
                if Bool.random(using: &generator), expected[key]?.array != nil {
                    try record.append([UInt8](value.description), toArray: key)
                    expected[key] = .array(expected[key]!.array! + [value])
                } else {
                    record.set(key, json: [UInt8](value.description))
                    expected[key] = value
                }
                let fresh = try Record(record.bytes)
                for key in keys {
                    #expect(record.value(key) == expected[key])
                    #expect(fresh.value(key) == expected[key])
                }
            }
        }
    }
}
