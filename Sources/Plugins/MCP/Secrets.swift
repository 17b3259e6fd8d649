import Text

/// The texts that a server has been trusted with, which belong into no log and no error, even if
/// the server says them.
struct Secrets: Sendable {
    private let texts: [String]

    /// Shorter ones are words and numbers that may be anywhere.
    private static let shortest = 8

    /// - Parameter values: What variables or headers are set to. Of `Bearer 123` the part after
    ///   the first blank is a secret of its own.
    init(_ values: [String]) {
        let credentials = values.map { String($0.drop { $0 != " " }.trimmed) }
        texts = Set(values + credentials).filter { $0.utf8.count >= Self.shortest }
            // A longer one may contain a shorter one.
            .sorted { ($1.utf8.count, $0) < ($0.utf8.count, $1) }
    }

    func hide(in text: String) -> String {
        texts.reduce(text) { $0.replacing($1, with: "…") }
    }
}
