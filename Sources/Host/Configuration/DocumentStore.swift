import YAML

/// A set of documents to index, an entry under `document_stores:`.
package struct DocumentStore: Sendable {
    package let name: String
    package let place: Place

    /// The folder or the file. Nil if there is a command instead, or if the entry has problems.
    package let path: Text?

    /// A command for `sh` that prints records.
    package let command: Text?

    /// Patterns as in a .gitignore, relative to the folder; exclusion takes precedence over
    /// inclusion.
    package let includePatterns: [Text]?
    package let excludePatterns: [Text]

    /// The limit in bytes.
    package let maxFileSize: Int

    /// The settings for cutting documents into chunks.
    package let chunk: Chunk

    /// The commands that print the text of files, in the order written.
    package let extractors: [Extractor]

    /// The longest time that one may take for a file.
    package let extractorTimeout: Duration

    /// The largest file that one reads, in bytes.
    package let extractorMaxFileSize: Int

    /// True to read the text on pictures.
    package let recognizesText: Bool

    package let database, embedder: Text?

    /// The collection; nil if it has the name of the store.
    package let collection: Text?

    /// The sizes of chunks in characters, and what is embedded with them.
    package struct Chunk: Equatable, Sendable {
        package let size, overlap: Int

        /// True to have the title and the headings of a chunk embedded with it.
        package let hasContext: Bool

        package init(size: Int, overlap: Int, hasContext: Bool = true) {
            self.size = size
            self.overlap = overlap
            self.hasContext = hasContext
        }
    }

    /// A command that gives the text of files that are not text.
    package struct Extractor: Sendable {
        /// The pattern of the files, as in a .gitignore.
        package let pattern: String

        /// The command for `sh`, with `{}` for the file.
        package let command: Text
    }

    private static let largestChunk = 10_000_000

    init(_ entry: Node.Entry, name: String, _ inspector: Inspector) {
        self.name = entry.key
        place = inspector.place(name, entry.mark)
        let fields = inspector.fields(
            of: entry.value, name: name,
            keys: [
                "path", "command", "include_patterns", "exclude_patterns", "max_file_size", "chunk",
                "extractors", "extractor_timeout", "extractor_max_file_size", "ocr", "database",
                "embedder", "collection",
            ])
        path = fields.text("path")
        command = fields.text("command")
        includePatterns = fields.texts("include_patterns")
        excludePatterns = fields.texts("exclude_patterns") ?? []
        maxFileSize = fields.integer("max_file_size", from: 1) ?? 1_048_576
        chunk = Self.chunk(fields.fields("chunk", keys: ["size", "overlap", "context"]), inspector)
        extractors = fields.entries("extractors").compactMap { extractor in
            Self.extractor(extractor.entry, name: extractor.name, inspector)
        }
        extractorTimeout = .seconds(fields.integer("extractor_timeout", from: 1) ?? 300)
        extractorMaxFileSize = fields.integer("extractor_max_file_size", from: 1) ?? 64 << 20
        recognizesText = fields.boolean("ocr") ?? false
        database = fields.text("database")
        embedder = fields.text("embedder")
        collection = fields.text("collection")

        if let node = fields.node("command") {
            for key in [
                "path", "include_patterns", "exclude_patterns", "chunk", "extractors",
                "extractor_timeout", "extractor_max_file_size", "ocr",
            ]
            where fields.node(key) != nil {
                inspector.report(
                    "'\(name)' has a command and '\(key)', which is for files, expected one of them",
                    at: node.mark)
            }
        } else {
            fields.require("path", "the folder or file to index, or a 'command'")
        }
    }

    private static func chunk(_ fields: Fields, _ inspector: Inspector) -> Chunk {
        let size = fields.integer("size", from: 1) ?? 2000
        if size > largestChunk, let node = fields.node("size") {
            inspector.mismatch(
                node, fields.name(of: "size"), expected: "at most \(largestChunk) characters")
        }
        let overlap = fields.integer("overlap", from: 0) ?? size / 10
        if overlap >= size, let node = fields.node("overlap") {
            inspector.mismatch(
                node, fields.name(of: "overlap"), expected: "less than the size, \(size)")
        }
        let context = fields.text("context")?.written ?? "headings"
        if !["none", "headings"].contains(context), let node = fields.node("context") {
            inspector.mismatch(
                node, fields.name(of: "context"), expected: "'none' or 'headings'")
        }
        return Chunk(size: size, overlap: overlap, hasContext: context != "none")
    }

    private static func extractor(
        _ entry: Node.Entry, name: String, _ inspector: Inspector
    ) -> Extractor? {
        guard let command = inspector.text(of: entry.value, name: name) else { return nil }
        if !command.written.contains("{}") {
            inspector.mismatch(
                entry.value, name, expected: "a command that prints text, with {} for the file")
        }
        return Extractor(pattern: entry.key, command: command)
    }
}
