extension Value {
    /// Reads a text that is one value, with only whitespace around it.
    package init(parsing json: [UInt8]) throws(JSONError) {
        try self.init(parsing: json[...])
    }

    /// Reads a text that is one value, with only whitespace around it.
    ///
    /// Offsets in errors are counted from the start of the slice.
    package init(parsing json: ArraySlice<UInt8>) throws(JSONError) {
        self = try json.withUnsafeBufferPointer { text throws(JSONError) in
            var scanner = Scanner(text)
            scanner.skipWhitespace()
            let start = scanner.offset
            try scanner.skipValue()
            try scanner.skipEnd()
            scanner.offset = start
            return scanner.value()
        }
    }
}

/// The value's JSON, without whitespace.
extension Value: CustomStringConvertible {
    package var description: String {
        var json: [UInt8] = []
        json.appendJSON(value: self)
        return String(decoding: json, as: UTF8.self)
    }
}

extension [UInt8] {
    package mutating func appendJSON(value: Value) {
        switch value {
        case .null: append(contentsOf: "null".utf8)
        case .bool(let bool): appendJSON(bool: bool)
        case .number(let spelling): append(contentsOf: spelling.utf8)
        case .string(let string): appendJSON(string: string)
        case .array(let elements):
            append(UInt8(ascii: "["))
            for (index, element) in elements.enumerated() {
                if index > 0 { append(UInt8(ascii: ",")) }
                appendJSON(value: element)
            }
            append(UInt8(ascii: "]"))
        case .object(let members):
            append(UInt8(ascii: "{"))
            for (index, (key, value)) in members.enumerated() {
                if index > 0 { append(UInt8(ascii: ",")) }
                appendJSON(string: key)
                append(UInt8(ascii: ":"))
                appendJSON(value: value)
            }
            append(UInt8(ascii: "}"))
        }
    }
}
