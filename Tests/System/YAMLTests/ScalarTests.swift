import Testing
import YAML

@Suite struct ScalarTests {
    @Test(arguments: [
        ("", Scalar.Kind.null), ("~", .null), ("null", .null), ("NULL", .null), ("nUll", .string),
        ("true", .bool(true)), ("False", .bool(false)), ("tRUE", .string), ("yes", .string),
        ("on", .string), ("y", .string),
        ("0", .integer), ("-12", .integer), ("+7", .integer), ("017", .integer), ("0o17", .integer),
        ("0xFf", .integer), ("0o8", .string), ("0x", .string), ("0xg", .string), ("-0x1", .string),
        ("1_000", .string), ("+", .string), ("-", .string),
        ("1.5", .float), (".5", .float), ("5.", .float), ("1e3", .float), ("-1.5E-3", .float),
        ("+.inf", .float), ("-.INF", .float), (".NaN", .float), ("+.nan", .string),
        (".", .string), ("e3", .string), ("1e", .string), ("1e+", .string), ("1.2.3", .string),
        ("12:30:45", .string), ("2024-01-01", .string), ("0b1", .string), ("１２", .string),
    ])
    func `plain text means what the core schema says`(text: String, kind: Scalar.Kind) {
        #expect(Scalar(text, style: .plain).kind == kind)
        #expect(Scalar(text, style: .doubleQuoted).kind == .string)
    }

    @Test(arguments: [
        ("0", "0"), ("+7", "7"), ("-012", "-12"), ("000", "0"), ("0o17", "15"), ("0xff", "255"),
        ("123456789012345678901234567890", "123456789012345678901234567890"),
        ("0xffffffffffffffff", "18446744073709551615"), ("0x10000000000000000", nil),
        (".5", "0.5"), ("5.", "5.0"), ("+1.50", "1.50"), ("01e5", "1e5"), ("-.5E+7", "-0.5E+7"),
        (".inf", nil), (".nan", nil), ("text", nil), ("true", nil),
    ])
    func `a number is spelled as JSON does`(text: String, number: String?) {
        #expect(Scalar(text, style: .plain).number == number)
    }

    @Test(arguments: [
        ("12", 12), ("-012", -12), ("+7", 7), ("0o17", 15), ("0xff", 255),
        ("9223372036854775808", nil), ("1.0", nil), ("x", nil),
    ])
    func `an integer is one that fits`(text: String, integer: Int?) {
        #expect(Scalar(text, style: .plain).integer == integer)
    }

    @Test(arguments: [
        ("12", 12), ("0xff", 255), ("-.5", -0.5), ("1e3", 1000), ("5.", 5), ("-.inf", -.infinity),
        ("9223372036854775808", 9223372036854775808), ("x", nil), ("true", nil),
    ])
    func `any number is a double`(text: String, double: Double?) {
        #expect(Scalar(text, style: .plain).double == double)
    }

    @Test func `not a number is one`() {
        #expect(Scalar(".nan", style: .plain).double?.isNaN == true)
    }
}
