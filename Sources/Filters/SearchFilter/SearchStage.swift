package import FilterKit
package import JSON
package import PluginFilterKit
package import PluginHost
internal import Synchronization
package import Waiting

/// Adds to each record the documents whose vectors are nearest to its own.
package final class SearchStage: FilterStage {
    package let name = "search"

    private let database: Database
    private let collection: String
    private let query: QueryOptions
    private let options: FilterOptions
    private let foundAny = Atomic<Bool>(false)

    /// The options of every record's search.
    package struct QueryOptions: Sendable {
        package var limit: Int
        package var minimumScore: Float?
        /// A JSON object, or an empty string.
        package var filter: String
        package var includesVectors: Bool

        package init(limit: Int, minimumScore: Float?, filter: String, includesVectors: Bool) {
            self.limit = limit
            self.minimumScore = minimumScore
            self.filter = filter
            self.includesVectors = includesVectors
        }
    }

    package init(
        _ database: Database, collection: String, _ query: QueryOptions, _ options: FilterOptions
    ) {
        self.database = database
        self.collection = collection
        self.query = query
        self.options = options
    }

    /// True if any record had a result.
    package var hasFound: Bool { foundAny.load(ordering: .relaxed) }

    package var capacity: Capacity {
        Capacity(options, takesBatches: database.takesBatches(.search))
    }

    package var failure: Failure? { database.plugin.failure.map(Failure.init) }

    package var restarts: Int? { database.plugin.restarts }

    package func process(_ records: [Record], _ ticket: TicketLock.Ticket?) async -> [Outcome] {
        await processUsable(records) { record throws(RecordError) in
            Database.Query(
                vector: try record.vector(), limit: query.limit, filter: query.filter,
                includesVectors: query.includesVectors)
        } together: { queries in
            await database.search(queries, in: collection)
        } finish: { record, matches in
            record.set("results", json: json(matches))
            return .record(record)
        }
    }

    private func json(_ matches: [Database.Match]) -> [UInt8] {
        var json: [UInt8] = [UInt8(ascii: "[")]
        for match in matches.prefix(query.limit) where isGoodEnough(match) {
            if json.count > 1 { json.append(UInt8(ascii: ",")) }
            json += #"{"id":"#.utf8
            json.appendJSON(string: match.id)
            json += #","score":"#.utf8
            json.appendJSON(float: match.score)
            json += #","content":"#.utf8
            json.appendJSON(string: match.content)
            json += #","metadata":{"#.utf8
            var isFirst = true
            for (key, value) in match.metadata.sorted(by: { $0.key < $1.key })
            where key != Metadata.contentKey {
                if !isFirst { json.append(UInt8(ascii: ",")) }
                isFirst = false
                json.appendJSON(string: key)
                json.append(UInt8(ascii: ":"))
                json += Metadata.decode(value).description.utf8
            }
            json.append(UInt8(ascii: "}"))
            if query.includesVectors {
                json += #","vector":"#.utf8
                json.appendJSON(floats: match.vector)
            }
            json.append(UInt8(ascii: "}"))
        }
        if json.count > 1 { foundAny.store(true, ordering: .relaxed) }
        json.append(UInt8(ascii: "]"))
        return json
    }

    private func isGoodEnough(_ match: Database.Match) -> Bool {
        query.minimumScore.map { match.score >= $0 } ?? true
    }
}

extension Record {
    /// Returns the record's vector.
    func vector() throws(RecordError) -> [Float] {
        for key in ["vector", "embedding"] {
            let vector: [Float]?
            do { vector = try floats(key) } catch {
                throw RecordError("invalid_vector", error.problem)
            }
            guard let vector else { continue }
            if vector.isEmpty { throw RecordError("invalid_vector", "member '\(key)' is empty") }
            return vector
        }
        throw RecordError(
            "no_vector", "no member 'vector'; pipe the records through hector-embed first")
    }

    /// Returns the record's id. A number is accepted too, in its own spelling.
    func id() throws(RecordError) -> String {
        for key in ["id", "custom_id"] {
            switch value(key) {
            case .string(let id)? where id.isEmpty:
                throw RecordError("no_id", "member '\(key)' is empty")
            case .string(let id)?: return id
            case .number(let spelling)?: return spelling
            case nil, .null?: continue
            case .some: throw RecordError("invalid_id", "member '\(key)' is not a string")
            }
        }
        throw RecordError("no_id", "no member 'id'")
    }
}
