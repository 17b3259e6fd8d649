internal import OpenSSL
internal import Unix

/// The changes that make a collection equal to its documents.
struct Plan: Sendable {
    /// New documents, and documents of which no record was acknowledged.
    var added: [DocumentListing.Document] = []

    /// Documents that look different from before, or are doubtful.
    var changed: [DocumentListing.Document] = []

    /// Stored documents that no longer exist.
    var removed: [String] = []

    /// Other files that no longer exist, of which nothing was stored for certain.
    var forgotten: [String] = []

    /// Documents that have failed and would fail again.
    var failedBefore: [(name: String, failure: KnownFailure)] = []

    /// Documents with more records in the collection than they have now.
    var surplus: [String] = []

    var unchanged = 0
    var skipped = 0

    /// The number of records in the collection, as far as it is known.
    var chunks = 0

    /// - Parameters:
    ///   - trusts: True if a file with the same size and time counts as unchanged.
    ///   - failures: The documents that failed, and the settings of this run; empty to try all again.
    init(
        _ listing: DocumentListing, _ state: IndexState, trusts: Bool,
        failures: [Name: KnownFailure] = [:], settings: String = ""
    ) throws {
        var position = 0
        var known = 0
        func hasFailed(_ document: DocumentListing.Document) -> Bool {
            guard !failures.isEmpty, let failure = failures[Name(document.name)],
                failure.isForGood, failure.isAbout(document, settings)
            else { return false }
            failedBefore.append((document.name, failure))
            return true
        }
        let all = try state.lookUp(listing.documents.lazy.map(\.name)) { entry in
            let document = listing.documents[position]
            position += 1
            guard let entry else {
                if !hasFailed(document) { added.append(document) }
                return
            }
            known += 1
            chunks += entry.records
            switch entry.status {
            case .unacknowledged: if !hasFailed(document) { added.append(document) }
            case .stored(let version) where Self.isSame(document, version, trusts):
                if version.isSkipped { skipped += 1 } else { unchanged += 1 }
                if entry.hasSurplus { surplus.append(document.name) }
            case .stored, .doubtful: if !hasFailed(document) { changed.append(document) }
            }
        }
        if all == known { return }
        let present = Set(listing.documents.lazy.map { Name($0.name) })
        try state.forEach { name, entry in
            if present.contains(Name(name)) { return }
            chunks += entry.records
            if listing.mayHave(name) { return }
            if entry.isDocument { removed.append(name) } else { forgotten.append(name) }
        }
    }

    private static func isSame(
        _ document: DocumentListing.Document, _ version: DocumentEntry.Version, _ trusts: Bool
    ) -> Bool {
        if let record = document.record { return version.digest == SHA256.hex(of: record) }
        return trusts && version.size == document.size && version.modified == document.modified
    }
}
