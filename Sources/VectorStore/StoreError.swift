/// Why the store did not do as asked: a sentence for whoever asked.
package struct StoreError: Error, Equatable, CustomStringConvertible {
    package let description: String

    init(_ description: String) { self.description = description }

    static func noCollection(_ name: String) -> StoreError {
        StoreError(
            "there is no collection '\(name)': hector-search upsert --create makes one")
    }

    static func dimension(_ count: Int, of what: String, in name: String, _ expected: Int)
        -> StoreError
    {
        StoreError(
            "the \(what) has \(count) components, but collection '\(name)' has dimension \(expected)"
        )
    }
}
