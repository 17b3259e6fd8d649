/// A revision of the Model Context Protocol, known by its date.
package enum Revision: String, CaseIterable, Sendable {
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
}
