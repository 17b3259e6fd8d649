import FilterKit
import Foundation
import Testing

/// The documentation of the commands, compared with their own help.
@Suite(.serialized) struct DocumentationTests {
    private static let commands = [
        "hector", "hector run", "hector replay", "hector query", "hector validate",
        "hector session list", "hector session show", "hector session delete",
        "hector config path", "hector config show", "hector config names", "hector-bench",
        "hector-chunk", "hector-embed", "hector-embed info", "hector-generate",
        "hector-generate info", "hector-index", "hector-index status", "hector-plugin",
        "hector-plugin list", "hector-plugin info",
        "hector-plugin serve", "hector-plugin check", "hector-plugin install",
        "hector-plugin update", "hector-plugin remove", "hector-plugin verify", "hector-reason",
        "hector-reason info",
        "hector-reason slots", "hector-rerank", "hector-rerank info",
        "hector-search", "hector-search upsert", "hector-search delete", "hector-search create",
        "hector-search drop", "hector-shell", "hector-tool", "hector-tool list", "hector-tool call",
    ]

    private static let programs = Set(commands.map { String($0.split(separator: " ")[0]) }).sorted()

    @Test(arguments: commands)
    func `the manual page has every option of --help`(command: String) async throws {
        let help = try await Shell().run("\(command) --help").output
        let options = Set(help.matches(of: /--([a-z][a-z-]+)/).map { String($0.1) })
        #expect(options.contains("help"))
        let page = try manual(of: command)
        for option in options.sorted() {
            let name = option.replacing("-", with: "\\-")
            #expect(
                page.contains("Fl Fl \(option)") || page.contains("Fl Fl \(name)"),
                "\(command) --\(option) is not in the manual")
        }
    }

    @Test(arguments: programs)
    func `the manual page has no option that the command has not`(program: String) async throws {
        let shell = try Shell()
        var known: Set<String> = []
        for command in Self.commands where "\(command) ".hasPrefix("\(program) ") {
            let help = try await shell.run("\(command) --help").output
            known.formUnion(help.matches(of: /--([a-z][a-z0-9-]+)/).map { String($0.1) })
        }
        for line in try manual(of: program).split(separator: "\n") where line.hasPrefix(".It Fl") {
            for match in line.matches(of: /Fl Fl ([a-z][a-z-]+)/) {
                #expect(known.contains(String(match.1)), "\(line)")
            }
        }
    }

    @Test(arguments: programs, ["bash", "zsh", "fish"])
    func `the completions are those that the command generates`(
        command: String, shell: String
    ) async throws {
        let file =
            switch shell {
            case "bash": "bash/\(command)"
            case "zsh": "zsh/_\(command)"
            default: "fish/\(command).fish"
            }
        let result = try await Shell().run(
            "\(command) --generate-completion-script \(shell) | diff - $ROOT/completions/\(file) && \(shell) -n $ROOT/completions/\(file)"
        )
        #expect(result.status == 0, "make completions: \(result.output)\(result.errors)")
    }

    @Test func `the manual pages are well-formed`() async throws {
        let result = try await Shell().run(
            """
            mandoc -T lint -W warning $ROOT/man/*.[1-8]
            # man(1) shows a table only if the first line asks for it, and no box on two pages.
            for page in $(grep -l '^\\.TS' $ROOT/man/*.[1-8]); do
                head -n 1 $page | grep -q "^'.* t$" || echo "$page: its first line has no t for tbl(1)"
                if grep -A1 '^\\.TS' $page | grep box | grep -qv nokeep; then
                    echo "$page: a box needs nokeep"
                fi
            done
            """)
        #expect(result.output.isEmpty && result.status == 0, "\(result.output)\(result.errors)")
    }

    @Test(arguments: programs)
    func `every command tells its version`(command: String) async throws {
        #expect(try await Shell().run("\(command) --version").output == "\(command) \(version)\n")
    }

    private func manual(of command: String) throws -> String {
        let name = command.split(separator: " ")[0]
        return try String(contentsOfFile: "\(Shell.root)/man/\(name).1", encoding: .utf8)
    }
}
