extension [UInt8] {
    /// Appends a string in quotes, with only the necessary escapes.
    package mutating func appendJSON(string: String) {
        var string = string
        string.withUTF8 { appendJSON(utf8: $0) }
    }

    /// Appends a string in quotes.
    ///
    /// - Parameter utf8: Well-formed UTF-8; this is not checked.
    package mutating func appendJSON(utf8: UnsafeBufferPointer<UInt8>) {
        let text = UnsafeRawBufferPointer(utf8)
        append(UInt8(ascii: "\""))
        var start = 0
        var index = 0
        while index < text.count {
            if index + 8 <= text.count {
                let escaped = Lanes(text, at: index).escaped
                index += Lanes.first(escaped)
                if escaped == 0 { continue }
            }
            let byte = text[index]
            if byte < 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") {
                append(contentsOf: text[start..<index])
                appendEscape(of: byte)
                start = index + 1
            }
            index += 1
        }
        append(contentsOf: text[start...])
        append(UInt8(ascii: "\""))
    }

    private mutating func appendEscape(of byte: UInt8) {
        append(UInt8(ascii: "\\"))
        switch byte {
        case 0x08: append(UInt8(ascii: "b"))
        case 0x09: append(UInt8(ascii: "t"))
        case 0x0A: append(UInt8(ascii: "n"))
        case 0x0C: append(UInt8(ascii: "f"))
        case 0x0D: append(UInt8(ascii: "r"))
        case 0x20...: append(byte)
        default:
            let digits: StaticString = "0123456789abcdef"
            append(contentsOf: "u00".utf8)
            append(digits.utf8Start[Int(byte >> 4)])
            append(digits.utf8Start[Int(byte & 15)])
        }
    }

    package mutating func appendJSON(int: Int) {
        append(contentsOf: String(int).utf8)
    }

    package mutating func appendJSON(bool: Bool) {
        append(contentsOf: (bool ? "true" : "false").utf8)
    }

    /// Appends the shortest spelling that reads back to the same float; `null` if it is not finite.
    package mutating func appendJSON(float: Float) {
        append(addingCapacity: FloatSpelling.room) { output in
            output.withUnsafeMutableBufferPointer { buffer, count in
                let end = UnsafeMutableRawPointer(buffer.baseAddress! + count)
                count += FloatSpelling(float).write(to: end)
            }
        }
    }

    /// Appends an array of numbers, each as `appendJSON(float:)` does.
    package mutating func appendJSON(floats: [Float]) {
        append(UInt8(ascii: "["))
        // Done in pieces, so that the largest possible room is not taken for all spellings at once.
        let piece = 256
        for start in stride(from: 0, to: floats.count, by: piece) {
            let end = Swift.min(start + piece, floats.count)
            let capacity = (end - start) * (FloatSpelling.longest + 1) + FloatSpelling.room
            append(addingCapacity: capacity) { output in
                output.withUnsafeMutableBufferPointer { buffer, count in
                    let base = UnsafeMutableRawPointer(buffer.baseAddress!)
                    for index in start..<end {
                        count += FloatSpelling(floats[index]).write(to: base + count)
                        base.storeBytes(of: UInt8(ascii: ","), toByteOffset: count, as: UInt8.self)
                        count += 1
                    }
                }
            }
        }
        if !floats.isEmpty { removeLast() }
        append(UInt8(ascii: "]"))
    }

    /// Appends a string with the base64 of floats, the lowest byte of each first, as OpenAI's API
    /// writes vectors.
    package mutating func appendJSON(base64 floats: [Float]) {
        let letters: StaticString =
            "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
        append(addingCapacity: (floats.count * 4 + 2) / 3 * 4 + 2) { output in
            output.withUnsafeMutableBufferPointer { buffer, count in
                let alphabet = letters.utf8Start
                var next = UnsafeMutableRawPointer(buffer.baseAddress! + count)
                func write(_ byte: UInt8) {
                    next.storeBytes(of: byte, as: UInt8.self)
                    next += 1
                }
                write(UInt8(ascii: "\""))
                // The bits that are not written yet, and their number.
                var bits: UInt64 = 0
                var pending: UInt64 = 0
                for float in floats {
                    bits = bits &<< 32 | UInt64(float.bitPattern.byteSwapped)
                    pending &+= 32
                    while pending >= 6 {
                        pending &-= 6
                        write(alphabet[Int(bits &>> pending & 63)])
                    }
                }
                if pending > 0 {
                    write(alphabet[Int(bits &<< (6 &- pending) & 63)])
                    for _ in 0..<(pending == 2 ? 2 : 1) { write(UInt8(ascii: "=")) }
                }
                write(UInt8(ascii: "\""))
                count = next - UnsafeMutableRawPointer(buffer.baseAddress!)
            }
        }
    }
}
