package import FilterKit
package import JSON
package import PluginFilterKit
package import PluginHost
internal import Synchronization
package import Waiting

/// Adds to each record the documents that are nearest to its vector or answer its words.
package final class SearchStage: FilterStage {
    package let name = "search"

    private let facts: CollectionFacts
    private let embedder: Embedder?
    private let other: EmbedderFinder
    private let search: SearchOptions
    private let options: FilterOptions
    private let foundAny = Atomic<Bool>(false)
    private let conflict = Mutex(Failure?.none)

    /// True if the database weighs words; nil until that is known.
    private let words = Mutex(Bool?.none)

    private var database: Database { facts.database }

    /// Finds the embedder of a collection that has taken the place of an earlier one.
    package typealias EmbedderFinder = @Sendable (Database.Collection) async -> Embedder?

    /// - Parameters:
    ///   - embedder: The embedder for records without a vector; nil if they are an error.
    ///   - other: A function that finds another embedder when the collection names one; it returns
    ///     nil if there is none.
    package init(
        _ facts: CollectionFacts, _ embedder: Embedder?, _ search: SearchOptions,
        _ options: FilterOptions, other: @escaping EmbedderFinder = { _ in nil }
    ) {
        self.facts = facts
        self.embedder = embedder
        self.other = other
        self.search = search
        self.options = options
    }

    /// True if any record had a result.
    package var hasFound: Bool { foundAny.load(ordering: .relaxed) }

    package var capacity: Capacity {
        var batches = [database.takesBatches(.search)]
        if let embedder { batches.append(embedder.takesBatches) }
        return Capacity(
            options,
            takesBatches: batches.contains(false) ? false : batches.contains(nil) ? nil : true)
    }

    package var failure: Failure? {
        conflict.withLock { $0 } ?? embedder?.plugin.failure.map(Failure.init)
            ?? database.plugin.failure.map(Failure.init)
    }

    package var restarts: Int? { database.plugin.restarts + (embedder?.plugin.restarts ?? 0) }

    /// A record's question.
    private struct Question {
        /// Empty if it is to be made of the text, or if there is none.
        var vector: [Float]
        var text: String
    }

    package func process(_ records: [Record], _ ticket: TicketLock.Ticket?) async -> [Outcome] {
        let usesWords = words.withLock { $0 }
        return await processUsable(records) { record throws(RecordError) in
            try question(record, usesWords: usesWords ?? true)
        } together: { questions in
            await answers(to: questions)
        } finish: { record, matches in
            if !matches.isEmpty { foundAny.store(true, ordering: .relaxed) }
            if matches.isEmpty, search.keepsOnlyFound { return .nothing }
            if search.printsText {
                return .text(
                    readableResults(matches, of: try? record.contentIfAny(field: options.field)))
            }
            record.set("results") { $0.appendJSON(matches, search) }
            return .record(record)
        }
    }

    private func question(
        _ record: Record, usesWords: Bool
    ) throws(RecordError) -> Question {
        var vector: [Float] = []
        if search.mode != .text { vector = try record.vectorIfAny() ?? [] }
        let isToEmbed = search.mode != .text && vector.isEmpty
        if isToEmbed, embedder == nil {
            throw RecordError(
                "no_vector",
                "no member 'vector'; pipe the records through hector-embed first, or search with "
                    + "--embed, or with --mode text")
        }
        let needsText = isToEmbed || search.mode == .hybrid || search.mode == .text
        var text = ""
        if needsText {
            text = try record.content(field: options.field)
            // The vector of an empty text is as near to one document as to another.
            if text.allSatisfy(\.isWhitespace), isToEmbed || search.mode == .text {
                throw RecordError("no_content", "the text to search for is empty")
            }
        } else if search.mode == nil, usesWords {
            text = try record.contentIfAny(field: options.field) ?? ""
        }
        return Question(vector: vector, text: text)
    }

    /// Returns true if the words of questions go to the database.
    private func sendsWords() async -> Bool {
        switch search.mode {
        case .vector?: return false
        case .text?, .hybrid?: return true
        case nil: break
        }
        if let known = words.withLock({ $0 }) { return known }
        let can = await facts.can("hybrid")
        words.withLock { $0 = can }
        return can
    }

    /// The most times that a search is repeated because the collection was replaced meanwhile.
    private static let mostReplacements = 8

    private typealias Answers = [Result<[FoldedMatch], PluginError>]

    /// Searches, and does that again if the collection was replaced meanwhile by one with the vectors
    /// of another embedder.
    private func answers(to questions: [Question]) async -> Answers {
        if let failure = await facts.refusal(ofSource: search.source) {
            return refuse(questions, failure)
        }
        guard let embedder, search.mode != .text, questions.contains(where: { $0.vector.isEmpty })
        else { return await answers(to: questions, with: nil).0 }
        var before = await facts.current()
        var result: (answers: Answers, conflict: Failure?) = ([], nil)
        for _ in 0..<Self.mostReplacements {
            var maker = embedder
            if let before, let name = before.properties["embedder"], name != embedder.plugin.name,
                let other = await other(before)
            {
                maker = other
            }
            result = await answers(to: questions, with: maker)
            guard let seen = before, let after = await facts.current(), !seen.isMadeLike(after)
            else { break }
            before = after
        }
        if let failure = result.conflict { conflict.withLock { $0 = failure } }
        return result.answers
    }

    private func refuse(_ questions: [Question], _ failure: Failure) -> Answers {
        conflict.withLock { $0 = failure }
        return questions.map { _ in .failure(PluginError(.configuration, failure.message)) }
    }

    /// - Returns: The answers, and the reason why vectors of the embedder are of no use here.
    private func answers(
        to questions: [Question], with embedder: Embedder?
    ) async -> (Answers, Failure?) {
        var results: [Result<[FoldedMatch], PluginError>?]
        var questions = questions
        let refused: Failure?
        (results, refused) = await embed(&questions, embedder)
        let sendsWords = questions.contains { !$0.text.isEmpty } ? await sendsWords() : false
        var places = results.indices.filter { results[$0] == nil }
        var limit = search.requested
        // A second time only for those of which many were folded.
        while !places.isEmpty {
            let queries = places.map { place in
                Database.Query(
                    vector: questions[place].vector, limit: limit, filter: search.filter,
                    includesVectors: search.includesVectors,
                    text: sendsWords ? questions[place].text : "", alpha: search.alpha,
                    options: search.options, explains: search.explains)
            }
            var incomplete: [Int] = []
            for (place, answer) in zip(places, await database.search(queries, in: facts.name)) {
                switch answer {
                case .failure(let error):
                    results[place] = .failure(
                        await facts.explained(
                            error, dimension: questions[place].vector.count))
                case .success(let matches):
                    let kept = selected(matches)
                    results[place] = .success(Array(kept.prefix(search.limit)))
                    if kept.count < search.limit, matches.count >= limit,
                        isGoodEnough(matches[matches.count - 1])
                    {
                        incomplete.append(place)
                    }
                }
            }
            if search.keepsAll || limit >= search.requestedAgain { break }
            places = incomplete
            limit = search.requestedAgain
        }
        return (results.map { $0 ?? .success([]) }, refused)
    }

    /// Makes the vectors that are missing.
    ///
    /// - Returns: For each question the error if there is no vector for it, or nil; and the reason why
    ///   vectors of the embedder are of no use here.
    private func embed(
        _ questions: inout [Question], _ embedder: Embedder?
    ) async -> ([Result<[FoldedMatch], PluginError>?], Failure?) {
        var results = [Result<[FoldedMatch], PluginError>?](repeating: nil, count: questions.count)
        guard let embedder, search.mode != .text else { return (results, nil) }
        let places = questions.indices.filter { questions[$0].vector.isEmpty }
        if places.isEmpty { return (results, nil) }
        // The database starts meanwhile; the first call reports a failure to start.
        async let _: Void = { try? await database.plugin.start() }()
        let vectors = await embedder.embed(places.map { questions[$0].text })
        let dimension = vectors.lazy.compactMap { try? $0.get().count }.first
        var conflict: Failure?
        if let dimension {
            conflict = await facts.conflict(
                with: embedder, model: await embedder.knownInfo()?.modelName ?? "",
                dimension: dimension)
        }
        let refusal = conflict.map { PluginError(.configuration, $0.message) }
        for (place, vector) in zip(places, vectors) {
            switch vector {
            case .success where refusal != nil: results[place] = refusal.map { .failure($0) }
            case .success(let vector): questions[place].vector = vector
            case .failure(let error): results[place] = .failure(error)
            }
        }
        return (results, conflict)
    }

    /// Returns the results that are good enough, near-identical ones in one.
    private func selected(_ matches: [Database.Match]) -> [FoldedMatch] {
        let good = search.minimumScore == nil ? matches : matches.filter(isGoodEnough)
        return search.keepsAll ? good.map { FoldedMatch(match: $0) } : folded(good)
    }

    private func isGoodEnough(_ match: Database.Match) -> Bool {
        search.minimumScore.map { match.score >= $0 } ?? true
    }
}
