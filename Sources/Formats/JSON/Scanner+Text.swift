extension Scanner {
    /// Reads a string that has been scanned before, and starts at the next byte, as UTF-8.
    mutating func utf8() -> [UInt8] {
        unescape(skipScannedString())
    }

    /// Reads a string that has been scanned before, and starts at the next byte.
    mutating func string() -> String {
        let contents = skipScannedString()
        return String(unsafeUninitializedCapacity: contents.count) { buffer in
            unescape(contents, into: buffer)
        }
    }

    /// - Returns: The range of the string's contents, between its quotation marks.
    private mutating func skipScannedString() -> Range<Int> {
        let start = offset + 1
        // It was accepted before, so this cannot fail.
        try! skipString()
        return start..<offset - 1
    }

    /// Returns the text that a string's contents stand for.
    func unescape(_ contents: Range<Int>) -> [UInt8] {
        [UInt8](unsafeUninitializedCapacity: contents.count) { buffer, count in
            count = unescape(contents, into: buffer)
        }
    }

    /// Writes the text that a string's contents stand for, which is never longer than they are.
    ///
    /// A surrogate without its other half, which RFC 8259 admits, becomes U+FFFD.
    ///
    /// - Returns: The number of bytes written.
    private func unescape(_ contents: Range<Int>, into output: UnsafeMutableBufferPointer<UInt8>)
        -> Int
    {
        var read = contents.lowerBound
        var written = 0
        while read < contents.upperBound {
            let plain = plainCount(read..<contents.upperBound)
            if plain > 0 {
                let rest = UnsafeMutableBufferPointer(rebasing: output[written...])
                _ = rest.update(fromContentsOf: text[read..<read + plain])
                read += plain
                written += plain
            }
            guard read < contents.upperBound else { break }
            let (scalar, size) = escaped(at: read)
            for byte in UTF8.encode(scalar)! {
                output[written] = byte
                written += 1
            }
            read += size
        }
        return written
    }

    /// Returns the number of bytes before the next backslash.
    func plainCount(_ contents: Range<Int>) -> Int {
        var index = contents.lowerBound
        while index + 8 <= contents.upperBound {
            let backslashes = Lanes(text, at: index).backslashes
            index += Lanes.first(backslashes)
            if backslashes != 0 { return index - contents.lowerBound }
        }
        while index < contents.upperBound, text[index] != UInt8(ascii: "\\") { index += 1 }
        return index - contents.lowerBound
    }

    /// Returns the character that the escape at `offset` stands for, and the escape's length.
    private func escaped(at offset: Int) -> (Unicode.Scalar, size: Int) {
        switch text[offset + 1] {
        case UInt8(ascii: "b"): return ("\u{08}", 2)
        case UInt8(ascii: "f"): return ("\u{0C}", 2)
        case UInt8(ascii: "n"): return ("\n", 2)
        case UInt8(ascii: "r"): return ("\r", 2)
        case UInt8(ascii: "t"): return ("\t", 2)
        case UInt8(ascii: "u"): break
        case let byte: return (Unicode.Scalar(byte), 2)
        }
        let unit = codeUnit(at: offset + 2)!
        if let scalar = Unicode.Scalar(unit) { return (scalar, 6) }
        if UTF16.isLeadSurrogate(unit), offset + 8 <= count,
            text[offset + 6] == UInt8(ascii: "\\"), text[offset + 7] == UInt8(ascii: "u"),
            let trail = codeUnit(at: offset + 8), UTF16.isTrailSurrogate(trail)
        {
            let code = 0x10000 + (UInt32(unit) - 0xD800) << 10 + (UInt32(trail) - 0xDC00)
            return (Unicode.Scalar(code)!, 12)
        }
        return ("\u{FFFD}", 6)
    }
}
