import Agent
import ArgumentParser
import Command
import Settings
import Unix

/// The programs that `hector NAME` stands for, as `git NAME` does.
enum OtherProgram {
    /// The commands of this program itself.
    static let own = Set(
        Hector.configuration.subcommands.compactMap { $0.configuration.commandName })

    /// Becomes `hector-NAME` if the first argument that is neither an option nor an option's value
    /// is a NAME that is one; otherwise returns.
    static func become(_ arguments: [String]) {
        guard let place = Hector.firstOperand(of: arguments, if: { path(of: $0) != nil }),
            let path = path(of: arguments[place])
        else { return }
        let name = arguments[place]
        let others = arguments[..<place] + arguments[(place + 1)...]
        let error = execute(path, arguments: ["hector-\(name)"] + others)
        Talk.error("\(error)")
        endProcess(ExitStatus.unavailable.rawValue)
    }

    /// Where the program of a name is; nil if there is none, and for a command of this program.
    private static func path(of name: String) -> String? {
        guard isName(name), !own.contains(name) else { return nil }
        return Executables.find("hector-\(name)", environment: Environment.current)
    }

    /// Refuses a question that is all but a command, rather than have a model asked about it.
    ///
    /// - Parameters:
    ///   - question: As the words of a command line.
    ///   - arguments: The command line, without the program.
    static func refuseCommand(in question: [String], of arguments: [String]) throws(Failure) {
        guard let name = question.first, name.count > 2, isName(name),
            // What follows these can be nothing else.
            arguments.first != RunAgent.configuration.commandName, !arguments.contains("--")
        else { return }
        let known = own.union(names)
        let advice = "Put a question in quotes, or after --"
        if name != arguments.first, known.contains(name) {
            throw Failure(
                .usage, "the command comes before options: hector \(name) …. \(advice)")
        }
        let near = name == "version" ? "--version" : suggestion(for: name, among: known)
        if name.count > 3, let near {
            throw Failure(.usage, "no command '\(name)', did you mean '\(near)'? \(advice)")
        }
    }

    /// The names of all there are, beside this program and in PATH.
    static var names: [String] {
        let folders =
            [Directory.ofExecutable]
            + (Environment.current["PATH"] ?? "").split(separator: ":").map(String.init)
        var names: Set<String> = []
        for folder in folders {
            for file in (try? Directory.names(in: folder)) ?? [] where file.hasPrefix("hector-") {
                let name = String(file.dropFirst("hector-".count))
                if isName(name), File.isExecutable("\(folder)/\(file)") { names.insert(name) }
            }
        }
        return names.subtracting(own).sorted()
    }

    private static func isName(_ text: String) -> Bool {
        text.first?.isLetter == true
            && text.allSatisfy { $0.isASCII && ($0.isLowercase || $0.isNumber || $0 == "-") }
    }
}
