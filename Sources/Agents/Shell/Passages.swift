internal import JSON
internal import Text

/// The passages that a search has found, as text for the user.
enum Passages {
    /// Returns a passage with its whole text.
    static func whole(_ passage: Value) -> String {
        let text = (passage["content"]?.string ?? "").split(whereSeparator: \.isNewline)
            .map { "    \($0)\n" }.joined()
        return VisibleText(
            lines: "\(score(of: passage)) \(passage["id"]?.string ?? "")\n\(text)\n"
        )
        .description
    }

    /// Returns a line for each passage.
    static func table(_ passages: [Value]) -> String {
        Table(
            rows: passages.map { passage in
                [
                    score(of: passage), VisibleText(passage["id"]?.string ?? "").description,
                    VisibleText(passage["content"]?.string ?? "", atMost: 60).description,
                ]
            }
        ).text
    }

    /// Returns a line for each source, with the number of passages from it.
    static func sources(_ passages: [Value]) -> String {
        var places: [(name: String, count: Int)] = []
        for passage in passages {
            let name = passage["metadata"]?["path"]?.string ?? passage["id"]?.string ?? ""
            if let place = places.firstIndex(where: { $0.name == name }) {
                places[place].count += 1
            } else {
                places.append((name, 1))
            }
        }
        return Table(
            rows: places.map { [VisibleText($0.name).description, "\($0.count)"] }
        ).text
    }

    private static func score(of passage: Value) -> String {
        let score = passage["score"]?.double ?? 0
        guard abs(score) < 1e9 else { return String(score) }
        let digits = String(Int((abs(score) * 10_000).rounded()))
        let padded = String(repeating: "0", count: max(0, 5 - digits.count)) + digits
        return (score < 0 ? "-" : "") + padded.dropLast(4) + "." + padded.suffix(4)
    }
}
