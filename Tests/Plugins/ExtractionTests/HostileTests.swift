import PluginKit
import TestSupport
import Testing

@testable import Extraction

/// Texts that are made to be slow, in time that must grow only as they do.
@Suite(.serialized) struct HostileTests {
    /// A function that makes a text of about that many bytes, and a question about it.
    struct Case: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let text: @Sendable (_ bytes: Int) -> String

        init(_ name: String, unit: String, ending: String = "") {
            testDescription = name
            text = { String(repeating: unit, count: $0 / unit.utf8.count) + ending }
        }
    }

    private static let cases = [
        Case("no sentence ends", unit: "whale krill "),
        Case("one word", unit: "w"),
        Case("one word without spaces in a script that has none", unit: "鯨"),
        Case("many short lines", unit: "whale\n"),
        Case("lines of one paragraph", unit: "the whale eats krill all day and all of the night\n"),
        Case("quotes that nothing closes", unit: "'whale "),
        Case("full stops", unit: "."),
        Case("initials", unit: "A. "),
        Case("abbreviations", unit: "e.g. "),
        Case("code that nothing closes", unit: "``` \nwhale\n"),
        Case("headings", unit: "# whale\n"),
        Case("one long heading", unit: "# whale krill ", ending: "\n\nWhales eat krill.\n"),
        Case("tables", unit: "| whale | krill |\n"),
        Case("tags", unit: "<whale>"),
        Case("names of tools", unit: "read_file whale "),
        Case("braces", unit: "{ } "),
        Case("open braces", unit: "read_file {\"a\": } "),
        Case("questions", unit: "Whale? "),
        Case("assignments", unit: "path=whale "),
    ]

    private func time(_ text: String, asQuestion: Bool) throws -> Duration {
        let messages =
            asQuestion
            ? [Message("user", "Krill is food.\n\n\(text)")]
            : [
                Message("user", text), Message("assistant", "Well."),
                Message("user", "read_file whale: What do whales eat?"),
                Message(
                    "assistant", "",
                    calls: [ToolCall(id: "1", name: "read_file", arguments: #"{"path":"whale"}"#)]),
                Message("tool", text, callID: "1"),
            ]
        return try threadTime {
            _ = try Extractor(limit: 3).reply(
                to: messages, tools: [tool("read_file", "path")], schema: "")
        }
    }

    @Test(arguments: cases) func `a text eight times as long takes about eight times as long`(
        made: Case
    ) throws {
        for asQuestion in [true, false] {
            let small = try time(made.text(50_000), asQuestion: asQuestion)
            let large = try time(made.text(400_000), asQuestion: asQuestion)
            // The square would take 64 times as long. Times too short to measure prove nothing.
            #expect(
                large < small * 24 || large < .milliseconds(300), "\(small) and then \(large)")
        }
    }

    @Test func `a hundred thousand passages are searched`() throws {
        let passages = (0..<100_000).map { number in
            Passage(
                source: "p\(number)",
                text:
                    "Whale \(number) eats krill. It swims with \(number == 77_777 ? "an okapi" : "others")."
            )
        }
        let time = threadTime {
            let quotes = Extract(passages).quotes(for: "Which whale swims with an okapi?", limit: 3)
            #expect(quotes.first?.source == "p77777")
        }
        #expect(time < .seconds(120))
    }

    @Test func `a hundred thousand passages that are all alike are searched`() throws {
        let passages = (0..<100_000).map { number in
            Passage(source: "p\(number)", text: "Whales eat krill.")
        }
        let quotes = Extract(passages).quotes(for: "What do whales eat?", limit: 100)
        #expect(quotes.map(\.source) == ["p0"])
    }
}
