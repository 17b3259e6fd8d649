/// A search with sets of positions in a text. From all positions where a part of an expression may
/// begin, it finds all positions where the part may end. So each part is examined once for the
/// whole text. A lookahead is the same search from the end of the text.
struct PlaceSearch {
    private let text: [Unicode.Scalar]

    /// The number of steps that are left. A search that needs more fails.
    private(set) var steps: Int

    init(_ text: String, steps: Int) {
        self.text = Array(text.unicodeScalars)
        self.steps = steps
    }

    /// - Throws: `.tooLarge` if the search needs too many steps.
    mutating func finds(_ expression: Expression) throws(PatternError) -> Bool {
        try !ends(of: expression, from: all, isBackwards: false).isEmpty
    }

    private var all: Set<Int> { Set(0...text.count) }

    /// - Parameter isBackwards: True to search towards the beginning, from the ends of the part to
    ///   its starts.
    private mutating func ends(
        of expression: Expression, from starts: Set<Int>, isBackwards: Bool
    ) throws(PatternError) -> Set<Int> {
        steps -= starts.count + 1
        guard steps > 0 else { throw .tooLarge }
        switch expression {
        case .scalar(let set):
            var ends: Set<Int> = []
            for start in starts {
                let place = isBackwards ? start - 1 : start
                guard text.indices.contains(place), set.contains(text[place]) else { continue }
                ends.insert(isBackwards ? start - 1 : start + 1)
            }
            return ends
        case .sequence(let parts):
            var places = starts
            for part in isBackwards ? parts.reversed() : parts where !places.isEmpty {
                places = try ends(of: part, from: places, isBackwards: isBackwards)
            }
            return places
        case .either(let parts):
            var places: Set<Int> = []
            for part in parts {
                places.formUnion(try ends(of: part, from: starts, isBackwards: isBackwards))
            }
            return places
        case .repeated(let part, let least, let most):
            var places = starts
            for _ in 0..<least {
                let next = try ends(of: part, from: places, isBackwards: isBackwards)
                // The same positions would lead to the same result again.
                if next == places { break }
                places = next
            }
            var new = places
            var left = most.map { $0 - least } ?? .max
            while left > 0, !new.isEmpty {
                new = try ends(of: part, from: new, isBackwards: isBackwards).subtracting(places)
                places.formUnion(new)
                left -= 1
            }
            return places
        case .start: return starts.intersection([0])
        case .end: return starts.intersection([text.count])
        case .wordEdge(let isOne):
            return starts.filter { (isWord($0 - 1) != isWord($0)) == isOne }
        case .look(let part, let isBehind, let isOne):
            // A lookahead holds at the positions from which the part leads to any position.
            let places = try ends(of: part, from: all, isBackwards: !isBehind)
            return isOne ? starts.intersection(places) : starts.subtracting(places)
        }
    }

    private func isWord(_ place: Int) -> Bool {
        text.indices.contains(place) && ScalarSet.word.contains(text[place])
    }
}
