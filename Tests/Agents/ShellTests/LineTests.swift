import FilterKit
import Shell
import Testing

@Suite struct LineTests {
    @Test(arguments: [
        ("", Line.nothing), ("  \t", .nothing), ("Why?", .question("Why?")),
        (" Why? ", .question("Why?")), (" .help", .question(".help")),
        (".5 is what?", .question(".5 is what?")), ("...", .question("...")),
        ("one\ntwo", .question("one\ntwo")), (".help", .command(.help, "")),
        (".search docs  what now ", .command(.search, "docs  what now")),
        (".continue", .command(.continue, "")), ("!ls -l", .program("ls -l")),
        ("| wc -l", .pipe("wc -l", isRecord: false)), ("|json jq .", .pipe("jq .", isRecord: true)),
        ("|jsonlint", .pipe("jsonlint", isRecord: false)), (":::", .longInput("")),
        ("::: a", .longInput(" a")), ("exit", .command(.exit, "")), (" quit ", .command(.exit, "")),
        ("exit 3", .question("exit 3")), ("How do I quit vi?", .question("How do I quit vi?")),
    ])
    func `a line is a question unless its first character makes it a command`(
        text: String, line: Line
    ) throws {
        #expect(try Line(text) == line)
    }

    @Test(arguments: [
        (".hlep", "no command '.hlep', did you mean '.help'?"),
        (".sesion x", "no command '.sesion', did you mean '.session'?"),
        (".hist", "no command '.hist', did you mean '.history'?"),
        (".quit", "no command '.quit', did you mean '.exit'?"),
        (".xyzzy", "no command '.xyzzy', see '.help'"),
        (".search", "'.search' needs more: .search STORE TEXT"),
        (".new now", "'.new' takes no 'now'"), ("!", "'!' needs a command after it"),
        ("|", "'|' needs a command after it"), ("|json", "'|' needs a command after it"),
    ])
    func `what is wrong with a line is reported`(text: String, message: String) throws {
        let failure = #expect(throws: Failure.self) { try Line(text) }
        #expect(failure?.message == message)
        #expect(failure?.status == .usage)
    }

    @Test(arguments: Verb.allCases)
    func `every command is in the help`(verb: Verb) {
        #expect(Verb.list.contains("\n.\(verb) "))
        #expect(Verb.list.contains(verb.summary))
    }

    @Test(arguments: [
        (["", "a", "  b", ":::"], "a\n  b"), ([" a", "b :::"], "a\nb"), ([" a :::"], "a"),
        ([" a\nb\n:::"], "a\nb"), (["", "", "a", "", ":::  "], "a"), (["", ":::"], ""),
    ])
    func `a long input ends with its mark`(lines: [String], text: String) {
        var (input, whole) = LongInput.begin(lines[0])
        for line in lines.dropFirst() {
            #expect(whole == nil)
            whole = input.add(line)
        }
        #expect(whole == text)
    }
}
