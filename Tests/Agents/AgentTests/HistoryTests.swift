import Agent
import JSON
import Testing

@Suite struct HistoryTests {
    /// Returns messages: `u` user, `a` assistant, `c` an assistant's with a tool call, `t` a tool's,
    /// `s` system.
    private func messages(_ letters: String) -> [Value] {
        letters.enumerated().map { index, letter in
            let content = Value.string("\(index)")
            switch letter {
            case "u": return ["role": "user", "content": content]
            case "a": return ["role": "assistant", "content": content]
            case "c":
                return ["role": "assistant", "content": content, "tool_calls": [["id": content]]]
            case "t": return ["role": "tool", "content": content]
            default: return ["role": "system", "content": content]
            }
        }
    }

    private func letters(_ messages: [Value]) -> String {
        messages.map { message in
            message["tool_calls"] != nil ? "c" : String(message["role"]!.string!.first!)
        }.joined()
    }

    @Test(
        arguments: [
            ("", nil, ""), ("ua", nil, "ua"), ("uaua", 4, "uaua"), ("uaua", 3, "ua"),
            ("uaua", 2, "ua"),
            ("uaua", 1, ""), ("uacta", 9, "uacta"),
            // A call stays with its results, even if all has to go.
            ("uauctta", 6, "uctta"), ("uauctta", 4, ""), ("sua", 2, "sua"), ("suaua", 2, "sua"),
            // An answer may come before the first question.
            ("aua", 2, "ua"),
        ] as [(String, Int?, String)])
    func `the oldest turns go first, and whole`(before: String, most: Int?, after: String) {
        #expect(letters(History.cut(messages(before), mostMessages: most)) == after)
    }

    @Test func `a budget of tokens counts what is kept`() {
        let long = Value.string(String(repeating: "word ", count: 1000))
        let history: [Value] =
            [["role": "user", "content": long], ["role": "assistant", "content": "x"]]
            + messages("ua")
        #expect(letters(History.cut(history, mostTokens: 100)) == "ua")
        #expect(letters(History.cut(history, mostTokens: 10_000)) == "uaua")
    }
}
