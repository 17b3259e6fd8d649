internal import FilterKit
internal import FilterProcesses
package import JSON

extension AgentRun {
    /// Returns the passages that a search for a text finds in the agent's sources, best first.
    package func passages(for text: String) async throws -> [Value] {
        try await context(for: text)?.array ?? []
    }

    /// Returns the best passages of all sources, or nil if the agent has none.
    func context(for question: String) async throws -> Value? {
        guard !stages.sources.isEmpty else { return nil }
        let found = try await withThrowingTaskGroup(of: (Int, [Value]).self) { group in
            for (index, source) in stages.sources.enumerated() {
                group.addTask {
                    (index, try await results(for: question, in: source, number: index + 1))
                }
            }
            var found = [[Value]](repeating: [], count: stages.sources.count)
            for try await (index, results) in group { found[index] = results }
            return found.flatMap { $0 }
        }
        // The sort is stable for equal scores, so that a run can be repeated.
        let best = found.enumerated().sorted {
            let (left, right) = ($0.element["score"]?.double ?? 0, $1.element["score"]?.double ?? 0)
            return left != right ? left > right : $0.offset < $1.offset
        }
        let passages = best.map(\.element)
        let ranked = try await reranked(passages, for: question)
        return .array(Array(ranked.prefix(plan.topK)))
    }

    /// Returns passages in the order of the agent's reranker, if it has one.
    private func reranked(_ passages: [Value], for question: String) async throws -> [Value] {
        guard let rerank = stages.rerank, !passages.isEmpty else { return passages }
        let name = "\(id).rerank"
        let record = record(name, ["content": .string(question), "results": .array(passages)])
        let answer = try await rerank.answer(record, id: name)
        return answer.value("results")?.array ?? []
    }

    func results(
        for question: String, in source: AgentStages.Source, number: Int
    ) async throws -> [Value] {
        let name = "\(id).context.\(number)"
        let record = record(name, ["content": .string(question)])
        do {
            let embedded = try await source.embed?.answer(record, id: name) ?? record
            let answer = try await source.search.answer(embedded, id: name)
            return answer.value("results")?.array ?? []
        } catch let error as StageError where source.isOptional && error.isAboutRecord {
            return []
        }
    }
}

extension StageError {
    /// True if the stage is alive and has refused this one record.
    fileprivate var isAboutRecord: Bool {
        ["plugin_error", "not_found", "invalid_argument"].contains(code)
    }
}
