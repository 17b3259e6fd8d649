import CStemmer

/// A stemmer of Snowball, which removes the endings from the words of a language.
///
/// It owns the C object and frees it. A stemmer has an internal buffer, so it may be sent to
/// another thread, but not be shared.
package struct Stemmer: ~Copyable {
    private let raw: OpaquePointer

    /// The names of all algorithms: the English names of languages, and `porter`.
    package static var algorithms: [String] {
        var names: [String] = []
        // The list ends with NULL and belongs to the library.
        var next = sb_stemmer_list()
        while let name = next?.pointee {
            names.append(String(cString: name))
            next = next?.advanced(by: 1)
        }
        return names
    }

    /// - Parameter algorithm: A name of `algorithms`, or a language's code of two or three letters.
    package init(_ algorithm: String) throws(StemmerError) {
        guard let raw = sb_stemmer_new(algorithm, "UTF_8") else {
            throw StemmerError(algorithm: algorithm)
        }
        self.raw = raw
    }

    deinit { sb_stemmer_delete(raw) }

    /// Runs `body` with the stem of a word, which is valid only during the call.
    ///
    /// - Parameter word: UTF-8, in lower case. A word whose length does not fit 32 bits is its own
    ///   stem.
    package mutating func withStem<R>(of word: Span<UInt8>, _ body: (Span<UInt8>) -> R) -> R {
        guard let length = Int32(exactly: word.count) else { return body(word) }
        let stem = word.withUnsafeBufferPointer { sb_stemmer_stem(raw, $0.baseAddress, length) }
        // The library returns NULL only if it runs out of memory.
        guard let stem else { return body(word) }
        let bytes = UnsafeBufferPointer(start: stem, count: Int(sb_stemmer_length(raw)))
        return body(bytes.span)
    }

    package mutating func stem(of word: String) -> String {
        withStem(of: word.utf8.span) { stem in
            String(decoding: stem.withUnsafeBufferPointer(Array.init), as: UTF8.self)
        }
    }
}

/// The error for an unknown name of an algorithm.
package struct StemmerError: Error, Equatable, CustomStringConvertible {
    package let algorithm: String

    package var description: String {
        "no stemmer for '\(algorithm)': expected one of \(Stemmer.algorithms.joined(separator: ", "))"
    }
}
