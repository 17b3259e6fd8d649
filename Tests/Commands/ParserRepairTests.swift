import ArgumentParser
import Testing

@testable import FilterKit

/// The behaviour of ArgumentParser itself is expected, too: when another version of it does something
/// else, the repair has to follow, or can go.
@Suite struct ParserRepairTests {
    /// A command that does something without a subcommand's name.
    private struct Root: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "hector", subcommands: [Work.self, Other.self],
            defaultSubcommand: Work.self)
    }

    private struct Work: ParsableCommand {
        static let configuration = CommandConfiguration(commandName: "work")

        @Flag(name: .shortAndLong, help: "Say less.") var quiet = false
        @Option(name: .shortAndLong, help: "How deep.") var depth = 0
        @Argument var words: [String] = []
    }

    private struct Other: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "other", aliases: ["another"])

        @Flag var json = false
        @Option(name: .shortAndLong) var depth = 0
    }

    /// A command that does nothing without a subcommand's name.
    private struct Group: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "hector", subcommands: [Work.self, Other.self])
    }

    private func error(_ root: any ParsableCommand.Type, _ arguments: [String]) throws -> any Error
    {
        do {
            var command = try root.parseAsRoot(arguments)
            // One of ArgumentParser's own, which prints help by throwing it.
            if !(command is Work || command is Other) { try command.run() }
        } catch { return error }
        throw ValidationError("nothing is wrong with \(arguments)")
    }

    private func diagnosis(
        _ root: any ParsableCommand.Type, _ arguments: [String]
    ) throws -> ParserDiagnosis {
        ParserDiagnosis(of: try error(root, arguments), from: root, arguments)
    }

    private var program: String { Diagnostics.programName }

    @Test func `a message goes on after the program's name`() throws {
        let arguments = ["--nothing"]
        let message = Root.message(for: try error(Root.self, arguments))
        #expect(message == "Unknown option '--nothing'")
        #expect(ParserRepair.lowerCase(message) == "unknown option '--nothing'")
        #expect(ParserRepair.lowerCase("") == "")
        #expect(
            try diagnosis(Root.self, arguments)
                == .problem("unknown option '--nothing'", helpOf: program))
        #expect(
            try diagnosis(Root.self, ["other", "--nothing"])
                == .problem("unknown option '--nothing'", helpOf: "\(program) other"))
    }

    @Test(arguments: [
        (["bad"], "Unexpected argument 'bad'"),
        (["bad", "worse"], "2 unexpected arguments: 'bad', 'worse'"),
    ])
    func `an unknown subcommand is called that`(arguments: [String], message: String) throws {
        #expect(Group.message(for: try error(Group.self, arguments)) == message)
        #expect(
            try diagnosis(Group.self, arguments)
                == .problem("no command 'bad', expected one of work, other", helpOf: program))
    }

    @Test func `a word too many of a subcommand is none`() throws {
        let arguments = ["other", "bad"]
        let message = Group.message(for: try error(Group.self, arguments))
        #expect(message == "Unexpected argument 'bad'")
        #expect(ParserRepair.unknownSubcommand(message, of: Group.self, arguments) == nil)
        #expect(
            try diagnosis(Group.self, arguments)
                == .problem("unexpected argument 'bad'", helpOf: "\(program) other"))
    }

    @Test func `flags with an h among them are no question for help`() throws {
        let arguments = ["-xh"]
        #expect(Root.exitCode(for: try error(Root.self, arguments)) == .success)
        #expect(
            try diagnosis(Root.self, arguments) == .problem("unknown option '-xh'", helpOf: nil))
        for asked in ["-h", "--help", "--help-hidden", "help", "--version"] {
            #expect(ParserRepair.flagsTakenForHelp(["-xh", asked]) == nil)
        }
    }

    @Test(arguments: [[], ["-h"], ["--help"]])
    func `help has the options and the subcommands`(arguments: [String]) throws {
        #expect(!Root.helpMessage().contains("--depth"))
        let help = ParserRepair.wholeHelp(of: Root.self)
        #expect(help.contains("--depth"))
        #expect(help.contains("SUBCOMMANDS:\n"))
        #expect(help.firstRange(of: "USAGE:") == help.ranges(of: "USAGE:").last)
        if !arguments.isEmpty {
            #expect(
                try diagnosis(Root.self, arguments)
                    == .text(ParserRepair.withoutStandardName(help, of: Root.self)))
        }
        #expect(ParserRepair.wholeHelp(of: Other.self) == Other.helpMessage())
    }

    @Test func `help does not have the name that need not be typed`() {
        let help = Root.helpMessage(for: Work.self)
        #expect(help.contains("USAGE: hector work "))
        let repaired = ParserRepair.withoutStandardName(
            help.replacing("hector work", with: "\(program) work"), of: Root.self)
        #expect(repaired.contains("USAGE: \(program) ["))
    }

    @Test func `help of a subcommand is its own`() throws {
        #expect(
            try diagnosis(Root.self, ["other", "--help"])
                == .text(Root.helpMessage(for: Other.self)))
    }

    @Test(arguments: [
        (["--json", "other"], ["other", "--json"]),
        (["--depth", "3", "other", "--json"], ["other", "--depth", "3", "--json"]),
        (["-d3", "another"], ["another", "-d3"]),
    ])
    func `a subcommand goes before options`(arguments: [String], ordered: [String]) throws {
        _ = try error(Group.self, arguments)
        #expect(Group.subcommandFirst(arguments) == ordered)
        #expect(try Group.parseAsRoot(Group.joinedValuesApart(ordered)) is Other)
    }

    @Test(arguments: [["--depth", "other"], ["x", "other"], ["--", "other"], []])
    func `what is a value or an operand stays where it is`(arguments: [String]) {
        #expect(Root.subcommandFirst(arguments) == arguments)
    }

    @Test func `a value that is joined to its option is set apart`() throws {
        let arguments = ["-qd5", "-d=6", "--", "-d7"]
        _ = try error(Root.self, ["-qd5"])
        let apart = Root.joinedValuesApart(arguments)
        #expect(apart == ["-q", "-d=5", "-d=6", "--", "-d7"])
        let work = try #require(try Root.parseAsRoot(apart) as? Work)
        #expect(work.quiet && work.depth == 6 && work.words == ["-d7"])
    }
}
