internal import Chunking
internal import Documents

/// The documents that exist now.
struct DocumentListing: Sendable {
    var documents: [Document] = []

    /// The folders of the documents, beginning with the store's own.
    var folders: [String] = []

    /// The files that would be documents if they were smaller, and if it was asked for, those that
    /// are none for other reasons.
    var skipped: [SkippedFile] = []

    /// The number of files that would be documents if they were smaller.
    var tooLarge: Int { skipped.count { $0.reason.code == .tooLarge } }
    var problems: [Problem] = []

    /// The prefixes of documents that may exist although they are not listed.
    var unknown: [String] = []

    /// Documents that exist although they are not listed.
    var damaged: Set<Name> = []

    /// True if a document that is not listed may exist.
    func mayHave(_ name: String) -> Bool {
        damaged.contains(Name(name)) || unknown.contains { name.utf8.starts(with: $0.utf8) }
    }

    struct Document: Sendable {
        /// The path relative to the store's folder as an id, or the id of a record.
        var name: String

        /// The path, if it cannot be an id.
        var path: String?
        var size: Int

        /// The modification time in nanoseconds since 1970; nil for a record.
        var modified: Int?

        /// The record to embed.
        var record: [UInt8]?

        init(name: String, size: Int, modified: Int?, record: [UInt8]? = nil) {
            self.name = name
            self.size = size
            self.modified = modified
            self.record = record
        }

        /// - Parameter path: Relative to the store's folder.
        init(path: String, size: Int, modified: Int?) {
            let name = documentID(path)
            self.init(name: name, size: size, modified: modified)
            if name != path { self.path = path }
        }
    }
}
