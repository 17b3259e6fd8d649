import YAML

/// A folder whose files are indexed, an entry under `document_stores:`.
package struct DocumentStore: Sendable {
    package let name: String

    /// The folder. Nil only if the file has problems.
    package let path: Text?

    /// Globs relative to the folder; what is excluded goes before what is included.
    package let includePatterns: [Text]?
    package let excludePatterns: [Text]

    /// In bytes.
    package let maxFileSize: Int

    package let database, embedder: Text?

    /// Nil: named as the store is.
    package let collection: Text?

    init(_ entry: Node.Entry, name: String, _ inspector: Inspector) {
        self.name = entry.key
        let fields = inspector.fields(
            of: entry.value, name: name,
            keys: [
                "path", "include_patterns", "exclude_patterns", "max_file_size", "database",
                "embedder", "collection",
            ])
        fields.require("path", "the folder to index")
        path = fields.text("path")
        includePatterns = fields.texts("include_patterns")
        excludePatterns = fields.texts("exclude_patterns") ?? []
        maxFileSize = fields.integer("max_file_size", from: 1) ?? 1_048_576
        database = fields.text("database")
        embedder = fields.text("embedder")
        collection = fields.text("collection")
    }
}
