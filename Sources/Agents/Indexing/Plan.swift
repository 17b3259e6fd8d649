internal import OpenSSL
internal import Unix

/// The changes that make a collection match its documents.
struct Plan: Sendable {
    /// New documents, and those whose records in the collection are unknown.
    var added: [Listing.Document] = []

    /// Documents that appear to have changed.
    var changed: [Listing.Document] = []

    /// Known documents that no longer exist.
    var removed: [String] = []

    /// Documents for which the collection has records with numbers that are too high.
    var surplus: [String] = []

    var unchanged = 0
    var skipped = 0

    /// The number of records in the collection, as far as it is known.
    var chunks = 0

    var isEmpty: Bool { added.isEmpty && changed.isEmpty && removed.isEmpty && surplus.isEmpty }

    /// - Parameter trusts: True if a file with the same size and time counts as unchanged.
    init(_ listing: Listing, _ state: State, trusts: Bool) throws {
        var position = 0
        var known = 0
        let all = try state.lookUp(listing.documents.lazy.map(\.name)) { entry in
            let document = listing.documents[position]
            position += 1
            guard let entry else {
                added.append(document)
                return
            }
            known += 1
            chunks += entry.chunks
            if entry.isDirty && entry.digest.isEmpty {
                added.append(document)
            } else if entry.isDirty || !Self.isSame(document, entry, trusts) {
                changed.append(document)
            } else {
                if entry.skipped != nil { skipped += 1 } else { unchanged += 1 }
                if entry.hasSurplus { surplus.append(document.name) }
            }
        }
        if all == known { return }
        let present = Set(listing.documents.lazy.map { Name($0.name) })
        try state.forEach { name, entry in
            if present.contains(Name(name)) { return }
            chunks += entry.chunks
            if !listing.mayHave(name) { removed.append(name) }
        }
    }

    private static func isSame(
        _ document: Listing.Document, _ entry: Entry, _ trusts: Bool
    ) -> Bool {
        if let record = document.record { return entry.digest == SHA256.hex(of: record) }
        return trusts && entry.size == document.size && entry.modified == document.modified
    }
}
