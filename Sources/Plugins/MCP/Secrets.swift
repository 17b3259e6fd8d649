import Text

/// The texts that a server has been trusted with, which must not appear in a log or an error, even
/// if the server repeats them.
struct Secrets: Sendable {
    private let texts: [String]

    /// The length below which texts are words and numbers that may occur anywhere.
    private static let shortest = 8

    /// - Parameter values: The values of variables or headers. Of `Bearer 123`, the part after the
    ///   first space is also a secret by itself.
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
