internal import JSON

/// The deletion of missing documents from the collection.
extension Run {
    /// The number of records in a batch.
    private static let batchRecords = 256

    func delete(
        _ removed: [String], _ surplus: [String], _ summary: inout Summary
    ) async throws {
        let isDoubtful = try removed.contains { name in
            try state.entry(name).map { $0.digest.isEmpty && $0.possible > 0 } ?? false
        }
        if isDoubtful, let making = try state.making {
            // None of their records was ever acknowledged, so there may be no collection.
            try await createCollection(making)
        }
        let pipeline = try await Pipeline.start(
            store.search("delete", ["--ack"]), environment: store.environment)
        var pending: [Name: (entry: Entry?, left: Int, problem: Refusal?)] = [:]
        let ledger = Ledger(state)

        func settle(_ name: String, _ entry: Entry?) {
            ledger.add(name, entry)
            if entry == nil { summary.removed += 1 }
        }
        func note(_ answers: [Pipeline.Answer]) throws {
            for answer in answers {
                let name = store.document(of: answer.id)
                guard var document = pending[Name(name)] else { continue }
                document.left -= 1
                document.problem = document.problem ?? answer.problem
                pending[Name(name)] = document.left > 0 ? document : nil
                if document.left > 0 { continue }
                if let problem = document.problem {
                    summary.problems.append(Problem("delete", name, problem))
                } else {
                    settle(name, document.entry)
                }
            }
            try ledger.commit()
        }

        do {
            var isUseful = true
            var batch = Batch()
            let all = removed.map { ($0, true) } + surplus.map { ($0, false) }
            for (name, isRemoved) in all where isUseful {
                guard var entry = try state.entry(name) else { continue }
                if isRemoved { summary.chunks -= entry.chunks }
                let numbers = (isRemoved ? 0 : entry.chunks)..<entry.possible
                entry.possible = entry.chunks
                if numbers.isEmpty {
                    settle(name, isRemoved ? nil : entry)
                    continue
                }
                for number in numbers {
                    let id = store.id(of: name, number: number + 1)
                    var line = Array(#"{"id":"#.utf8)
                    line.appendJSON(string: id)
                    line += "}\n".utf8
                    batch.add([Reading.Line(id: id, bytes: line)])
                }
                pending[Name(name)] = (isRemoved ? nil : entry, numbers.count, nil)
                if batch.isFull || batch.sizes.count >= Self.batchRecords {
                    isUseful = try await send(&batch, ledger, pipeline, onAnswers: note)
                }
            }
            if isUseful { _ = try await send(&batch, ledger, pipeline, onAnswers: note) }
            try await pipeline.finish(onAnswers: note)
            try ledger.commit()
        } catch {
            await pipeline.cancel()
            try? note(pipeline.take())
            try? ledger.commit()
            throw error
        }
    }
}
