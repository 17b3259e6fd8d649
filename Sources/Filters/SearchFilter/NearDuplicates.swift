package import PluginHost

/// A result, with the results that say nothing more than it does.
package struct FoldedMatch: Sendable {
    package let match: Database.Match

    /// The ids of the results that were left out for this one, best first.
    package var duplicates: [String] = []
}

/// Leaves out each result whose text is that of a better one, or is contained in it but for a
/// twentieth of its shingles.
///
/// - Parameter matches: The results, best first.
package func folded(_ matches: [Database.Match]) -> [FoldedMatch] {
    var kept: [FoldedMatch] = []
    kept.reserveCapacity(matches.count)
    if matches.count < 2 { return matches.map { FoldedMatch(match: $0) } }
    var outlines: [Outline] = []
    // The place of the first text with a hash.
    var places: [UInt64: Int] = [:]
    for match in matches {
        if match.content.isEmpty {
            kept.append(FoldedMatch(match: match))
            outlines.append(Outline())
            continue
        }
        var outline = Outline(match.content)
        let same = places[outline.hash].flatMap { place in
            kept[place].match.content.utf8.elementsEqual(match.content.utf8) ? place : nil
        }
        if let place = same ?? outline.container(among: &outlines) {
            kept[place].duplicates.append(match.id)
            continue
        }
        if places[outline.hash] == nil { places[outline.hash] = kept.count }
        kept.append(FoldedMatch(match: match))
        outlines.append(outline)
    }
    return kept
}

/// The words of a text, as far as is necessary to find out whether another one contains them.
private struct Outline {
    private let text: String

    /// A hash of all bytes.
    private(set) var hash: UInt64 = Self.seed
    private var count = 0

    /// One bit for each word's hash.
    private var words = SIMD16<UInt64>()

    private lazy var shingles: [UInt64] = makeShingles()
    private lazy var set: Set<UInt64> = Set(shingles)

    /// The shortest text that counts as contained in another one if it is not the same. Of a few
    /// words, each matters.
    private static let fewestWords = 10

    /// The number of words in a shingle.
    private static let length = 3

    /// The most results with which each one is compared.
    private static let mostCompared = 200

    private static let seed: UInt64 = 0xcbf2_9ce4_8422_2325
    private static let prime: UInt64 = 0x100_0000_01b3

    /// Creates the outline of no text, which is contained in nothing and contains nothing.
    init() { text = "" }

    init(_ text: String) {
        self.text = text
        var words = SIMD16<UInt64>()
        var count = 0
        hash = Self.forEachWord(of: text) { word in
            // The upper bits of a product depend on all bits.
            let bit = Int(truncatingIfNeeded: (word &* 0x9e37_79b9_7f4a_7c15) &>> 54)
            words[bit &>> 6] |= 1 &<< UInt64(bit & 63)
            count &+= 1
        }
        self.words = words
        self.count = count
    }

    /// Returns the place of the first outline that contains this one.
    mutating func container(among outlines: inout [Outline]) -> Int? {
        guard count >= Self.fewestWords else { return nil }
        for place in outlines.indices.prefix(Self.mostCompared) {
            // A word that is missing there takes at least one shingle with it.
            let missing = (words & ~outlines[place].words).nonzeroBitCount
            let most = UInt64((count - Self.length + 1) / 20)
            if missing.wrappedSum() <= most, isContained(in: &outlines[place]) { return place }
        }
        return nil
    }

    private mutating func isContained(in other: inout Outline) -> Bool {
        guard other.count >= Self.fewestWords else { return false }
        let set = other.set
        let found = shingles.count { set.contains($0) }
        return found * 20 > shingles.count * 19
    }

    private func makeShingles() -> [UInt64] {
        var words: [UInt64] = []
        words.reserveCapacity(count)
        _ = Self.forEachWord(of: text) { words.append($0) }
        guard words.count >= Self.length else { return [] }
        return (0...(words.count - Self.length)).map { start in
            words[start..<(start + Self.length)].reduce(Self.seed) { hash, word in
                (hash ^ word) &* 0x9e37_79b9_7f4a_7c15 &+ hash &>> 29
            }
        }
    }

    /// Hashes each run of letters and digits, without regard to ASCII case, and each other sign.
    ///
    /// - Returns: A hash of all bytes.
    private static func forEachWord(of text: String, _ body: (UInt64) -> Void) -> UInt64 {
        var all = seed
        var word = seed
        for byte in text.utf8 {
            all = (all ^ UInt64(byte)) &* prime
            let lower = byte | 0x20
            if byte >= 0x80 || (lower >= 0x61 && lower <= 0x7a) {
                word = (word ^ UInt64(byte < 0x80 ? lower : byte)) &* prime
            } else if byte >= 0x30 && byte <= 0x39 {
                word = (word ^ UInt64(byte)) &* prime
            } else {
                if word != seed {
                    body(word)
                    word = seed
                }
                if byte > 0x20 { body((seed ^ UInt64(byte)) &* prime) }
            }
        }
        if word != seed { body(word) }
        return all
    }
}
