/// A value that is neither a list nor a mapping.
package struct Scalar: Equatable, Sendable {
    /// The spelling of a scalar.
    package enum Style: Sendable { case plain, singleQuoted, doubleQuoted, literal, folded }

    /// The meaning of a scalar.
    package enum Kind: Equatable, Sendable { case null, bool(Bool), integer, float, string }

    /// The text, with quotes, escapes and folding resolved.
    package let text: String

    package let style: Style
    package let kind: Kind

    /// Resolves plain text as YAML 1.2.2's core schema (§10.3.2) does, whatever
    /// `%YAML` says: `yes`, `on` and `1_000` are strings, `0o17` is fifteen and
    /// `017` is seventeen. Any other style is a string.
    package init(_ text: String, style: Style) {
        self.init(text: text, style: style, kind: style == .plain ? Kind(core: text) : .string)
    }

    init(text: String, style: Style, kind: Kind) {
        self.text = text
        self.style = style
        self.kind = kind
    }

    /// The value, if this is an integer that fits.
    package var integer: Int? {
        guard kind == .integer else { return nil }
        let digits = text.dropFirst(2)
        if text.hasPrefix("0x") { return Int(digits, radix: 16) }
        if text.hasPrefix("0o") { return Int(digits, radix: 8) }
        return Int(text)
    }

    /// The nearest double, if this is a number.
    package var double: Double? {
        switch kind {
        case .integer: return integer.map { Double($0) } ?? Double(text)
        case .float:
            let lowercase = text.lowercased()
            if lowercase.hasSuffix(".nan") { return .nan }
            if lowercase.hasSuffix(".inf") { return text.hasPrefix("-") ? -.infinity : .infinity }
            return number.flatMap { Double($0) }
        default: return nil
        }
    }

    /// The digits of a number as JSON spells it, however many there are.
    ///
    /// Nil for a scalar that is not a number, for infinities and NaN, and for an octal or
    /// hexadecimal of more than 64 bits.
    package var number: String? {
        switch kind {
        case .integer where text.hasPrefix("0x"):
            return UInt64(text.dropFirst(2), radix: 16).map { String($0) }
        case .integer where text.hasPrefix("0o"):
            return UInt64(text.dropFirst(2), radix: 8).map { String($0) }
        case .integer, .float: return decimal
        default: return nil
        }
    }

    /// The decimal number without a plus or leading zeros, and with digits around the point.
    private var decimal: String? {
        let sign = text.hasPrefix("-") ? "-" : ""
        let unsigned = text.drop { $0 == "-" || $0 == "+" }
        let mantissa = unsigned.prefix { $0 != "e" && $0 != "E" }
        let exponent = unsigned.dropFirst(mantissa.count)
        let digits = mantissa.prefix { $0 != "." }
        let fraction = mantissa.dropFirst(digits.count).dropFirst()
        guard !digits.isEmpty || fraction.first?.isNumber == true else { return nil }

        let whole = digits.drop { $0 == "0" }
        let point = mantissa.contains(".") ? ".\(fraction.isEmpty ? "0" : fraction)" : ""
        return "\(sign)\(whole.isEmpty ? "0" : whole)\(point)\(exponent)"
    }
}

extension Scalar.Kind {
    init(core text: String) {
        self =
            switch text {
            case "", "~", "null", "Null", "NULL": .null
            case "true", "True", "TRUE": .bool(true)
            case "false", "False", "FALSE": .bool(false)
            default: Self.numeric(Array(text.utf8)) ?? .string
            }
    }

    private static func numeric(_ text: [UInt8]) -> Self? {
        if text.starts(with: Array("0x".utf8)), text.count > 2 {
            return text.dropFirst(2).allSatisfy(isHexadecimal) ? .integer : nil
        }
        if text.starts(with: Array("0o".utf8)), text.count > 2 {
            return text.dropFirst(2).allSatisfy { (0x30...0x37).contains($0) } ? .integer : nil
        }
        var rest = text[...]
        if let first = rest.first, "+-".utf8.contains(first) { rest = rest.dropFirst() }
        switch String(decoding: rest, as: UTF8.self) {
        case ".inf", ".Inf", ".INF": return .float
        case ".nan", ".NaN", ".NAN": return rest.count == text.count ? .float : nil
        default: break
        }

        let whole = rest.prefix(while: isDigit)
        rest = rest.dropFirst(whole.count)
        if rest.isEmpty { return whole.isEmpty ? nil : .integer }
        if rest.first == UInt8(ascii: ".") {
            let fraction = rest.dropFirst().prefix(while: isDigit)
            if whole.isEmpty, fraction.isEmpty { return nil }
            rest = rest.dropFirst(1 + fraction.count)
        } else if whole.isEmpty {
            return nil
        }
        guard let letter = rest.first else { return .float }
        guard "eE".utf8.contains(letter) else { return nil }
        rest = rest.dropFirst()
        if let sign = rest.first, "+-".utf8.contains(sign) { rest = rest.dropFirst() }
        return !rest.isEmpty && rest.allSatisfy(isDigit) ? .float : nil
    }
}

private func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }

private func isHexadecimal(_ byte: UInt8) -> Bool {
    isDigit(byte) || (0x61...0x66).contains(byte | 0x20)
}
