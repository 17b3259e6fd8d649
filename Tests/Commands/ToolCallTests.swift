import Foundation
import Testing

/// A single tool call from the command line.
@Suite(.serialized) struct ToolCallTests: ToolShells {
    @Test(arguments: [
        ("echo --text hi", "hi\n"), ("echo '{\"text\":\"hi\"}'", "hi\n"),
        ("echo '{\"text\":\"hi\"}' --times 2", "hi hi\n"), ("echo --text=hi --loud", "HI\n"),
        ("echo --text hi --no-loud", "hi\n"), ("echo --text hi --tags a --tags b", "hi #a #b\n"),
        ("echo --text -1 --style fancy", "-1\n"), ("echo --text ''", ""),
    ])
    func `a tool is called with JSON, options, or both`(words: String, output: String)
        async throws
    {
        for form in ["call ", ""] {
            let result = try await run("tool \(form)\(words)")
            #expect(result.output == output)
            #expect(result.status == 0)
            #expect(result.errors.isEmpty)
        }
    }

    @Test(arguments: [
        ("nothing", "no tool 'nothing'"), ("echo", "text"), ("echo --text", "text"),
        ("echo --wrong 1", "wrong"), ("echo --text x --times many", "times"),
        ("echo --text x --times 99", "times"), ("echo oops", "oops"),
        ("echo --text a --text b", "twice"), ("--wrong echo", "--wrong"),
        ("echo --text x --style odd", "style"),
    ])
    func `what a tool cannot take is wrong usage`(words: String, message: String) async throws {
        let result = try await run("tool call \(words); status=$?; ran; exit $status")
        #expect(result.status == 64)
        #expect(result.errors.contains(message))
        #expect(result.output.isEmpty)
    }

    @Test func `help is made from the schema`() async throws {
        let result = try await run("tool call echo --help; tool echo --help")
        #expect(result.status == 0)
        #expect(
            result.output.hasPrefix(
                """
                OVERVIEW: Say what it is told.

                USAGE: hector-tool call echo [<json>] --text <string> [<option> ...]

                OPTIONS:
                  --text <string>         What to say. (required)
                  --times <integer>       How often. (at least 1; at most 9; default: 1)
                  --[no-]loud
                  --tags <string>         (repeat for more)
                  --style <string>        (one of plain, fancy)
                OVERVIEW
                """))
    }

    @Test func `a tool that fails gives its reason and no output`() async throws {
        let result = try await run("tool call fail --reason 'too late'")
        #expect(result.status == 1)
        #expect(result.errors == "hector-tool: fail: too late\n")
    }
}
