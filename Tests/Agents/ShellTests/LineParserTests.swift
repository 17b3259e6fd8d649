import FilterKit
import Testing

@testable import Shell

@Suite struct LineParserTests {
    @Test(
        arguments: [
            (["why?"], [.question("why?")]), (["", " "], [.nothing, .nothing]),
            (
                [":::", "a", ".help", ":::", ".help"],
                [nil, nil, nil, .question("a\n.help"), .command(.help, "")]
            ),
            (["::: a :::", "b"], [.question("a"), .question("b")]),
            (["::: a", "b :::"], [nil, .question("a\nb")]),
        ] as [([String], [Line?])])
    func `lines are one by themselves, or a text between marks`(
        texts: [String], lines: [Line?]
    ) throws {
        var parser = LineParser()
        #expect(try texts.map { text throws(Failure) in try parser.add(text) } == lines)
        #expect(!parser.isInText)
    }

    @Test(
        arguments: [
            ("one\n.exit", [.question("one\n.exit")]), (".exit\none ", [.question(".exit\none")]),
            ("!rm\n", [.question("!rm")]), (".exit", [.command(.exit, "")]),
            ("::: a\nb :::", [.question("a\nb")]),
        ] as [(String, [Line?])])
    func `what is pasted is a question`(text: String, lines: [Line?]) throws {
        var parser = LineParser()
        #expect(try [parser.add(typed: text)] == lines)
    }

    @Test func `what is pasted into a text belongs to it`() throws {
        var parser = LineParser()
        #expect(try parser.add(typed: ":::") == nil)
        #expect(parser.isInText)
        #expect(try parser.add(typed: ".exit\nb") == nil)
        #expect(try parser.add(typed: ":::") == .question(".exit\nb"))
    }

    @Test func `a text can be dropped`() throws {
        var parser = LineParser()
        _ = try parser.add("::: a")
        parser.drop()
        #expect(!parser.isInText)
        #expect(try parser.add("b") == .question("b"))
    }

    @Test func `a wrong line leaves a parser as it was`() throws {
        var parser = LineParser()
        #expect(throws: Failure.self) { try parser.add(".nothing") }
        #expect(try parser.add("b") == .question("b"))
    }

    @Test(arguments: [("a\r", "a"), ("a", "a"), ("\r", ""), ("", ""), ("a\r\r", "a\r"), ("é", "é")])
    func `a script's line ends as its system has it`(bytes: String, text: String) throws {
        // By bytes: CR LF are one character.
        #expect(try Script.text(Array(bytes.utf8)[...]).utf8.elementsEqual(text.utf8))
    }

    @Test func `a line that is not UTF-8 cannot be read`() {
        let failure = #expect(throws: Failure.self) { try Script.text([0x61, 0xFF]) }
        #expect(failure?.status == .badInput)
    }

    @Test(arguments: [("", 3, "line 3: "), ("f.txt", 1, "f.txt: line 1: ")])
    func `a place in a script is named`(file: String, line: Int, text: String) {
        let place = ScriptPlace(file: file.isEmpty ? nil : file, line: line)
        #expect(place.description == text)
    }

    @Test(arguments: [
        ("", Verb.list),
        (
            "search",
            ".search STORE TEXT\n    search in a document store, which is a name or a folder\n"
        ),
        (".tools", ".tools \n    list the tools that the agent may use\n"), ("help me", ""),
    ])
    func `help is the list or a command's own`(name: String, text: String) throws {
        #expect(try HelpCommand.text(name) == text)
    }

    @Test func `help of an unknown command says what is near`() {
        let failure = #expect(throws: Failure.self) { try HelpCommand.text("hlep") }
        #expect(failure?.message == "no command '.hlep', did you mean '.help'?")
    }

    @Test(arguments: [
        ("a", "a", ""), ("a  b c ", "a", "b c"), ("", "", ""), ("a\n{}", "a", "{}"),
    ])
    func `an argument begins with a word`(text: String, word: String, rest: String) {
        #expect(text.firstWord == (word, rest))
    }
}
