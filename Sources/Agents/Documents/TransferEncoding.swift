internal import Iconv
internal import Text

/// The encodings in which mail carries bytes (RFC 2045). Damage does not stop the reading.
enum TransferEncoding {
    static func decode(base64 text: some Sequence<UInt8>) -> [UInt8] {
        var bytes: [UInt8] = []
        var bits: UInt32 = 0
        var count = 0
        for letter in text {
            let value: UInt32
            switch letter {
            case 0x41...0x5A: value = UInt32(letter) - 0x41
            case 0x61...0x7A: value = UInt32(letter) - 0x61 + 26
            case 0x30...0x39: value = UInt32(letter) - 0x30 + 52
            case UInt8(ascii: "+"): value = 62
            case UInt8(ascii: "/"): value = 63
            case UInt8(ascii: "="):
                // The end of one piece; another may follow.
                (bits, count) = (0, 0)
                continue
            default: continue
            }
            bits = bits << 6 | value
            count += 6
            if count >= 8 {
                count -= 8
                bytes.append(UInt8(truncatingIfNeeded: bits >> UInt32(count)))
            }
        }
        return bytes
    }

    /// - Parameter isWord: True in a header, where `_` is a blank.
    static func decode(quotedPrintable text: some Collection<UInt8>, isWord: Bool = false)
        -> [UInt8]
    {
        let text = Array(text)
        var bytes: [UInt8] = []
        bytes.reserveCapacity(text.count)
        var position = 0
        while position < text.count {
            let byte = text[position]
            position += 1
            if isWord, byte == UInt8(ascii: "_") {
                bytes.append(0x20)
                continue
            }
            guard byte == UInt8(ascii: "=") else {
                bytes.append(byte)
                continue
            }
            if position + 1 < text.count, let high = digit(text[position]),
                let low = digit(text[position + 1])
            {
                bytes.append(high << 4 | low)
                position += 2
                continue
            }
            // A soft end of a line, perhaps behind blanks.
            var end = position
            while end < text.count, text[end] == 0x20 || text[end] == 0x09 || text[end] == 0x0D {
                end += 1
            }
            if end == text.count || text[end] == UInt8(ascii: "\n") {
                position = min(end + 1, text.count)
            } else {
                bytes.append(byte)
            }
        }
        return bytes
    }

    private static func digit(_ byte: UInt8) -> UInt8? {
        switch byte {
        case 0x30...0x39: byte - 0x30
        case 0x41...0x46: byte - 0x41 + 10
        case 0x61...0x66: byte - 0x61 + 10
        default: nil
        }
    }
}

/// - Parameter name: A name that iconv knows.
/// - Returns: Nil for an unknown encoding.
func convert(_ bytes: [UInt8], from name: String) -> [UInt8]? {
    Converter(from: name)?.convert(bytes, isLast: true)
}

/// Words of other encodings in a header, such as `=?utf-8?q?caf=C3=A9?=` (RFC 2047).
enum EncodedWords {
    static func decode(_ text: String) -> String {
        guard text.contains("=?") else { return text }
        var result = ""
        var rest = text[...]
        var pending: (charset: String, bytes: [UInt8])?
        func flush() {
            guard let (charset, bytes) = pending.take() else { return }
            result += String(decoding: MailMessage.decode(bytes, charset: charset), as: UTF8.self)
        }
        while let match = rest.firstMatch(of: /=\?([^?* ]+)(?:\*[^? ]*)?\?([bBqQ])\?([^?]*)\?=/) {
            let between = rest[..<match.range.lowerBound]
            // White space between two words is not part of the text.
            if pending == nil || !between.allSatisfy(\.isWhitespace) {
                flush()
                result += between
            }
            let charset = String(match.1).lowercased()
            let letters = Array(match.3.utf8)
            let bytes =
                match.2.lowercased() == "b"
                ? TransferEncoding.decode(base64: letters)
                : TransferEncoding.decode(quotedPrintable: letters, isWord: true)
            if pending?.charset == charset {
                // A character may be in two words.
                pending!.bytes += bytes
            } else {
                flush()
                pending = (charset, bytes)
            }
            rest = rest[match.range.upperBound...]
        }
        flush()
        return result + rest
    }
}
