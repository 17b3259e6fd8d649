internal import FilterKit
internal import Unix

/// Reasons not to add to a collection that was made differently.
extension Store {
    /// The reason why a run does not begin, as far as it shows without asking the embedder; nil if
    /// there is none.
    func refusal(of provenance: Provenance) -> Failure? {
        // The stores of two configurations must not empty one collection in turn. A folder may
        // have moved.
        if Name(provenance.place) != Name(place), (try? File(provenance.place)) != nil {
            let holding = provenance.origin == .records ? "records of a command in " : ""
            return Failure(
                .configuration,
                "the collection '\(collection)' holds \(holding)'\(provenance.place)'; give the "
                    + "store '\(name)' another 'collection', or fill it anew: "
                    + "hector index --rebuild \(name)")
        }
        if let refusal = refusal(of: provenance.origin) { return refusal }
        var now = provenance
        now.chunk = chunk
        now.databaseFingerprint = databaseFingerprint
        return provenance.difference(to: now).map(refusal)
    }

    /// The ids of the records in the collection cannot be formed from a store of another kind.
    func refusal(of origin: Provenance.Origin) -> Failure? {
        switch (origin, self.origin) {
        case (.files, .records): refusal("files, not records of a command")
        case (.records, .files): refusal("records of a command, not files")
        default: nil
        }
    }

    /// - Parameter difference: The collection's own side of it first.
    func refusal(_ difference: String) -> Failure {
        Failure(
            .configuration,
            "the collection '\(collection)' was made with \(difference); make it anew: "
                + "hector index --rebuild \(name)")
    }
}
