internal import OpenSSL
internal import Unix

/// Returns the id of a document, from which those of its chunks are made: its path.
///
/// Databases have limits for ids, and JSON holds only Unicode: a path that is longer, or not UTF-8, is
/// shortened or repaired, and ends in `~` and a digest of its bytes. The path itself is in the
/// metadata.
package func documentID(_ path: String) -> String {
    let bytes = RawPath.bytes(of: path)
    let isRaw = RawPath.isRaw(path)
    guard isRaw || bytes.count > longestDocumentID else { return path }
    let digest = SHA256.hex(of: bytes).prefix(digestLength)
    let text = Array((isRaw ? String(decoding: bytes, as: UTF8.self) : path).utf8)
    var end = min(text.count, longestDocumentID - digestLength - 1)
    // A character is not cut.
    while end < text.count, end > 0, text[end] & 0xC0 == 0x80 { end -= 1 }
    return String(decoding: text[..<end], as: UTF8.self) + "~" + digest
}

/// The longest id of a document in bytes: `local-vectors` takes 507 for that of a record, which has
/// the number of its chunk in it.
private let longestDocumentID = 440
private let digestLength = 32
