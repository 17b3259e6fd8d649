import Testing

@testable import MCP

struct MessageLinesTests {
    private func read(_ lines: [String]) -> [String] {
        var all = MessageLines(longest: 1000)
        return lines.map { line in
            switch all.receive(Array(line.utf8)[...]) {
            case .messages(let messages, let areSplit):
                "\(messages.count)\(areSplit ? " split" : "")"
            case .part: "part"
            case .other: "other"
            }
        }
    }

    @Test(
        arguments: [
            ([#"{"method":"a"}"#], ["1"]),
            (["{", #""method":"a}{"#, "}"], ["part", "part", "other"]),
            (["{", #""method":"a}{""#, "}"], ["part", "part", "1 split"]),
            (["{ open", #"{"method":"a"}"#, #"{"method":"b"}"#], ["part", "1", "1"]),
            (
                ["[", #"{"method":"a"},"#, #"{"method":"b"},"#, "]"],
                ["part", "part", "part", "other"]
            ),
            (["[info] begun", "[db", #"{"method":"a"}"#], ["other", "part", "1"]),
            (["{", String(repeating: " ", count: 2000)], ["part", "other"]),
        ] as [([String], [String])])
    func `messages are put together of lines`(lines: [String], expected: [String]) {
        #expect(read(lines) == expected)
    }
}
