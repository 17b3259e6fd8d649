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
        let bytes = Array(text.utf8)
        var result: [UInt8] = []
        var pending: Word?
        var kept = 0
        var position = 0
        func flush() {
            guard let word = pending.take() else { return }
            result += MailMessage.decode(word.bytes, charset: word.charset)
        }
        while position < bytes.count {
            guard bytes[position] == UInt8(ascii: "="), let word = Word(bytes, at: position) else {
                position += 1
                continue
            }
            let between = bytes[kept..<position]
            // White space between two words is not part of the text.
            if pending == nil || !between.allSatisfy(\.isASCIIWhitespace) {
                flush()
                result += between
            }
            if pending?.charset == word.charset {
                // A character may be in two words.
                pending!.bytes += word.bytes
            } else {
                flush()
                pending = word
            }
            position = word.end
            kept = position
        }
        flush()
        return String(decoding: result + bytes[kept...], as: UTF8.self)
    }

    private struct Word {
        let charset: String
        var bytes: [UInt8]

        /// The place behind the word.
        let end: Int

        /// The longest word that is looked for; the standard allows 75.
        private static let longest = 1000

        /// - Returns: Nil if no word begins there.
        init?(_ text: [UInt8], at start: Int) {
            guard start + 1 < text.count, text[start + 1] == UInt8(ascii: "?") else { return nil }
            let limit = min(text.count, start + Self.longest)
            var marks: [Int] = []
            var position = start + 2
            while position < limit, marks.count < 3 {
                if text[position] == UInt8(ascii: "?") { marks.append(position) }
                if text[position] == 0x20, marks.count < 2 { return nil }
                position += 1
            }
            guard marks.count == 3, position < text.count, text[position] == UInt8(ascii: "="),
                marks[0] > start + 2, marks[1] == marks[0] + 2
            else { return nil }
            let letters = text[(marks[1] + 1)..<marks[2]]
            switch text[marks[0] + 1] | 0x20 {
            case UInt8(ascii: "b"): bytes = TransferEncoding.decode(base64: letters)
            case UInt8(ascii: "q"):
                bytes = TransferEncoding.decode(quotedPrintable: letters, isWord: true)
            default: return nil
            }
            // A language may follow the charset.
            let name = text[(start + 2)..<marks[0]].prefix { $0 != UInt8(ascii: "*") }
            charset = String(decoding: name, as: UTF8.self).lowercased()
            end = position + 1
        }
    }
}
