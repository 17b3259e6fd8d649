import Testing

@testable import JSON

@Suite struct ValueTests {
    @Test func `numbers keep their spelling and objects their order`() throws {
        let json = #"{"z":1.50,"a":[1e+05,-0,123456789012345678901234567890],"z":null}"#
        #expect(try Value(parsing: [UInt8](json)).description == json)
    }

    @Test func `values are taken apart`() throws {
        let value = try Value(
            parsing: [UInt8](#"{"s":"x","t":true,"n":-12,"d":1.5,"a":[1],"s":"y"}"#))
        #expect(value["s"]?.string == "y")
        #expect(value["t"]?.bool == true)
        #expect(value["n"]?.int == -12)
        #expect(value["d"]?.int == nil)
        #expect(value["d"]?.double == 1.5)
        #expect(value["a"]?.array == [1])
        #expect(value["none"] == nil)
        #expect(value["s"]?["t"] == nil)
        #expect(value.object?.map(\.key) == ["s", "t", "n", "d", "a", "s"])
        #expect(value["s"]?.int == nil && value["n"]?.string == nil && value["n"]?.bool == nil)
    }

    @Test func `literals are values`() {
        let value: Value = ["a": [1, "x", true, .null], "b": [:]]
        #expect(value.description == #"{"a":[1,"x",true,null],"b":{}}"#)
    }

    @Test func `a slice is read from its start`() throws {
        let bytes = [UInt8]("xx[1]xx")
        #expect(try Value(parsing: bytes[2..<5]) == [1])
        #expect(throws: JSONError(offset: 2, problem: "expected ',' or ']', but found the end")) {
            try Value(parsing: bytes[2..<4])
        }
    }

    @Test func `integers and booleans are written`() {
        var json: [UInt8] = []
        for int in [0, -1, .max, .min] { json.appendJSON(int: int) }
        json.appendJSON(bool: true)
        json.appendJSON(bool: false)
        #expect(json.text == "0-19223372036854775807-9223372036854775808truefalse")
    }
}
