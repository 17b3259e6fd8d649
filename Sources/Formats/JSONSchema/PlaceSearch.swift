/// A search by sets of places in a text: from all places where a part of an expression may begin,
/// it finds all where the part may end. So each part is looked at once for the whole text, and
/// what looks ahead is such a search too, read from the end.
struct PlaceSearch {
    private let text: [Unicode.Scalar]

    /// The number of steps that may still be made; a search that needs more is given up.
    private(set) var steps: Int

    init(_ text: String, steps: Int) {
        self.text = Array(text.unicodeScalars)
        self.steps = steps
    }

    /// - Throws: `.tooLarge` if it was given up.
    mutating func finds(_ expression: Expression) throws(PatternError) -> Bool {
        try !ends(of: expression, from: all, isBackwards: false).isEmpty
    }

    private var all: Set<Int> { Set(0...text.count) }

    /// - Parameter isBackwards: Reads towards the beginning: then the starts are where the part
    ///   ends.
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
                // What comes from the same places comes from them again and again.
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
            // To look ahead is to ask from where the part leads to any place.
            let places = try ends(of: part, from: all, isBackwards: !isBehind)
            return isOne ? starts.intersection(places) : starts.subtracting(places)
        }
    }

    private func isWord(_ place: Int) -> Bool {
        text.indices.contains(place) && ScalarSet.word.contains(text[place])
    }
}
