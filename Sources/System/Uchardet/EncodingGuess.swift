internal import CUchardet

/// Returns the encoding that the beginning of a text probably has, by the statistics of languages.
///
/// - Returns: A name that iconv knows, such as `ISO-8859-2`; nil if the library has no idea. It tells
///   no confidence, so the caller has to look at the result.
package func guessEncoding(of text: Span<UInt8>) -> String? {
    guard let detector = uchardet_new() else { return nil }
    defer { uchardet_delete(detector) }
    let result = text.withUnsafeBytes { bytes in
        uchardet_handle_data(
            detector, bytes.baseAddress?.assumingMemoryBound(to: CChar.self), bytes.count)
    }
    guard result == 0 else { return nil }
    uchardet_data_end(detector)
    let name = String(cString: uchardet_get_charset(detector))
    return name.isEmpty ? nil : name
}
