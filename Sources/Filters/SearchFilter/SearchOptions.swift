package import ArgumentParser
package import PluginFilterKit

/// The things by which documents are found.
package enum SearchMode: String, CaseIterable, ExpressibleByArgument, Sendable {
    /// By the vector and the words.
    case hybrid
    case vector
    case text
}

/// The options of every record's search.
package struct SearchOptions: Sendable {
    package var limit: Int
    package var minimumScore: Float?
    /// A JSON object, or an empty string.
    package var filter = ""
    package var includesVectors = false
    package var encoding = VectorEncoding.float

    /// Nil: by both where the database can and the record has both, and by the vector elsewhere.
    package var mode: SearchMode?
    /// The weight of the vector, from 0 to 1; nil for the collection's own.
    package var alpha: Float?
    /// Options that are the database's own.
    package var options: [String: String] = [:]
    package var explains = false

    /// True to keep results that say nothing more than a better one.
    package var keepsAll = false

    /// True to leave out records for which nothing was found.
    package var keepsOnlyFound = false

    /// True to print text for people instead of records.
    package var printsText = false

    /// The place from which the collection's records have to be, as its property `source` says; nil
    /// for any.
    package var source: String?

    package init(limit: Int) { self.limit = limit }

    /// The number of results to request, so that enough are left when some are folded.
    var requested: Int { keepsAll ? limit : limit + min(2 + limit / 8, 50) }

    /// The number of results to request if too few were left.
    var requestedAgain: Int { limit + min(3 * limit + 40, 1000) }
}
