internal import TextAnalysis

/// A vector that features are added to.
struct FeatureSum {
    private var vector: [Float]

    init(dimension: Int) { vector = Array(repeating: 0, count: dimension) }

    /// Adds a feature's weight at its place, or subtracts it there.
    ///
    /// The upper half of the hash gives the place, the lowest bit the sign.
    @inline(__always)
    mutating func add(_ hash: UInt64, _ weight: Float) {
        let place = Int(truncatingIfNeeded: ((hash >> 32) &* UInt64(vector.count)) >> 32)
        vector[place] += hash & 1 == 0 ? weight : -weight
    }

    /// Adds the feature that a word shares with its other forms.
    mutating func addStem(of word: Span<UInt8>, _ weight: Float) {
        var hash = FeatureHash(kind: .stem)
        for position in 0..<Stem.length(of: word) { hash.append(word[position]) }
        add(hash.value, weight)
    }

    /// Adds each group of three and of four letters, except for one that is the whole word.
    ///
    /// - Parameters:
    ///   - word: The word, with a letter before and after it that stand for its ends.
    ///   - weight: The length of the added features, if no two groups fall on one place.
    mutating func addGroups(of word: Span<UInt8>, _ weight: Float) {
        var letters = 0
        for position in 0..<word.count where word[position] & 0xC0 != 0x80 { letters += 1 }
        let groups = max(0, letters - 2) + max(0, letters - 3) - (letters <= 4 ? 1 : 0)
        guard groups > 0 else { return }
        let weight = weight / Float(groups).squareRoot()
        for start in 0..<word.count where word[start] & 0xC0 != 0x80 {
            var hash = FeatureHash(kind: .group)
            var letters = 0
            var position = start
            while position < word.count {
                hash.append(word[position])
                position += 1
                // Groups begin only between letters, each of which may have several bytes.
                if position < word.count, word[position] & 0xC0 == 0x80 { continue }
                letters += 1
                if letters >= 3, start > 0 || position < word.count { add(hash.value, weight) }
                if letters == 4 { break }
            }
        }
    }

    /// Returns the sum scaled to length 1. If the weights have cancelled out entirely, the first
    /// axis is returned.
    consuming func unitVector() -> [Float] {
        var square: Float = 0
        for number in vector { square += number * number }
        guard square > 0 else {
            vector[0] = 1
            return vector
        }
        let length = square.squareRoot()
        for index in vector.indices { vector[index] /= length }
        return vector
    }
}
