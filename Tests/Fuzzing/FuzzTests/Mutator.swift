import TestSupport

/// Makes inputs for a parser out of good ones. The same seed and number make the same input.
struct Mutator: Sendable {
    /// Good inputs.
    let corpus: [[UInt8]]

    /// Words that mean something to the parser.
    let tokens: [[UInt8]]

    /// The longest input, in bytes.
    var longest = 1 << 14

    init(_ corpus: [[UInt8]], tokens: [String] = []) {
        self.corpus = corpus.isEmpty ? [[]] : corpus
        self.tokens = tokens.map { Array($0.utf8) } + Self.everywhere
    }

    /// Bytes that are at the bounds of what is allowed in many formats.
    private static let everywhere: [[UInt8]] = [
        [0], [0xff], [0x7f], [0x80], [0xc0, 0x80], [0xed, 0xa0, 0x80], [0xef, 0xbb, 0xbf],
        [0xf4, 0x90, 0x80, 0x80], [0xe2, 0x80, 0xa8], [0x0d, 0x0a], [0xcc, 0x81],
        [0xff, 0xff, 0xff, 0xff], [0, 0, 0, 0x80], [0xff, 0xff, 0xff, 0x7f],
        Array("-1".utf8), Array("0".utf8), Array("9223372036854775807".utf8),
        Array("9223372036854775808".utf8), Array("1e999".utf8), Array("-0".utf8),
    ]

    func input(_ number: Int, seed: UInt64) -> [UInt8] {
        var random = SplitMix64(seed: seed &+ UInt64(number) &* 0x9E37_79B9_7F4A_7C15)
        // Each good input comes first as it is.
        if number < corpus.count { return Array(corpus[number].prefix(longest)) }
        var bytes = corpus.randomElement(using: &random)!
        for _ in 0..<Int.random(in: 1...6, using: &random) { mutate(&bytes, &random) }
        return Array(bytes.prefix(longest))
    }

    private func mutate(_ bytes: inout [UInt8], _ random: inout SplitMix64) {
        func place(_ count: Int) -> Int { Int.random(in: 0...max(count, 0), using: &random) }
        func range() -> Range<Int> {
            let start = place(bytes.count)
            let most = min(bytes.count - start, 64)
            return start..<start + place(most)
        }
        switch Int.random(in: 0..<9, using: &random) {
        case 0 where !bytes.isEmpty:
            bytes[place(bytes.count - 1)] ^= 1 << UInt8.random(in: 0..<8, using: &random)
        case 1 where !bytes.isEmpty:
            bytes[place(bytes.count - 1)] = UInt8.random(in: 0...255, using: &random)
        case 2: bytes.removeSubrange(place(bytes.count)...)
        case 3: bytes.removeSubrange(range())
        case 4:
            let part = Array(bytes[range()])
            bytes.insert(contentsOf: part, at: place(bytes.count))
        case 5:
            // A repetition that nests: of what is deep, parsers run out of stack.
            let part = Array(bytes[range()].prefix(8))
            let times = Int.random(in: 2...2000, using: &random)
            bytes.insert(
                contentsOf: [[UInt8]](repeating: part, count: times).joined(),
                at: place(bytes.count))
        case 6:
            let other = corpus.randomElement(using: &random)!
            let start = place(other.count)
            bytes.replaceSubrange(range(), with: other[start..<start + place(other.count - start)])
        case 7: bytes.replaceSubrange(range(), with: tokens.randomElement(using: &random)!)
        default:
            bytes.insert(contentsOf: tokens.randomElement(using: &random)!, at: place(bytes.count))
        }
    }
}
