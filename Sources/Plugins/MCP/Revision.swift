/// A revision of the Model Context Protocol, known by its date.
package enum Revision: String, CaseIterable, Comparable, Sendable {
    case november2024 = "2024-11-05"
    case march2025 = "2025-03-26"
    case june2025 = "2025-06-18"
    case november2025 = "2025-11-25"
    case july2026 = "2026-07-28"

    /// The newest revision that begins with `initialize`.
    static let newestWithSession = Revision.november2025

    /// The newest revision in which every request is independent.
    static let newestStateless = Revision.july2026

    /// True if there is no session: every request names the client and the revision.
    var isStateless: Bool { self == .july2026 }

    /// Finds the revision that a server has answered with.
    init?(answered: String) {
        // The differences between these two are not in use here.
        self.init(rawValue: answered == "2024-10-07" ? "2024-11-05" : answered)
    }

    // Dates in this form sort correctly.
    package static func < (left: Revision, right: Revision) -> Bool {
        left.rawValue < right.rawValue
    }
}
