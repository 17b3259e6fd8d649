extension Collection<UInt8> where SubSequence: BidirectionalCollection {
    /// The text without an incomplete character at its end.
    var textOfWholeCharacters: String {
        var whole = self[...]
        // No character has more than three bytes after its first.
        for length in 1...3 {
            guard let byte = whole.dropLast(length - 1).last else { break }
            if byte & 0xC0 == 0x80 { continue }
            let expected = byte >= 0xF0 ? 4 : byte >= 0xE0 ? 3 : byte >= 0xC0 ? 2 : 1
            if expected > length { whole = whole.dropLast(length) }
            break
        }
        return String(decoding: Array(whole), as: UTF8.self)
    }
}

/// Returns a number of things, in words for a model.
func count(_ number: Int, _ thing: String, _ things: String? = nil) -> String {
    "\(number) \(number == 1 ? thing : things ?? "\(thing)s")"
}

/// Returns a duration as a number of seconds, such as `2` or `0.5`.
func seconds(_ duration: Duration) -> String {
    let seconds = duration / .seconds(1)
    return Int(exactly: seconds).map(String.init) ?? "\(seconds)"
}
