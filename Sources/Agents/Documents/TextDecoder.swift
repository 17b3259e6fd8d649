internal import Iconv
internal import Text
internal import Uchardet

/// Makes UTF-8 of a text that arrives in blocks.
///
/// The encoding is that of the byte order mark, or the one that the text declares. Without these it is
/// UTF-8 as long as the text is; the first block that is not decides which encoding it is, if that is
/// certain enough.
package struct TextDecoder: Sendable {
    private enum State {
        /// All text so far is ASCII.
        case undecided
        case utf8
        case other(Converter)
    }

    private var state: State
    private let kind: DocumentKind

    /// The end of a block that may be the beginning of a character.
    private var rest: [UInt8] = []

    /// The length of the byte order mark.
    package let markLength: Int

    /// The name of the encoding, as declared or guessed; nil for UTF-8.
    package private(set) var encoding: String?

    /// - Parameter start: The first block, with its byte order mark.
    /// - Throws: The reason why it is not taken for text.
    package init(_ start: [UInt8], _ kind: DocumentKind) throws(SkipReason) {
        self.kind = kind
        if let (name, length) = DeclaredEncoding.byteOrderMark(start) {
            markLength = length
            if name == "UTF-8" {
                state = .utf8
            } else {
                guard let converter = Converter(from: name) else { throw .unknownEncoding }
                encoding = name
                state = .other(converter)
            }
            return
        }
        markLength = 0
        state = .undecided
        if start.contains(0) { throw .binary }
        guard let label = DeclaredEncoding.label(start, of: kind) else { return }
        let name = EncodingName.decoder(label, isHTML: kind == .html)
        if name == "UTF-8" || name.hasPrefix("UTF-16") || name.hasPrefix("UTF-32") { return }
        // A comment in a program may say anything, and a file that is UTF-8 is.
        if kind != .html, kind != .xml, Self.quality(of: start, isAll: true).wrong == 0 { return }
        if let converter = Converter(from: name) {
            state = .other(converter)
            encoding = label.trimmed.uppercased()
        }
    }

    /// True if the text is the file's own bytes.
    package var isOwn: Bool { encoding == nil }

    /// Returns the next block of the text as UTF-8, which may have a few bytes that are not.
    ///
    /// - Parameter block: The first one without its byte order mark.
    package mutating func decode(_ block: [UInt8], isLast: Bool) throws(SkipReason) -> [UInt8] {
        switch state {
        case .utf8: return block
        case .other(let converter):
            let text = converter.convert(block, isLast: isLast)
            guard converter.replaced * 20 <= block.count else { throw Self.otherEncoding(encoding) }
            return text
        case .undecided:
            guard block.contains(where: { $0 >= 0x80 }) else { return block }
            try decide(block, isLast: isLast)
            return try decode(block, isLast: isLast)
        }
    }

    private static func otherEncoding(_ name: String?) -> SkipReason {
        SkipReason(.unknownEncoding, "it is not the \(name ?? "text") that it says it is")
    }

    private mutating func decide(_ block: [UInt8], isLast: Bool) throws(SkipReason) {
        state = .utf8
        let quality = Self.quality(of: block, isAll: isLast)
        // A text with some damage is still UTF-8.
        if quality.wrong == 0 || quality.characters >= 2 * quality.wrong { return }
        if quality.controls * 200 > block.count { throw .binary }
        if let name = Self.guess(block), let converter = Converter(from: Self.decoder(name)) {
            state = .other(converter)
            encoding = name
            return
        }
        // Single foreign bytes in a text of ASCII do not make it unreadable.
        if quality.wrong * 500 > block.count { throw .unknownEncoding }
    }

    private static func decoder(_ name: String) -> String {
        EncodingName.decoder(name, isHTML: false)
    }

    /// Returns the name of an encoding in which the text makes sense.
    private static func guess(_ block: [UInt8]) -> String? {
        func plausibility(_ name: String) -> Plausibility? {
            guard let converter = Converter(from: decoder(name)) else { return nil }
            // The last character may be cut off.
            let text = converter.convert(block, isLast: false)
            guard converter.replaced * 1000 <= block.count else { return nil }
            let result = Plausibility(text)
            return result.isGood ? result : nil
        }
        let western = plausibility("windows-1252")
        let name = guessEncoding(of: block.span)
        // There is too little to tell Western from Central European by statistics.
        if let western, western.isWestern, western.characters < 200 || name == nil {
            return "WINDOWS-1252"
        }
        if let name, name != "UTF-8", name != "ASCII", plausibility(name) != nil {
            return name.uppercased()
        }
        return western != nil ? "WINDOWS-1252" : nil
    }

    private struct Quality {
        /// The number of characters of several bytes.
        var characters = 0
        /// The number of bytes that are not UTF-8.
        var wrong = 0
        /// The number of control characters that texts do not have.
        var controls = 0
    }

    private static func quality(of block: [UInt8], isAll: Bool) -> Quality {
        let text = block.span
        var quality = Quality()
        var position = 0
        while position < text.count {
            let byte = text[position]
            if byte < 0x80 {
                let isUsual = byte >= 0x20 && byte != 0x7F || (0x07...0x0D).contains(byte)
                if !isUsual, byte != 0x1B { quality.controls += 1 }
                position += 1
                continue
            }
            let length = text.longCharacterLength(at: position)
            // A character cut off at the end of a block that is not the last is not a mistake.
            if text.scalar(at: position) != 0xFFFD || (length == 3 && byte == 0xEF) {
                quality.characters += 1
            } else if isAll || position + 4 <= text.count {
                quality.wrong += length
            }
            position += length
        }
        return quality
    }
}
