/// The reason why the store did not do as asked: a sentence for the caller.
package struct StoreError: Error, Equatable, CustomStringConvertible {
    package let description: String
    let kind: Kind

    /// The file that is damaged or missing, if it is one, and a clause about it.
    let finding: Finding?

    struct Finding: Equatable {
        let path: String
        let problem: String
    }

    enum Kind {
        case other
        /// Bytes on the disk are not those that were written.
        case damage
        /// A file is not there. Another process may have replaced it since the catalog was read.
        case missing
        case cancelled
    }

    init(_ description: String, kind: Kind = .other) {
        self.description = description
        self.kind = kind
        finding = nil
    }

    /// - Parameter predicate: The words after the path.
    private init(_ finding: Finding, _ predicate: String, _ kind: Kind) {
        description =
            "'\(finding.path)' \(predicate); hector-search verify tells what is affected"
        self.kind = kind
        self.finding = finding
    }

    /// The error of a search that was given up.
    static let cancelled = StoreError("the search was given up", kind: .cancelled)

    /// - Parameter problem: A clause about the file at `path`.
    static func damage(_ path: String, _ problem: String) -> StoreError {
        StoreError(Finding(path: path, problem: problem), "is damaged: \(problem)", .damage)
    }

    static func missing(_ path: String) -> StoreError {
        StoreError(Finding(path: path, problem: "it is missing"), "is missing", .missing)
    }

    /// - Parameter isWanted: True to add advice on making one.
    static func noCollection(_ name: String, isWanted: Bool = true) -> StoreError {
        let advice =
            isWanted
            ? ": hector index makes that of a document store, hector-search upsert --create any"
            : ""
        return StoreError("there is no collection '\(name)'\(advice)")
    }

    static func dimension(_ count: Int, of what: String, in name: String, _ expected: Int)
        -> StoreError
    {
        StoreError(
            "the \(what) has \(count) components, but collection '\(name)' has dimension \(expected)"
        )
    }
}
