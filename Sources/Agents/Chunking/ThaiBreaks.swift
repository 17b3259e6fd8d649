internal import Text
internal import Thai

/// Thai is cut between words, which have no spaces between them.
extension Span where Element == UInt8 {
    /// Returns the last place between two Thai words from `limit` to `position`; nil if the text
    /// there is not Thai.
    func thaiWordStart(before position: Int, from limit: Int) -> Int? {
        guard position < count, Self.isThai(scalar(at: position)) else { return nil }
        // A word or two on both sides are enough to see where words begin.
        var start = position
        for _ in 0..<Self.context where start > limit {
            let before = characterStart(before: start)
            guard Self.isThai(scalar(at: before)) else { break }
            start = before
        }
        guard start < position else { return nil }
        return thaiBreaks(from: start, past: position).last { $0 <= position && $0 > limit }
    }

    /// Returns the first place between two Thai words from `position` on, before `limit`.
    func thaiWordStart(after position: Int, before limit: Int) -> Int? {
        guard position < count, Self.isThai(scalar(at: position)) else { return nil }
        var start = position
        for _ in 0..<Self.context where start > 0 {
            let before = characterStart(before: start)
            guard Self.isThai(scalar(at: before)) else { break }
            start = before
        }
        return thaiBreaks(from: start, past: position).first { $0 >= position && $0 < limit }
    }

    private static var context: Int { 60 }

    private func thaiBreaks(from start: Int, past position: Int) -> [Int] {
        var letters: [UInt32] = []
        var places: [Int] = []
        var end = start
        var after = 0
        while end < count, after < Self.context {
            let letter = scalar(at: end)
            guard Self.isThai(letter) else { break }
            letters.append(letter)
            places.append(end)
            if end >= position { after += 1 }
            end += characterLength(at: end)
        }
        return ThaiWords.breaks(in: letters).compactMap { $0 < places.count ? places[$0] : nil }
    }

    private static func isThai(_ scalar: UInt32) -> Bool { (0x0E01...0x0E5B).contains(scalar) }
}
