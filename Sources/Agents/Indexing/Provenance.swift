internal import Configuration
internal import JSON

/// The settings and the model that the records of a collection were made with.
struct Provenance: Equatable, Sendable {
    /// A digest of the embedder's settings, which saves asking it for its model each time.
    var embedderFingerprint: String

    /// The embedder's own name for its model.
    var model: String

    /// The dimension of the vectors; 0 if the embedder does not say.
    var dimension: Int
    var chunk: DocumentStore.Chunk

    /// A digest of the settings of extractors.
    var extractorsFingerprint: String

    /// A digest of the database's settings.
    var databaseFingerprint: String

    /// The folder or the file that the documents are from, or the folder that their command is run
    /// in.
    var place: String

    /// The kind of the documents, on which the ids of records depend.
    var origin: Origin

    enum Origin: String, Sendable { case files, records }

    /// The name of the embedder's plugin, and the weight that it suggests for its vectors; empty if
    /// that was not asked.
    var plugin = ""
    var alpha = ""

    /// The file with a complete new collection that is to replace the current one; nil if there is
    /// none.
    var spool: String?

    var isSwapping: Bool { spool != nil }

    /// - Returns: The difference for which all records have to be made again; nil if there is none.
    func difference(to new: Provenance) -> String? {
        if chunk.hasContext != new.chunk.hasContext {
            return chunk.hasContext
                ? "the headings of chunks embedded with them, not without"
                : "chunks embedded without their headings, not with"
        }
        if chunk != new.chunk {
            return "chunks of \(chunk.size) characters with an overlap of \(chunk.overlap), not "
                + "\(new.chunk.size) and \(new.chunk.overlap)"
        }
        if databaseFingerprint != new.databaseFingerprint {
            return "other settings of the database"
        }
        if model != new.model { return "the model '\(model)', not '\(new.model)'" }
        if dimension != new.dimension, dimension > 0, new.dimension > 0 {
            return "vectors of \(dimension) numbers, not \(new.dimension)"
        }
        return nil
    }
}

extension Provenance {
    var json: [UInt8] {
        let value: Value = [
            "embedder": .string(embedderFingerprint), "model": .string(model),
            "dimension": .number("\(dimension)"), "size": .number("\(chunk.size)"),
            "overlap": .number("\(chunk.overlap)"), "context": .bool(chunk.hasContext),
            "extractors": .string(extractorsFingerprint),
            "database": .string(databaseFingerprint), "place": .string(place),
            "origin": .string(origin.rawValue), "plugin": .string(plugin), "alpha": .string(alpha),
            "spool": spool.map { .string($0) } ?? .null,
        ]
        return Array(value.description.utf8)
    }

    init?(json: [UInt8]) {
        guard let value = try? Value(parsing: json),
            let embedder = value["embedder"]?.string, let model = value["model"]?.string,
            let dimension = value["dimension"]?.int,
            let size = value["size"]?.int, let overlap = value["overlap"]?.int,
            let extractors = value["extractors"]?.string,
            let database = value["database"]?.string, let place = value["place"]?.string,
            let origin = value["origin"]?.string.flatMap(Origin.init)
        else { return nil }
        self.init(
            embedderFingerprint: embedder, model: model, dimension: dimension,
            chunk: DocumentStore.Chunk(
                size: size, overlap: overlap, hasContext: value["context"]?.bool ?? true),
            extractorsFingerprint: extractors, databaseFingerprint: database, place: place,
            origin: origin, spool: value["spool"]?.string)
        plugin = value["plugin"]?.string ?? ""
        alpha = value["alpha"]?.string ?? ""
    }
}
