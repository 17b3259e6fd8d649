import Unix

/// One line of hclog's JSON format, its newline included.
func logLine(
    level: Logger.Level, message: String, module: String, time: Timestamp, values: Logger.Values
) -> [UInt8] {
    var line: [UInt8] = []
    line.reserveCapacity(160 + message.utf8.count)
    line += #"{"@level":""#.utf8
    line += level.rawValue.utf8
    line += #"","@message":"#.utf8
    appendJSON(message, to: &line)
    if !module.isEmpty {
        line += #","@module":"#.utf8
        appendJSON(module, to: &line)
    }
    line += #","@timestamp":""#.utf8
    line += time.description.utf8
    line.append(UInt8(ascii: "\""))
    for (name, value) in values {
        line.append(UInt8(ascii: ","))
        appendJSON(name, to: &line)
        line.append(UInt8(ascii: ":"))
        if isJSON(value) {
            line += value.description.utf8
        } else {
            appendJSON(value.description, to: &line)
        }
    }
    line += "}\n".utf8
    return line
}

/// Whether a value's description is JSON as it stands.
private func isJSON(_ value: any CustomStringConvertible) -> Bool {
    switch value {
    case is Bool, is any BinaryInteger: true
    case let value as Double: value.isFinite
    case let value as Float: value.isFinite
    default: false
    }
}

/// Appends a JSON string (RFC 8259, section 7).
private func appendJSON(_ text: String, to line: inout [UInt8]) {
    let digits = Array("0123456789abcdef".utf8)
    line.append(UInt8(ascii: "\""))
    for byte in text.utf8 {
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"): line += [UInt8(ascii: "\\"), byte]
        case UInt8(ascii: "\n"): line += #"\n"#.utf8
        case UInt8(ascii: "\r"): line += #"\r"#.utf8
        case UInt8(ascii: "\t"): line += #"\t"#.utf8
        case 0..<32:
            line += Array(#"\u00"#.utf8) + [digits[Int(byte >> 4)], digits[Int(byte & 15)]]
        default: line.append(byte)
        }
    }
    line.append(UInt8(ascii: "\""))
}
