internal import Unix

/// The file in a store's state that holds the records of a new collection with their vectors.
struct Spool {
    let name, path: String

    /// A spool that waits to become the collection must not be overwritten by the next one.
    private static let names = ["rebuilt.jsonl", "rebuilt-2.jsonl"]

    init(_ name: String, of store: Store) {
        self.name = name
        path = "\(store.state)/\(name)"
    }

    /// A new spool that does not overwrite the pending one, if there is one.
    init(of store: Store, besides pending: String?) {
        self.init(Self.names.first { $0 != pending }!, of: store)
    }

    func remove() { try? File.remove(path) }

    /// Deletes the files that rebuilds have left.
    static func removeAll(of store: Store) {
        for name in names { Spool(name, of: store).remove() }
    }
}
