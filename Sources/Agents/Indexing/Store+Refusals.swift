internal import FilterKit
internal import Stores

/// Reasons not to add records to a collection with a different provenance.
extension Store {
    /// Returns the reason why a run must not begin, as far as it is known without asking the
    /// embedder; nil if there is none.
    func refusal(of provenance: Provenance) -> Failure? {
        // The stores of two configurations must not empty one collection in turn. If the first
        // folder no longer exists, it may have been moved.
        let foreign = StoreLocation.refusal(
            collection, of: argument, holding: provenance.place,
            isCommand: provenance.origin == .records, place: place)
        if let foreign { return foreign }
        if let refusal = refusal(of: provenance.origin) { return refusal }
        var now = provenance
        now.chunk = chunk
        now.databaseFingerprint = databaseFingerprint
        return provenance.difference(to: now).map(refusal)
    }

    /// Returns a failure if the collection was made from another kind of store. The ids of records
    /// depend on the kind.
    func refusal(of origin: Provenance.Origin) -> Failure? {
        switch (origin, self.origin) {
        case (.files, .records): refusal("files, not records of a command")
        case (.records, .files): refusal("records of a command, not files")
        default: nil
        }
    }

    /// - Parameter difference: The difference, beginning with the side of the collection.
    func refusal(_ difference: String) -> Failure {
        Failure(
            .configuration,
            "the collection '\(collection)' was made with \(difference); make it again: "
                + "hector index --rebuild \(quoted(argument))")
    }
}
