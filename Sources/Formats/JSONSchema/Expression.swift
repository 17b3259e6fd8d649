/// A part of a regular expression.
indirect enum Expression: Sendable {
    case sequence([Expression])
    case either([Expression])
    case scalar(ScalarSet)
    /// - Parameter most: The most repetitions; nil for no limit.
    case repeated(Expression, least: Int, most: Int?)
    case start
    case end
    case wordEdge(isOne: Bool)
    /// A lookahead or a lookbehind, positive or negative.
    case look(Expression, isBehind: Bool, isOne: Bool)
}

extension Expression {
    /// The number of parts, each counted as often as it is repeated; `Int.max` if it is too large.
    var size: Int {
        switch self {
        case .sequence(let parts): Self.size(of: parts)
        case .either(let parts): Self.sum(Self.size(of: parts), 2 * parts.count)
        case .scalar, .start, .end, .wordEdge: 1
        case .repeated(let part, let least, let most):
            Self.size(of: part, least, most)
        case .look(let part, _, _): Self.sum(part.size, 2)
        }
    }

    private static func size(of parts: [Expression]) -> Int { parts.map(\.size).reduce(0, sum) }

    private static func size(of part: Expression, _ least: Int, _ most: Int?) -> Int {
        func product(_ first: Int, _ second: Int) -> Int {
            let (product, overflows) = first.multipliedReportingOverflow(by: second)
            return overflows ? .max : product
        }
        let size = part.size
        return sum(product(size, least), product(sum(size, 1), most.map { $0 - least } ?? 1))
    }

    private static func sum(_ first: Int, _ second: Int) -> Int {
        let (sum, overflows) = first.addingReportingOverflow(second)
        return overflows ? .max : sum
    }

    /// An equivalent expression in RE2's syntax, or nil if RE2 does not have one.
    ///
    /// Of RE2's escapes only `\p` is used, because it has the same meaning in ECMA-262.
    var inRE2: String? {
        switch self {
        case .sequence(let parts): Self.inRE2(parts)?.joined()
        case .either(let parts): Self.inRE2(parts).map { "(?:\($0.joined(separator: "|")))" }
        case .scalar(let set): set.inRE2
        case .repeated(let part, let least, let most):
            part.inRE2.flatMap { Self.repeated("(?:\($0))", least, most) }
        case .start: "\\A"
        case .end: "\\z"
        case .wordEdge(isOne: true): "\\b"
        // The `\B` of RE2 also matches between the bytes of a character.
        case .wordEdge(isOne: false), .look: nil
        }
    }

    private static func inRE2(_ parts: [Expression]) -> [String]? {
        let translated = parts.compactMap(\.inRE2)
        return translated.count == parts.count ? translated : nil
    }

    /// Repeats a part in several steps, because RE2 accepts only numbers up to 1000.
    private static func repeated(_ part: String, _ least: Int, _ most: Int?) -> String? {
        let highest = 1000
        // Nothing may be repeated without end, and is not large by that.
        guard max(least, most ?? 0) <= 20 * highest else { return nil }
        var text = ""
        for start in stride(from: 0, to: least, by: highest) {
            text += "\(part){\(min(highest, least - start))}"
        }
        guard let most else { return text + "\(part)*" }
        for start in stride(from: least, to: most, by: highest) {
            text += "\(part){0,\(min(highest, most - start))}"
        }
        return text
    }
}
