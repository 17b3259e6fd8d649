internal import FilterKit
internal import Unix

extension Indexing {
    /// A run that is planned.
    package struct PlannedRun: Sendable {
        package let summary: Summary
        package let documents: Int
        package let chunks: Int

        /// The number of texts to embed, which are not in the cache of vectors, and their tokens, roughly.
        package let texts: Int
        package let tokens: Int

        /// The price in US dollars; nil if the configuration does not have the model's.
        package let dollars: Double?

        /// The digest of all that the plan depends on.
        package let world: String

        /// A line for people about the cost; nil if there is nothing to embed.
        package var costText: String? {
            if documents == 0 { return nil }
            let money = dollars.map { ", about \(Self.amount($0)) USD" } ?? ""
            return "\(summary.store): \(documents) document\(documents == 1 ? "" : "s"), "
                + "\(chunks) chunk\(chunks == 1 ? "" : "s"), \(texts) text\(texts == 1 ? "" : "s") to "
                + "embed, about \(tokens) token\(tokens == 1 ? "" : "s")\(money)"
        }

        /// Returns an amount with at least two significant digits.
        package static func amount(_ dollars: Double) -> String {
            let digits = dollars >= 1 || dollars == 0 ? 100.0 : 1_000_000.0
            let text = "\((dollars * digits).rounded() / digits)"
            return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
        }
    }

    /// Returns the changes that a run would make, and what they would cost.
    ///
    /// - Parameter onDocument: Gets each document that is to be added (+), changed (~) or
    ///   removed (-), and its size.
    /// - Throws: The reason why a run would not begin, as far as it can be known without asking the
    ///   embedder.
    package static func plan(
        _ store: Store, _ options: Options,
        onDocument: (Character, String, Int?) throws -> Void
    ) async throws -> PlannedRun {
        let listing = try await store.list()
        let (state, provenance) = try known(store)
        if !options.isRebuild, let provenance, let refusal = store.refusal(of: provenance) {
            throw refusal
        }
        let cost = PlanCost(store.maker, environment: store.environment)
        let assessment = Assessment(
            store, listing, state, provenance, isRebuild: options.isRebuild,
            isRetry: options.isRetry)
        let summary = try await assessment.summary(cost: cost, onDocument: onDocument)
        let price = store.price(of: provenance?.model)
        return PlannedRun(
            summary: summary, documents: cost.documents, chunks: cost.chunks, texts: cost.texts,
            tokens: cost.tokens,
            dollars: price.map { $0 * Double(cost.tokens) / 1_000_000 },
            world: try World.digest(of: store, listing, state))
    }
}
