internal import JSON
internal import TextAnalysis

extension Match {
    /// A JSON object that says how the score came about: the weight of the vector, and the words of
    /// the question that the record has. Each word's part of the text's score is its weight, times
    /// its rarity, times what its frequency in the text adds.
    var explanation: String {
        var members: [(String, Value)] = []
        if let alpha { members.append(("alpha", .number("\(alpha)"))) }
        members.append(
            (
                "terms",
                .array(
                    terms.map { term in
                        [
                            "term": .string(term.term.spelling),
                            "kind": .string(term.term.kind.name),
                            "weight": .number("\(Float(term.term.weight))"),
                            "documents": .number("\(term.documents)"),
                            "rarity": .number("\(Float(term.rarity))"),
                            "frequency": .number("\(term.frequency)"),
                            "score": .number("\(Float(term.score))"),
                        ]
                    })
            ))
        return "\(Value.object(Members(members)))"
    }
}

extension QuestionTerm.Kind {
    fileprivate var name: String {
        switch self {
        case .word: "word"
        case .group: "letters"
        case .characters: "characters"
        }
    }
}
