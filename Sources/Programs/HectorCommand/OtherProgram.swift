import Agent
import ArgumentParser
import Configuration
import FilterKit
import FilterProcesses
import Text
import Unix

/// The programs that `hector NAME` stands for, in the way of `git NAME`.
enum OtherProgram {
    /// The commands of this program itself.
    static let own = Set(
        Hector.configuration.subcommands.compactMap { $0.configuration.commandName })

    /// The files that several programs or plugins share, which lie beside them in a build.
    private static let shared: Set = ["filters", "plugins", "http-plugins"]

    /// Becomes `hector-NAME` if the first argument that is neither an option nor an option's value
    /// is the NAME of a program; returns if not.
    static func become(_ arguments: [String]) {
        guard let place = Hector.firstOperand(of: arguments, if: { path(of: $0) != nil }),
            let path = path(of: arguments[place])
        else { return }
        let name = arguments[place]
        let others = arguments[..<place] + arguments[(place + 1)...]
        let error = execute(path, arguments: ["hector-\(name)"] + others)
        Diagnostics.error("\(error)")
        endProcess(ExitStatus.unavailable.rawValue)
    }

    /// Returns the path of a program by its name; nil if there is none, and for a command of this
    /// program.
    private static func path(of name: String) -> String? {
        guard isName(name), !own.contains(name), !shared.contains(name) else { return nil }
        return Executables.find("hector-\(name)", environment: Environment.current)
    }

    /// Refuses a question that was almost certainly meant as a command, instead of sending it to a
    /// model.
    ///
    /// - Parameters:
    ///   - question: The words of the question on the command line.
    ///   - arguments: The command line, without the program.
    ///   - continues: True if a session goes on, in which one word can be an answer.
    static func refuseCommand(
        in question: [String], of arguments: [String], continues: Bool
    ) throws(Failure) {
        guard let name = question.first, name.count > 2, isWord(name),
            // The words after these can only be a question.
            arguments.first != RunAgent.configuration.commandName, !arguments.contains("--")
        else { return }
        let near =
            name == "version" ? "--version" : suggestion(for: name, among: own.union(names))
        if name.count > 3, let near {
            throw Failure(
                .usage,
                "no command '\(name)', did you mean '\(near)'? Put a question in quotes, or after "
                    + "--")
        }
        let elsewhere = elsewhere[name]
        guard elsewhere != nil || question.count == 1 && !continues else { return }
        throw Failure(
            .usage,
            "no command '\(name)', \(elsewhere ?? "see 'hector help'"); "
                + "to ask an agent, type 'hector -- \(question.joined(separator: " "))'")
    }

    /// Commands that programs of this kind often have, and the equivalents here.
    private static let elsewhere = {
        let settings =
            "'hector keys set NAME' keeps a key for ${NAME} in the settings of a plugin"
        let models = "-m chooses a model, and 'hector plugin list' lists what can serve one"
        let configuration = "see 'hector config' and hector.yaml(5)"
        let shell = "'hector' without a question at a terminal is a shell"
        let sessions = "see 'hector session list' and 'hector session show'"
        return [
            "model": models, "models": models,
            "key": settings, "login": settings, "logout": settings,
            "auth": settings,
            "log": sessions, "logs": sessions, "history": sessions, "resume": sessions,
            "serve": "did you mean 'hector plugin serve'?",
            "chat": shell, "repl": shell,
            "init": configuration, "setup": configuration, "settings": configuration,
            "install": "did you mean 'hector plugin install'?",
            "ask": "a question needs no command", "info": "did you mean 'hector plugin info'?",
            "check": "did you mean 'hector plugin check' or 'hector validate'?",
        ]
    }()

    /// The names of all such programs, beside this program and in PATH.
    static var names: [String] {
        let folders =
            [Directory.ofPrograms]
            + (Environment.current["PATH"] ?? "").split(separator: ":").map(String.init)
        var names: Set<String> = []
        for folder in folders {
            for file in (try? Directory.names(in: folder)) ?? [] where file.hasPrefix("hector-") {
                let name = String(file.dropFirst("hector-".count))
                if isName(name), File.isExecutable("\(folder)/\(file)") { names.insert(name) }
            }
        }
        return names.subtracting(own).subtracting(shared).sorted()
    }

    /// True for a single word that looks like a command.
    private static func isWord(_ text: String) -> Bool {
        text.first?.isLetter == true
            && text.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || "-_".contains($0)) }
    }

    private static func isName(_ text: String) -> Bool {
        text.first?.isLetter == true
            && text.allSatisfy { $0.isASCII && ($0.isLowercase || $0.isNumber || $0 == "-") }
    }
}
