extension Value {
    /// Bytes that are the same for equal values, whatever the order of members and the spelling of
    /// numbers.
    package var canonical: [UInt8] {
        var bytes: [UInt8] = []
        appendCanonical(to: &bytes)
        return bytes
    }

    private func appendCanonical(to bytes: inout [UInt8]) {
        switch self {
        case .number(let spelling):
            let number = Number(spelling)
            if number.isNegative { bytes.append(UInt8(ascii: "-")) }
            bytes += number.digits.map { $0 + UInt8(ascii: "0") }
            bytes += "e\(number.exponent)".utf8
        case .array(let elements):
            bytes.append(UInt8(ascii: "["))
            for element in elements {
                element.appendCanonical(to: &bytes)
                bytes.append(UInt8(ascii: ","))
            }
            bytes.append(UInt8(ascii: "]"))
        case .object(let members):
            // Of several members with the same name the last counts.
            var last: [[UInt8]: Value] = [:]
            for (key, value) in members { last[Array(key.utf8)] = value }
            bytes.append(UInt8(ascii: "{"))
            for (key, value) in last.sorted(by: { $0.key.lexicographicallyPrecedes($1.key) }) {
                bytes.appendJSON(string: String(decoding: key, as: UTF8.self))
                bytes.append(UInt8(ascii: ":"))
                value.appendCanonical(to: &bytes)
                bytes.append(UInt8(ascii: ","))
            }
            bytes.append(UInt8(ascii: "}"))
        default:
            bytes.appendJSON(value: self)
        }
    }
}
