/// A revision of the Model Context Protocol, known by its date.
package enum Revision: String, CaseIterable, Comparable, Sendable {
    case november2024 = "2024-11-05"
    case march2025 = "2025-03-26"
    case june2025 = "2025-06-18"
    case november2025 = "2025-11-25"
    case july2026 = "2026-07-28"

    /// The newest that begins with `initialize`.
    static let newestWithSession = Revision.november2025

    /// The newest in which every request stands for itself.
    static let newestStateless = Revision.july2026

    /// Whether there is no session: every request says who asks, in which revision.
    var isStateless: Bool { self == .july2026 }

    /// The revision that a server has answered with.
    init?(answered: String) {
        // What changed between these two is nothing that is used here.
        self.init(rawValue: answered == "2024-10-07" ? "2024-11-05" : answered)
    }

    // Dates in this form are in order.
    package static func < (left: Revision, right: Revision) -> Bool {
        left.rawValue < right.rawValue
    }
}
