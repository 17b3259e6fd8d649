/// The documents that there are now.
struct DocumentListing: Sendable {
    var documents: [Document] = []

    /// The folders they are in, the store's own first.
    var folders: [String] = []

    /// Files that would be documents if they were smaller.
    var tooLarge = 0
    var problems: [Problem] = []

    /// How the names begin of documents that may be there although they are not listed.
    var unknown: [String] = []

    /// Documents that are there although they are not listed.
    var damaged: Set<Name> = []

    /// Whether a document that is not listed may be there.
    func mayHave(_ name: String) -> Bool {
        damaged.contains(Name(name)) || unknown.contains { name.utf8.starts(with: $0.utf8) }
    }

    struct Document: Sendable {
        /// The path from the store's folder, or the id of a record.
        var name: String
        var size: Int

        /// Nanoseconds since 1970; nil for a record.
        var modified: Int?

        /// A record as it is to be embedded.
        var record: [UInt8]?
    }
}
