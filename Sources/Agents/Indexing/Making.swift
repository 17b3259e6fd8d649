internal import Configuration
internal import JSON

/// The settings with which the records of a collection were made.
struct Making: Equatable, Sendable {
    /// The configuration of the embedder, stored so that the embedder need not be asked each time.
    var fingerprint: String

    /// The embedder's own name for its model.
    var model: String

    /// The dimension of vectors, or 0 if the embedder does not report it.
    var dimension: Int
    var chunk: DocumentStore.Chunk

    /// The configuration of the extractors.
    var extractors: String

    /// The configuration of the database; empty if it was not recorded.
    var database = ""

    /// The folder or file of the documents, or the folder in which their command is run; empty if
    /// it was not recorded.
    var place = ""

    /// The kind of the documents; nil if it was not recorded.
    var origin: Origin?

    /// The origin of documents, which decides the form of their records' ids.
    enum Origin: String, Sendable { case files, records }

    /// The file with a complete fresh collection that is to replace the old one; empty if there is
    /// none.
    var spool = ""

    var isSwapping: Bool { !spool.isEmpty }

    /// - Returns: The difference because of which all records must be made again; nil if there is
    ///   none.
    func difference(to new: Making) -> String? {
        if chunk != new.chunk {
            return "chunks of \(chunk.size) characters with an overlap of \(chunk.overlap), not "
                + "\(new.chunk.size) and \(new.chunk.overlap)"
        }
        if database != new.database, !database.isEmpty, !new.database.isEmpty {
            return "other settings of the database"
        }
        if model != new.model { return "the model '\(model)', not '\(new.model)'" }
        if dimension != new.dimension, dimension > 0, new.dimension > 0 {
            return "vectors of \(dimension) numbers, not \(new.dimension)"
        }
        return nil
    }
}

extension Making {
    var json: [UInt8] {
        let value: Value = [
            "fingerprint": .string(fingerprint), "model": .string(model),
            "dimension": .number("\(dimension)"), "size": .number("\(chunk.size)"),
            "overlap": .number("\(chunk.overlap)"), "extractors": .string(extractors),
            "database": .string(database), "place": .string(place),
            "origin": origin.map { .string($0.rawValue) } ?? .null,
            "spool": .string(spool),
        ]
        return Array(value.description.utf8)
    }

    init?(json: [UInt8]) {
        guard let value = try? Value(parsing: json), let fingerprint = value["fingerprint"]?.string,
            let model = value["model"]?.string, let dimension = value["dimension"]?.int,
            let size = value["size"]?.int, let overlap = value["overlap"]?.int,
            let extractors = value["extractors"]?.string
        else { return nil }
        self.init(
            fingerprint: fingerprint, model: model, dimension: dimension,
            chunk: DocumentStore.Chunk(size: size, overlap: overlap), extractors: extractors,
            database: value["database"]?.string ?? "", place: value["place"]?.string ?? "",
            spool: value["spool"]?.string ?? "")
        if let written = value["origin"] {
            origin = written.string.flatMap(Origin.init)
        } else {
            // Before the origin was recorded, documents of a command had no place.
            origin = value["place"].map { $0.string == "" ? .records : .files }
        }
    }
}
