/// A way to search that is measured.
package enum Setting: Equatable, Sendable {
    case text
    case vector
    case hybrid(alpha: Double)

    package var mode: String {
        switch self {
        case .text: "text"
        case .vector: "vector"
        case .hybrid: "hybrid"
        }
    }

    /// The weight of the vector in the score.
    package var alpha: Double {
        switch self {
        case .text: 0
        case .vector: 1
        case .hybrid(let alpha): alpha
        }
    }

    package var isHybrid: Bool {
        if case .hybrid = self { true } else { false }
    }

    /// The options of hector-search.
    var arguments: [String] {
        ["--mode", mode] + (isHybrid ? ["--alpha", spelling(of: alpha)] : [])
    }
}

/// Returns a small number as a person writes it: `1`, not `1.0`.
func spelling(of number: Double) -> String {
    number == number.rounded() ? String(Int(number)) : String(number)
}
