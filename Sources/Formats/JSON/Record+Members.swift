internal import Text

extension Record {
    package func has(_ key: String) -> Bool { position(of: key) != nil }

    /// Returns the bytes of a key's value as they are in the line, or nil if the key is absent.
    package func json(_ key: String) -> ArraySlice<UInt8>? {
        position(of: key).map { bytes[value(at: $0)] }
    }

    /// Returns a key's value, or nil if the key is absent.
    package func value(_ key: String) -> Value? {
        position(of: key).map { member in
            bytes.withUnsafeBufferPointer { text in
                var scanner = Scanner(text)
                scanner.offset = value(at: member).lowerBound
                return scanner.value()
            }
        }
    }

    /// Returns the text of a string, or nil if the key is absent or null.
    ///
    /// - Throws: An error that says what the key has instead of a string.
    package func string(_ key: String) throws(JSONError) -> String? {
        try read(key, expected: "a string", opening: "\"") { scanner throws(JSONError) in
            scanner.string()
        }
    }

    /// Returns the text of a string as UTF-8, or nil if the key is absent or null.
    ///
    /// - Throws: An error that says what the key has instead of a string.
    package func utf8(_ key: String) throws(JSONError) -> [UInt8]? {
        try read(key, expected: "a string", opening: "\"") { scanner throws(JSONError) in
            scanner.utf8()
        }
    }

    /// Returns the numbers of an array, each as the nearest float, or nil if the key is absent or
    /// null.
    ///
    /// - Throws: An error that says what the key has instead, or which number is too large for a
    ///   float.
    package func floats(_ key: String) throws(JSONError) -> [Float]? {
        try read(key, expected: "an array of numbers", opening: "[") { scanner throws(JSONError) in
            var floats: [Float] = []
            try scanner.readFloats(into: &floats, of: key)
            return floats
        }
    }

    /// Returns a vector: an array of numbers, or a string with the base64 of its floats, the lowest
    /// byte first. Nil if the key is absent or null.
    ///
    /// - Throws: An error that says what the key has instead, or which number is too large for a
    ///   float or not finite.
    package func vector(_ key: String) throws(JSONError) -> [Float]? {
        guard let member = position(of: key) else { return nil }
        let start = value(at: member).lowerBound
        guard bytes[start] == UInt8(ascii: "\"") else { return try floats(key) }
        let letters = try utf8(key) ?? []
        let vector: [Float]
        do { vector = try Base64.floats(letters: letters) } catch {
            throw JSONError(offset: start, problem: "'\(key)' is \(error)")
        }
        // Each term is 0 for a finite number and NaN for any other.
        if !vector.reduce(0, { $0 + $1 * 0 }).isFinite {
            let place = vector.firstIndex { !$0.isFinite } ?? 0
            throw JSONError(
                offset: start, problem: "number \(place + 1) of '\(key)' is \(vector[place])")
        }
        return vector
    }

    /// Returns the bytes of each element of an array as they are in the line, or nil if the key is
    /// absent or null.
    ///
    /// - Throws: An error that says what the key has instead of an array.
    package func elements(_ key: String) throws(JSONError) -> [ArraySlice<UInt8>]? {
        try read(key, expected: "an array", opening: "[") { scanner throws(JSONError) in
            var elements: [ArraySlice<UInt8>] = []
            scanner.offset += 1
            scanner.skipWhitespace()
            if scanner.next == UInt8(ascii: "]") { return elements }
            repeat {
                let start = scanner.offset
                try scanner.skipValue()
                elements.append(bytes[start..<scanner.offset])
                scanner.skipWhitespace()
            } while try scanner.skipSeparator(in: false)
            return elements
        }
    }

    /// Runs `body` at the start of a value that has to begin with a certain byte.
    private func read<R>(
        _ key: String, expected: StaticString, opening: Unicode.Scalar,
        _ body: (inout Scanner) throws(JSONError) -> R
    ) throws(JSONError) -> R? {
        guard let member = position(of: key) else { return nil }
        let start = value(at: member).lowerBound
        guard bytes[start] == UInt8(ascii: opening) else {
            if bytes[start] == UInt8(ascii: "n") { return nil }
            throw mismatch(key, at: start, expected: expected)
        }
        return try bytes.withUnsafeBufferPointer { text throws(JSONError) in
            var scanner = Scanner(text)
            scanner.offset = start
            return try body(&scanner)
        }
    }

    func position(of key: String) -> Int? {
        var key = key
        return key.withUTF8 { key in
            bytes.withUnsafeBufferPointer { index.last(UnsafeRawBufferPointer(key), in: $0) }
        }
    }

    func value(at member: Int) -> Range<Int> {
        let value = index.members[member].value
        return Int(value.lowerBound)..<Int(value.upperBound)
    }

    func mismatch(_ key: String, at offset: Int, expected: StaticString) -> JSONError {
        JSONError(
            offset: offset, problem: "'\(key)' is \(kind(of: bytes[offset])), not \(expected)")
    }
}
