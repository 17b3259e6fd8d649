internal import Configuration
internal import JSON

/// What the records of a collection were made with.
struct Making: Equatable, Sendable {
    /// What the configuration says of the embedder, so that it need not be asked each time.
    var fingerprint: String

    /// What the embedder says of itself.
    var model: String

    /// 0 if it does not say.
    var dimension: Int
    var chunk: DocumentStore.Chunk

    /// What the configuration says of extractors.
    var extractors: String

    /// What the configuration says of the database; empty if that was not written down.
    var database = ""

    /// The folder or the file that the documents are from, or the folder that their command is run
    /// in; empty if that was not written down.
    var place = ""

    /// Of what kind the documents are; nil if that was not written down.
    var origin: Origin?

    /// What says how the ids of records are formed.
    enum Origin: String, Sendable { case files, records }

    /// The file with a fresh collection, complete, which is to replace the old one; empty if there
    /// is none.
    var spool = ""

    var isSwapping: Bool { !spool.isEmpty }

    /// - Returns: What is otherwise in a way that all records must be made anew; nil if nothing is.
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
            // Before it was written down, those of a command had no place.
            origin = value["place"].map { $0.string == "" ? .records : .files }
        }
    }
}
