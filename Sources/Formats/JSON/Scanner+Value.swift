extension Scanner {
    /// Reads a value that has been scanned before, and starts at the next byte, without recursion.
    mutating func value() -> Value {
        var containers: [Container] = []
        value: while true {
            var value = Value.null
            switch text[offset] {
            case UInt8(ascii: "{"), UInt8(ascii: "["):
                if let container = open() {
                    containers.append(container)
                    continue value
                }
                value = text[offset - 1] == UInt8(ascii: "}") ? .object([:]) : .array([])
            case UInt8(ascii: "\""): value = .string(string())
            case UInt8(ascii: "t"): (value, offset) = (.bool(true), offset + 4)
            case UInt8(ascii: "f"): (value, offset) = (.bool(false), offset + 5)
            case UInt8(ascii: "n"): offset += 4
            default:
                let start = offset
                try! skipNumber()
                value = .number(String(decoding: text[start..<offset], as: UTF8.self))
            }
            while let last = containers.indices.last {
                containers[last].add(value)
                skipWhitespace()
                offset += 1
                if text[offset - 1] == UInt8(ascii: ",") {
                    skipWhitespace()
                    if containers[last].isObject { containers[last].key = key() }
                    continue value
                }
                value = containers.removeLast().value
            }
            return value
        }
    }

    /// Skips the start of a container up to its first value, or all of an empty one.
    ///
    /// - Returns: Nil for an empty one.
    private mutating func open() -> Container? {
        let isObject = text[offset] == UInt8(ascii: "{")
        offset += 1
        skipWhitespace()
        if text[offset] == UInt8(ascii: "}") || text[offset] == UInt8(ascii: "]") {
            offset += 1
            return nil
        }
        return Container(isObject: isObject, key: isObject ? key() : "")
    }

    private mutating func key() -> String {
        let key = string()
        skipWhitespace()
        offset += 1
        skipWhitespace()
        return key
    }
}

/// An array or object that has not been read completely.
private struct Container {
    let isObject: Bool
    /// The key of the member whose value comes next.
    var key: String
    private var elements: [Value] = []
    private var members = Members()

    init(isObject: Bool, key: String) {
        self.isObject = isObject
        self.key = key
    }

    var value: Value { isObject ? .object(members) : .array(elements) }

    mutating func add(_ value: Value) {
        if isObject { members.append(key, value) } else { elements.append(value) }
    }
}
