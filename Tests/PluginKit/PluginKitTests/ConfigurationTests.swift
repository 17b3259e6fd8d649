import Testing

@testable import PluginKit

@Suite struct ConfigurationTests {
    @Test(arguments: [
        ("7", 7), ("-3", -3), ("0", 0), ("9223372036854775807", Int.max),
    ])
    func `reads a whole number`(text: String, value: Int) throws {
        #expect(try Configuration(["n": text]).int("n") == value)
    }

    @Test(arguments: ["", "seven", "1.0", "1e3", " 1", "1_000", "9223372036854775808"])
    func `refuses what is no whole number`(text: String) {
        #expect(throws: ConfigurationError.invalid("n", text, expected: "a whole number")) {
            try Configuration(["n": text]).int("n", default: 1)
        }
    }

    @Test(arguments: ["0", "4097", "-1"])
    func `refuses what is out of range`(text: String) {
        let error = #expect(throws: ConfigurationError.self) {
            try Configuration(["dimension": text]).int("dimension", in: 1...4096)
        }
        #expect(
            error?.description
                == "setting 'dimension' is '\(text)': expected a whole number from 1 to 4096")
    }

    @Test(arguments: [("0.7", 0.7), ("1", 1), ("-2.5e3", -2500)])
    func `reads a number`(text: String, value: Double) throws {
        #expect(try Configuration(["t": text]).double("t") == value)
    }

    @Test(arguments: ["", "warm", "nan", "inf", "2.1"])
    func `refuses what is not a number in range`(text: String) {
        let error = #expect(throws: ConfigurationError.self) {
            try Configuration(["t": text]).double("t", in: 0...2)
        }
        #expect(error?.description == "setting 't' is '\(text)': expected a number from 0.0 to 2.0")
    }

    @Test(arguments: [
        ("true", true), ("yes", true), ("On", true), ("TRUE", true),
        ("false", false), ("no", false), ("OFF", false),
    ])
    func `reads YAML's words for true and false`(text: String, value: Bool) throws {
        #expect(try Configuration(["b": text]).bool("b") == value)
    }

    @Test(arguments: ["", "1", "y", "maybe"])
    func `refuses other words`(text: String) {
        #expect(throws: ConfigurationError.invalid("b", text, expected: "true or false")) {
            try Configuration(["b": text]).bool("b")
        }
    }

    @Test(arguments: [
        ("250ms", Duration.milliseconds(250)), ("1.5s", .milliseconds(1500)), ("2m", .seconds(120)),
        ("1h30m", .seconds(5400)), ("1d", .seconds(86_400)), ("30", .seconds(30)),
        ("0.5", .milliseconds(500)), ("0", .zero),
    ])
    func `reads a duration`(text: String, value: Duration) throws {
        #expect(try Configuration(["d": text]).duration("d") == value)
    }

    @Test(arguments: ["", "s", "-1s", "1 s", "1x", "1s2", "1.2.3s", "inf", "nan", "0x1p3", "1e9s"])
    func `refuses what is no duration`(text: String) {
        #expect(throws: ConfigurationError.self) { try Configuration(["d": text]).duration("d") }
    }

    private enum Metric: String, CaseIterable { case cosine, dot }

    @Test func `reads one of a few words`() throws {
        let metric: Metric = try Configuration(["m": "dot"]).choice("m")
        #expect(metric == .dot)
        #expect(try Configuration([:]).choice("m", default: Metric.cosine) == .cosine)
        let error = #expect(throws: ConfigurationError.self) {
            try Configuration(["m": "Dot"]).choice("m", default: Metric.cosine)
        }
        #expect(error?.description == "setting 'm' is 'Dot': expected one of cosine, dot")
    }

    @Test func `takes the default only for what is not there`() throws {
        let none = Configuration([:])
        #expect(try none.string("s", default: "x") == "x")
        #expect(try none.int("n", default: 5, in: 1...4) == 5)
        #expect(try none.double("t", default: 0.5) == 0.5)
        #expect(try none.bool("b", default: true))
        #expect(try none.duration("d", default: .seconds(1)) == .seconds(1))
        #expect(try none.path("p", default: "/x") == "/x")
        #expect(try Configuration(["s": ""]).string("s", default: "x") == "")
    }

    @Test func `says what is missing`() {
        let error = #expect(throws: ConfigurationError.self) {
            try Configuration([:]).string("api_key")
        }
        #expect(error?.description == "setting 'api_key' is missing: expected text")
    }

    @Test func `names what it does not know`() {
        let configuration = Configuration(["a": "1", "z": "2", "b": "3"])
        #expect(configuration.unknown(besides: ["a"]) == ["b", "z"])
        let error = #expect(throws: ConfigurationError.self) {
            try configuration.refuseUnknown(besides: ["dimension", "a"])
        }
        #expect(
            error?.description == "unknown settings 'b', 'z': expected 'a', 'dimension'")
        #expect(throws: ConfigurationError.unknown(["z"], known: [])) {
            try Configuration(["z": ""]).refuseUnknown(besides: [])
        }
        #expect(throws: Never.self) {
            try configuration.refuseUnknown(besides: ["a", "b", "z", "c"])
        }
    }

    @Test(arguments: [
        ("/data", "/data"), ("data/x", "data/x"), ("~", "/home/me"), ("~/data", "/home/me/data"),
        ("~you/data", "~you/data"), ("/data/~", "/data/~"),
    ])
    func `expands the tilde`(text: String, path: String) {
        #expect(expandTilde(text, home: "/home/me") == path)
        #expect(expandTilde(text, home: nil) == text)
    }

    @Test func `refuses an empty path`() {
        #expect(throws: ConfigurationError.invalid("p", "", expected: "a path")) {
            try Configuration(["p": ""]).path("p")
        }
    }
}
