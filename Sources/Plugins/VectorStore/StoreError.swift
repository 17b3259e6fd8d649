/// The reason why the store did not do as asked: a sentence for the caller.
package struct StoreError: Error, Equatable, CustomStringConvertible {
    package let description: String

    init(_ description: String) { self.description = description }

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
