import CRE2

/// A compiled regular expression of RE2, which searches in linear time.
///
/// Owns the C++ object, and frees it with the last reference.
package final class RegularExpression: Sendable {
    // RE2 locks the state that a search changes, and the pointer never changes.
    private nonisolated(unsafe) let raw: OpaquePointer

    /// The number of instructions, which is the most steps that a byte of text costs.
    package let size: Int

    /// - Parameters:
    ///   - pattern: An expression in RE2's syntax, or with `isLiteral` the text to find.
    ///   - neverMatchesNewline: True to find only matches within a line, whatever the pattern says.
    ///   - memory: The most memory for the pattern and the caches of searches, in bytes.
    package init(
        _ pattern: String, ignoresCase: Bool = false, isLiteral: Bool = false,
        neverMatchesNewline: Bool = false, memory: Int = 8 << 20
    ) throws(RegularExpressionError) {
        let options = hector_re2_options(
            ignores_case: ignoresCase, is_literal: isLiteral, never_newline: neverMatchesNewline,
            memory: Int64(memory))
        var pattern = pattern
        let raw = pattern.withUTF8 { bytes in
            bytes.withMemoryRebound(to: CChar.self) {
                hector_re2_new($0.baseAddress, $0.count, options)!
            }
        }
        if let problem = hector_re2_error(raw) {
            let error = RegularExpressionError(
                text: String(cString: problem), part: String(cString: hector_re2_error_part(raw)))
            hector_re2_free(raw)
            throw error
        }
        self.raw = raw
        size = Int(hector_re2_size(raw))
    }

    deinit { hector_re2_free(raw) }

    /// Returns true if the expression is found anywhere in a text.
    package func matches(_ text: Span<UInt8>) -> Bool {
        text.withUnsafeBytes { bytes in
            bytes.withMemoryRebound(to: CChar.self) {
                hector_re2_matches(raw, $0.baseAddress, $0.count)
            }
        }
    }

    /// Returns the leftmost match that begins at an offset or after it.
    ///
    /// The bytes before the offset matter only to `^` and `\b`.
    package func firstMatch(in text: Span<UInt8>, from start: Int = 0) -> Range<Int>? {
        precondition(0 <= start && start <= text.count)
        return text.withUnsafeBytes { bytes in
            bytes.withMemoryRebound(to: CChar.self) { text in
                var (begin, end) = (0, 0)
                guard hector_re2_find(raw, text.baseAddress, text.count, start, &begin, &end)
                else { return nil }
                return begin..<end
            }
        }
    }
}
