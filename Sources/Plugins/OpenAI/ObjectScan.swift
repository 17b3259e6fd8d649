import Text

/// A scan of the text of a JSON object, byte by byte, for its end.
struct ObjectScan: Sendable {
    enum State: Sendable {
        /// Only white space so far.
        case empty
        case inside
        case complete
        /// A text that is not an object.
        case other
    }

    private(set) var state = State.empty
    private var depth = 0
    private var isInString = false
    private var isEscaped = false

    /// True if the byte begins another object after a complete one.
    func isBegun(by byte: UInt8) -> Bool {
        if case .complete = state { byte == UInt8(ascii: "{") } else { false }
    }

    mutating func receive(_ byte: UInt8) {
        switch state {
        case .empty:
            if byte == UInt8(ascii: "{") {
                state = .inside
                depth = 1
            } else if !byte.isASCIIWhitespace {
                state = .other
            }
        case .inside: receiveInside(byte)
        case .complete: if !byte.isASCIIWhitespace { state = .other }
        case .other: break
        }
    }

    private mutating func receiveInside(_ byte: UInt8) {
        if isEscaped {
            isEscaped = false
        } else if isInString {
            if byte == UInt8(ascii: "\\") { isEscaped = true }
            if byte == UInt8(ascii: "\"") { isInString = false }
        } else {
            switch byte {
            case UInt8(ascii: "\""): isInString = true
            case UInt8(ascii: "{"), UInt8(ascii: "["): depth += 1
            case UInt8(ascii: "}"), UInt8(ascii: "]"):
                depth -= 1
                if depth == 0 { state = .complete }
            default: break
            }
        }
    }
}
