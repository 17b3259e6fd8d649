internal import Documents
internal import JSON
internal import OpenSSL

/// The world of a plan: the documents, the settings and the state of the collection. A plan is only
/// applied to the world for which it was made.
enum World {
    static func digest(
        of store: Store, _ listing: DocumentListing, _ state: IndexState?
    ) throws -> String {
        var lines = [
            store.collection, store.failureSettings, store.place,
            try state?.nextCollection ?? "",
        ]
        if let provenance = try state?.provenance {
            lines.append(String(decoding: provenance.json, as: UTF8.self))
        }
        // Of a file without a certain time the digest is the same, whatever the entry's time is.
        try state?.forEach { name, entry in
            lines.append(
                "\(name)\0\(entry.possible)\0\(entry.records)\0\(entry.version?.digest ?? "")")
        }
        for document in listing.documents {
            lines.append(
                "\(document.name)\0\(document.size)\0\(document.modified ?? 0)\0"
                    + KnownFailure.digest(of: document))
        }
        lines += listing.skipped.filter { $0.reason.code == .tooLarge }.map(\.name)
        lines += listing.unknown
        return SHA256.hex(of: Array(lines.joined(separator: "\n").utf8))
    }
}
