/// A search in one text: all ways through the pattern are followed side by side, one scalar at
/// a time (Thompson, "Regular Expression Search Algorithm", 1968).
struct PatternSearch {
    private let text: [Unicode.Scalar]

    /// How many steps may still be made; a search that needs more is given up.
    private(set) var steps: Int

    init(_ text: [Unicode.Scalar], steps: Int) {
        self.text = text
        self.steps = steps
    }

    /// - Parameter isBackwards: Reads towards the beginning of the text.
    /// - Returns: nil if it was given up.
    mutating func finds(
        _ program: [Instruction], from start: Int, isAnchored: Bool, isBackwards: Bool = false
    ) -> Bool? {
        steps -= program.count
        var reached = [Int](repeating: -1, count: program.count)
        var places: [Int] = []
        var position = start
        while true {
            if !isAnchored || position == start {
                switch follow(program, [0], at: position, &reached, &places) {
                case nil: return nil
                case true?: return true
                case false?: break
                }
            }
            guard isBackwards ? position > 0 : position < text.count else { return false }
            if places.isEmpty, isAnchored { return false }
            let scalar = text[isBackwards ? position - 1 : position]
            var next: [Int] = []
            for place in places {
                if case .scalar(let set) = program[place], set.contains(scalar) {
                    next.append(place + 1)
                }
            }
            steps -= places.count
            position += isBackwards ? -1 : 1
            places = []
            switch follow(program, next, at: position, &reached, &places) {
            case nil: return nil
            case true?: return true
            case false?: break
            }
        }
    }

    /// Goes on as far as that takes no scalar.
    ///
    /// - Parameters:
    ///   - reached: For each place the last position at which it was reached.
    ///   - places: Gets those that wait for a scalar.
    /// - Returns: Whether the end was reached; nil if the search was given up.
    private mutating func follow(
        _ program: [Instruction], _ starts: [Int], at position: Int, _ reached: inout [Int],
        _ places: inout [Int]
    ) -> Bool? {
        var open = starts
        while let place = open.popLast() {
            guard reached[place] != position else { continue }
            reached[place] = position
            steps -= 1
            guard steps > 0 else { return nil }
            switch program[place] {
            case .found: return true
            case .scalar: places.append(place)
            case .split(let first, let second): open += [second, first]
            case .jump(let next): open.append(next)
            case .start: if position == 0 { open.append(place + 1) }
            case .end: if position == text.count { open.append(place + 1) }
            case .wordEdge(let isOne):
                let isEdge = isWord(position - 1) != isWord(position)
                if isEdge == isOne { open.append(place + 1) }
            case .look(let part, let isBehind, let isOne):
                let isThere = finds(
                    part, from: position, isAnchored: true, isBackwards: isBehind)
                guard let isThere else { return nil }
                if isThere == isOne { open.append(place + 1) }
            }
        }
        return false
    }

    private func isWord(_ position: Int) -> Bool {
        text.indices.contains(position) && ScalarSet.word.contains(text[position])
    }
}
