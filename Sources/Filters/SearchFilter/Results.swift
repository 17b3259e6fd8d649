internal import JSON
internal import PluginFilterKit
internal import PluginHost

extension [UInt8] {
    /// Appends results as a JSON array.
    mutating func appendJSON(_ results: [FoldedMatch], _ search: SearchOptions) {
        append(UInt8(ascii: "["))
        for (place, result) in results.enumerated() {
            if place > 0 { append(UInt8(ascii: ",")) }
            appendJSON(result, search)
        }
        append(UInt8(ascii: "]"))
    }

    private mutating func appendJSON(_ result: FoldedMatch, _ search: SearchOptions) {
        let match = result.match
        self += #"{"id":"#.utf8
        appendJSON(string: match.id)
        self += #","score":"#.utf8
        appendJSON(float: match.score)
        appendScores(of: match)
        self += #","content":"#.utf8
        appendJSON(string: match.content)
        self += #","metadata":"#.utf8
        appendJSON(metadata: match.metadata)
        if search.includesVectors {
            self += #","vector":"#.utf8
            appendJSON(vector: match.vector, as: search.encoding)
        }
        if !result.duplicates.isEmpty {
            self += #","duplicates":["#.utf8
            for (place, id) in result.duplicates.enumerated() {
                if place > 0 { append(UInt8(ascii: ",")) }
                appendJSON(string: id)
            }
            append(UInt8(ascii: "]"))
        }
        if search.explains, let explanation = match.explanationValue {
            self += #","explanation":"#.utf8
            appendJSON(value: explanation)
        }
        append(UInt8(ascii: "}"))
    }

    /// Appends the parts of a score, if the database tells them.
    private mutating func appendScores(of match: Database.Match) {
        if match.vectorScore == nil, match.textScore == nil { return }
        self += #","scores":{"#.utf8
        if let score = match.vectorScore {
            self += #""vector":"#.utf8
            appendJSON(float: score)
        }
        if let score = match.textScore {
            self += (match.vectorScore == nil ? #""text":"# : #","text":"#).utf8
            appendJSON(float: score)
        }
        append(UInt8(ascii: "}"))
    }

    /// Appends metadata as an object in the order of the keys, without the document's text.
    mutating func appendJSON(metadata: [String: String]) {
        append(UInt8(ascii: "{"))
        var isFirst = true
        for (key, value) in metadata.sorted(by: { $0.key < $1.key })
        where key != Metadata.contentKey {
            if !isFirst { append(UInt8(ascii: ",")) }
            isFirst = false
            appendJSON(string: key)
            append(UInt8(ascii: ":"))
            self += Metadata.decode(value).description.utf8
        }
        append(UInt8(ascii: "}"))
    }
}

extension Database.Match {
    /// The database's explanation of the score, or nil if it has given none.
    fileprivate var explanationValue: Value? {
        if explanation.isEmpty { return nil }
        return (try? Value(parsing: Array(explanation.utf8))) ?? .string(explanation)
    }
}

/// Returns results as lines for people, each with the explanation of its score.
func readableResults(_ results: [FoldedMatch], of question: String?) -> [UInt8] {
    var text = question.map { "# \($0.oneLine(atMost: 100))\n" } ?? ""
    for (place, result) in results.enumerated() {
        let match = result.match
        text += "\(place + 1). \(match.id)  \(rounded(match.score))"
        var parts: [String] = []
        if let score = match.vectorScore { parts.append("vector \(rounded(score))") }
        if let score = match.textScore { parts.append("text \(rounded(score))") }
        if !parts.isEmpty { text += "  (\(parts.joined(separator: ", ")))" }
        text += "\n   \(match.content.oneLine(atMost: 100))\n"
        if let explanation = match.explanationValue { text += lines(explanation, indent: "   ") }
        if !result.duplicates.isEmpty {
            text += "   duplicates: \(result.duplicates.joined(separator: ", "))\n"
        }
    }
    return Array((text + "\n").utf8)
}

/// Returns a value as indented lines.
private func lines(_ value: Value, indent: String) -> String {
    switch value {
    case .object(let members):
        return members.map { line("\($0.key):", $0.value, indent: indent) }.joined()
    case .array(let elements):
        return elements.map { line("-", $0, indent: indent) }.joined()
    default: return "\(indent)\(plain(value))\n"
    }
}

private func line(_ label: String, _ value: Value, indent: String) -> String {
    switch value {
    // What fits into a line is easier to compare there.
    case .object(let members) where !members.contains(where: { $0.value.isNested }):
        let parts = members.map { "\($0.key) \(plain($0.value))" }
        return "\(indent)\(label) \(parts.joined(separator: ", "))\n"
    case .array(let elements) where !elements.contains(where: \.isNested):
        return "\(indent)\(label) \(elements.map(plain).joined(separator: ", "))\n"
    case .object, .array: return "\(indent)\(label)\n" + lines(value, indent: indent + "  ")
    default: return "\(indent)\(label) \(plain(value))\n"
    }
}

private func plain(_ value: Value) -> String {
    switch value {
    case .string(let text): text
    case .number(let spelling):
        spelling.count > 7 ? Float(spelling).map(rounded) ?? spelling : spelling
    default: "\(value)"
    }
}

/// Returns a number with four digits after the point.
private func rounded(_ number: Float) -> String {
    guard number.isFinite, abs(number) < 1e9 else { return "\(number)" }
    let digits = String(Int((abs(number) * 10_000).rounded()))
    let padded = String(repeating: "0", count: max(0, 5 - digits.count)) + digits
    return (number < 0 ? "-" : "") + padded.dropLast(4) + "." + padded.suffix(4)
}

extension Value {
    fileprivate var isNested: Bool {
        switch self {
        case .object, .array: true
        default: false
        }
    }
}

extension String {
    /// The beginning of the text in one line.
    fileprivate func oneLine(atMost length: Int) -> String {
        let words = split(whereSeparator: \.isWhitespace).joined(separator: " ")
        return words.count > length ? words.prefix(length - 1) + "…" : words
    }
}
