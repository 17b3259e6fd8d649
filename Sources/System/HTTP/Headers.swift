import Text

/// The fields of a message's head, in order.
package struct Headers: Sendable, Equatable {
    package private(set) var fields: [Field]

    package struct Field: Sendable, Equatable {
        package let name: String
        package let value: String
    }

    package init(_ fields: KeyValuePairs<String, String> = [:]) {
        self.fields = fields.map { Field(name: $0, value: $1) }
    }

    /// The value of the first field with a name. The case of the name does not matter.
    package subscript(name: String) -> String? {
        let name = name.lowercased()
        return fields.first { $0.name.lowercased() == name }?.value
    }

    package mutating func append(_ name: String, _ value: String) {
        fields.append(Field(name: name, value: value))
    }

    /// Reads a line of a head. A line that is not a field is skipped.
    mutating func append(line: Substring) {
        guard let colon = line.firstIndex(of: ":") else { return }
        let value = line[line.index(after: colon)...]
        append(String(line[..<colon]), String(value.trimming { $0 == " " || $0 == "\t" }))
    }

    /// The name of a field that cannot be sent, if there is one.
    var unsendable: String? {
        fields.first { field in
            field.name.isEmpty || !field.name.utf8.allSatisfy(isTokenByte)
                || field.value.utf8.contains { $0 < 0x20 && $0 != 0x09 || $0 == 0x7F }
        }?.name
    }
}

/// True for a byte that RFC 9110, section 5.6.2, allows in the name of a field.
private func isTokenByte(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"):
        true
    default: "!#$%&'*+-.^_`|~".utf8.contains(byte)
    }
}
