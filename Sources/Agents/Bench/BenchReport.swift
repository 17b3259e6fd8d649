internal import JSON

/// The measurements of a collection.
package struct BenchReport: Sendable {
    /// The measurements of one way to search.
    package struct Row: Sendable {
        package let setting: Setting
        package let mean: Metrics

        /// The metrics of each question.
        let questions: [Metrics]
    }

    package let collection: String

    /// The number of places that counted.
    package let limit: Int

    package let rows: [Row]

    /// The number of questions that were measured.
    package let questions: Int

    /// The number of questions of which a search failed; they do not count.
    package let failed: Int

    /// The number of relevant ids that were in no result of their question.
    package let neverFound: Int

    /// The weight that the collection has, if it has one.
    package let collectionAlpha: Double?

    /// The command that gives the collection a weight, without the weight; nil if there is none.
    let settingCommand: [String]?

    package var foundAny: Bool { rows.contains { $0.mean.recall > 0 } }

    /// The row with the highest nDCG; of equal ones that with the smallest weight. Text is the
    /// weight 0, and the vector alone is 1. Nil unless hybrid searches were measured.
    package var best: Row? {
        guard rows.contains(where: \.setting.isHybrid) else { return nil }
        // Sums of the same numbers may differ in the last bits.
        let highest = (rows.map(\.mean.ndcg).max() ?? 0) - 1e-12
        return rows.filter { $0.mean.ndcg >= highest }.min { $0.setting.alpha < $1.setting.alpha }
    }

    /// Returns the best row's nDCG minus that of another one.
    package func lag(of row: Row) -> Difference? {
        best.map { Difference($0.questions.map(\.ndcg), minus: row.questions.map(\.ndcg)) }
    }

    /// Returns the command that makes the best weight the collection's; nil if it has that weight,
    /// or if no command is known.
    package var command: String? {
        guard let best, best.setting.alpha != collectionAlpha, let settingCommand else {
            return nil
        }
        let words = settingCommand + ["--property", "alpha=\(spelling(of: best.setting.alpha))"]
        return words.map(shellWord).joined(separator: " ")
    }

    // MARK: JSON

    /// A line for each row, and one about the best weight.
    package var json: String {
        (rows.map(line) + [summary]).map { "\($0)\n" }.joined()
    }

    private func line(_ row: Row) -> Value {
        var members: Members = [
            "collection": .string(collection), "mode": .string(row.setting.mode),
        ]
        if row.setting.isHybrid { members.append("alpha", number(row.setting.alpha)) }
        members.append("k", .number(String(limit)))
        members.append("ndcg", number(row.mean.ndcg))
        members.append("mrr", number(row.mean.mrr))
        members.append("recall", number(row.mean.recall))
        members.append("questions", .number(String(questions)))
        if let lag = lag(of: row) {
            members.append("behind", number(lag.mean))
            members.append("standard_error", lag.standardError.map(number) ?? .null)
            members.append("within_noise", .bool(lag.isNoise))
        }
        return .object(members)
    }

    private var summary: Value {
        var members: Members = [
            "collection": .string(collection), "questions": .number(String(questions)),
            "failed": .number(String(failed)), "never_found": .number(String(neverFound)),
        ]
        if let best {
            members.append("best_alpha", number(best.setting.alpha))
            members.append("best_ndcg", number(best.mean.ndcg))
            members.append("collection_alpha", collectionAlpha.map(number) ?? .null)
            members.append("set_with", command.map { .string($0) } ?? .null)
        }
        return .object(members)
    }

    // MARK: Text

    /// A table for people, and sentences about the best weight.
    package var text: String {
        let heads = ["mode", "alpha", "nDCG@\(limit)", "MRR@\(limit)", "recall@\(limit)", ""]
        let table =
            [heads]
            + rows.map { row in
                [
                    row.setting.mode, row.setting.isHybrid ? spelling(of: row.setting.alpha) : "-",
                    places(row.mean.ndcg), places(row.mean.mrr), places(row.mean.recall),
                    remark(row),
                ]
            }
        return aligned(table) + "\n" + sentences.map { "\($0)\n" }.joined()
    }

    private func remark(_ row: Row) -> String {
        guard let best, let lag = lag(of: row) else { return "" }
        if row.setting == best.setting { return "best" }
        return lag.isNoise ? "within noise of the best" : ""
    }

    private var sentences: [String] {
        var lines = [questions == 1 ? "1 question" : "\(questions) questions"]
        if failed > 0 { lines[0] += ", and \(failed) failed" }
        if neverFound > 0 { lines[0] += "; relevant ids in no result: \(neverFound)" }
        guard let best else { return lines }
        lines.append("The alpha that fits best is \(spelling(of: best.setting.alpha)).")
        if let collectionAlpha {
            let given = spelling(of: collectionAlpha)
            if collectionAlpha == best.setting.alpha {
                lines.append("It is the collection's.")
            } else if let row = rows.first(where: { $0.setting == .hybrid(alpha: collectionAlpha) }
            ),
                let lag = lag(of: row)
            {
                lines.append(
                    "The collection's is \(given), "
                        + (lag.isNoise
                            ? "and the difference is within noise."
                            : "and its nDCG is \(places(lag.mean)) lower."))
            } else {
                lines.append("The collection's is \(given), which was not measured.")
            }
        }
        if let command { lines += ["To set it:", "    \(command)"] }
        return lines
    }
}

/// Returns a number with six digits after the point at most.
private func number(_ value: Double) -> Value {
    .number(spelling(of: (value * 1e6).rounded() / 1e6))
}

/// Returns a number from 0 to 1 with four digits after the point.
private func places(_ value: Double) -> String {
    let digits = String(Int((value * 10_000).rounded()) + 10_000)
    return "\(Int(digits.prefix(digits.count - 4))! - 1).\(digits.suffix(4))"
}

/// Returns rows as columns; all but the first and the last end at the same place.
private func aligned(_ rows: [[String]]) -> String {
    let columns = rows[0].indices
    let widths = columns.map { column in rows.map { $0[column].count }.max() ?? 0 }
    return rows.map { row in
        var line = ""
        for column in columns {
            let padding = String(repeating: " ", count: widths[column] - row[column].count)
            let isText = column == 0 || column == columns.last
            line += (isText ? row[column] + padding : padding + row[column]) + "  "
        }
        while line.last == " " { line.removeLast() }
        return line + "\n"
    }.joined()
}

/// Returns a word as a shell reads it, in quotes if it needs them.
private func shellWord(_ word: String) -> String {
    let isPlain =
        !word.isEmpty
        && word.utf8.allSatisfy { byte in
            switch byte {
            case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: true
            default: "-_./=:,+@%".utf8.contains(byte)
            }
        }
    return isPlain
        ? word
        : "'"
            + word.split(separator: "'", omittingEmptySubsequences: false)
            .joined(separator: #"'\''"#) + "'"
}
