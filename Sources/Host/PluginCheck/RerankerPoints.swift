internal import Messages
internal import SwiftProtobuf
internal import Synchronization

func rerankerPoints(_ subject: Subject) -> [Point] {
    let reranker = RerankerWalk()
    return [
        Point("GetModelInfo tells the model", reranker.checkInfo),
        Point("Rerank scores each text once, the best first", quietly: reranker.checkAll),
        Point(
            "a text that answers the question comes before one that does not",
            quietly: reranker.checkOrder),
        Point("Rerank keeps to top_n", quietly: reranker.checkLimit),
        Point("the same texts have the same scores", reranker.checkTwice),
        Point("no texts have no scores", reranker.checkNone),
        Point("an empty text has a score or an error") { caller in
            try await reranker.check("what is a fox", ["", "A fox is an animal."], caller)
        },
        Point("an empty question has scores or an error") { caller in
            try await reranker.check("", ["A fox is an animal."], caller)
        },
        Point("texts in other scripts have scores", quietly: reranker.checkScripts),
        Point("a text of 100 KB has a score or an error") { caller in
            try await reranker.check(
                "what is long", [String(repeating: "a long text. ", count: 7877), "short"], caller)
        },
        Point("100 texts have scores", quietly: reranker.checkMany),
        Point(
            "\(sideBySide) calls side by side are not mixed up", quietly: reranker.checkSideBySide),
        cancellationPoint(
            "Rerank",
            Hector_Plugin_RerankRequest.with {
                $0.query = "who waits for this"
                $0.texts = [String](repeating: "a text that nobody waits for.", count: 20)
            }),
    ]
}

/// The facts found about a reranker during the check.
private final class RerankerWalk: Sendable {
    private static let question = "How do I rotate an API key?"
    private static let answer =
        "To rotate an API key, create a new API key and delete the old API key."
    private static let texts = [
        "Bananas ripen faster in a paper bag.", answer, "The ferry leaves at noon.",
        "Grass is green because of chlorophyll.",
    ]

    /// True once the answer has come first.
    private let isUseful = Mutex(false)

    func checkInfo(_ caller: Caller) async throws -> [String] {
        let info: Hector_Plugin_RerankerInfo = try await caller.call(
            "GetModelInfo", Hector_Plugin_Empty())
        if info.modelName.isEmpty { throw Finding("the model has no name") }
        if info.maxTokens < 0 {
            throw Finding(
                "max_tokens is negative", expected: "0 or more", found: "\(info.maxTokens)")
        }
        let limit = info.maxTokens > 0 ? ", and takes \(info.maxTokens) tokens" : ""
        return ["the model is '\(info.modelName)'\(limit)"]
    }

    func checkAll(_ caller: Caller) async throws {
        _ = try await scores(Self.question, Self.texts, caller)
    }

    func checkOrder(_ caller: Caller) async throws {
        let scores = try await scores(Self.question, Self.texts, caller)
        let first = Self.texts[Int(scores[0].index)]
        if first != Self.answer {
            throw Finding(
                "another text comes first than the one with the answer",
                expected: Self.answer, found: first)
        }
        isUseful.withLock { $0 = true }
    }

    func checkLimit(_ caller: Caller) async throws {
        for limit in [1, 3, 100] {
            _ = try await scores(Self.question, Self.texts, limit: limit, caller)
        }
    }

    func checkTwice(_ caller: Caller) async throws -> [String] {
        let first = try await scores(Self.question, Self.texts, caller)
        let second = try await scores(Self.question, Self.texts, caller)
        return first == second ? [] : ["the scores differ from one call to the next"]
    }

    func checkNone(_ caller: Caller) async throws -> [String] {
        let response = try await rerank(Self.question, [], limit: 0, caller)
        if !response.scores.isEmpty {
            throw Finding(
                "there are scores without texts", expected: "0", found: "\(response.scores.count)")
        }
        return response.error.isEmpty ? [] : ["it says: \(response.error)"]
    }

    /// Checks that the reranker answers. Both scores and an error are right.
    func check(_ question: String, _ texts: [String], _ caller: Caller) async throws -> [String] {
        let response = try await rerank(question, texts, limit: 0, caller)
        if !response.error.isEmpty { return ["it says: \(response.error)"] }
        try check(response.scores, of: texts.count, limit: 0)
        return []
    }

    func checkScripts(_ caller: Caller) async throws {
        let texts = [
            "キツネは動物です。", "Лиса — животное.", "الثعلب حيوان", "สุนัขจิ้งจอก", "🦊🦊", "e\u{301}te\u{301}",
            "a\u{0}b\u{1b}[0m",
        ]
        for question in ["キツネとは何ですか？", "🦊"] {
            _ = try await scores(question, texts, caller)
        }
    }

    func checkMany(_ caller: Caller) async throws {
        let texts = (1...100).map { "Text \($0) of many." }
        _ = try await scores("Which text is the tenth?", texts, caller)
    }

    func checkSideBySide(_ caller: Caller) async throws {
        let isUseful = isUseful.withLock { $0 }
        try await callSideBySide { number in
            // The answer is at a different place in neighbouring calls, among a different number of
            // texts.
            let others = [String](repeating: Self.texts[0], count: number % 5)
            let texts = others + [Self.answer] + Self.texts[2...]
            let scores = try await self.scores(Self.question, texts, caller)
            if isUseful, Int(scores[0].index) != others.count {
                throw Finding(
                    "a call has the scores of another", expected: "text \(others.count) first",
                    found: "text \(scores[0].index) first")
            }
        }
    }

    private func scores(
        _ question: String, _ texts: [String], limit: Int = 0, _ caller: Caller
    ) async throws(Finding) -> [Hector_Plugin_RerankScore] {
        let response = try await rerank(question, texts, limit: limit, caller)
        if !response.error.isEmpty {
            throw Finding("Rerank refused \(texts.count) texts: \(response.error)")
        }
        try check(response.scores, of: texts.count, limit: limit)
        return response.scores
    }

    private func rerank(
        _ question: String, _ texts: [String], limit: Int, _ caller: Caller
    ) async throws(Finding) -> Hector_Plugin_RerankResponse {
        try await caller.call(
            "Rerank",
            Hector_Plugin_RerankRequest.with {
                $0.query = question
                $0.texts = texts
                $0.topN = Int32(limit)
            })
    }

    private func check(
        _ scores: [Hector_Plugin_RerankScore], of count: Int, limit: Int
    ) throws(Finding) {
        let expected = limit > 0 ? min(limit, count) : count
        if scores.count != expected {
            throw Finding(
                "there is another number of scores for \(count) texts"
                    + (limit > 0 ? " and top_n \(limit)" : ""),
                expected: "\(expected)", found: "\(scores.count)")
        }
        var seen: Set<Int32> = []
        for (place, score) in scores.enumerated() {
            guard (0..<count).contains(Int(score.index)) else {
                throw Finding(
                    "a score is for a text that was not sent", expected: "0 to \(count - 1)",
                    found: "\(score.index)")
            }
            if !seen.insert(score.index).inserted {
                throw Finding("text \(score.index) has two scores")
            }
            if !score.score.isFinite {
                throw Finding("the score of text \(score.index) is \(score.score)")
            }
            if place > 0, scores[place - 1].score < score.score {
                throw Finding(
                    "the best is not first", expected: "at most \(scores[place - 1].score)",
                    found: "\(score.score) at place \(place + 1)")
            }
        }
    }
}
