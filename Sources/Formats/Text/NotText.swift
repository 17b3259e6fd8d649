/// The reason why a file is not taken for text.
package enum NotText: Equatable, Sendable {
    /// The file has a NUL byte.
    case binary
    case utf16
    /// More than one byte in ten is not UTF-8, as in text of another encoding.
    case otherEncoding
}

extension NotText: CustomStringConvertible {
    package var description: String {
        switch self {
        case .binary: "it is binary"
        case .utf16: "it is UTF-16 (iconv -f UTF-16 -t UTF-8 converts it)"
        case .otherEncoding: "it is not UTF-8 (iconv converts other encodings)"
        }
    }
}

/// Judges a file by its first bytes, as many as there are up to some ten thousand.
///
/// - Returns: Nil for text, which may have a few bytes that are not UTF-8: `String(decoding:as:)`
///   replaces them, with one character for each one that the chunker counts.
package func reasonNotText(_ start: [UInt8]) -> NotText? {
    if start.starts(with: [0xFF, 0xFE]) || start.starts(with: [0xFE, 0xFF]) { return .utf16 }
    if start.contains(0) { return .binary }
    let text = start.span
    var position = 0
    var wrong = 0
    while position < text.count {
        let length = text.characterLength(at: position)
        // A character cut off at the end of the sample is not a mistake.
        if text[position] >= 0x80, position + 4 <= text.count, text.scalar(at: position) == 0xFFFD,
            !(length == 3 && text[position] == 0xEF)
        {
            wrong += length
        }
        position += length
    }
    return wrong > text.count / 10 ? .otherEncoding : nil
}
