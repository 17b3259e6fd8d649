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

    /// Becomes `hector-NAME` if the arguments begin with a NAME that is one; otherwise returns.
    static func become(_ arguments: [String]) {
        guard let name = arguments.first, isName(name), !own.contains(name),
            let path = Executables.find(
                "hector-\(name)", environment: Environment.current)
        else { return }
        let error = execute(path, arguments: ["hector-\(name)"] + arguments.dropFirst())
        Talk.error("\(error)")
        endProcess(ExitStatus.unavailable.rawValue)
    }

    /// Ends this process if the arguments begin with what is all but a command, rather than have
    /// a model asked about it.
    static func refuseMistyped(_ arguments: [String]) {
        guard let name = arguments.first, name.count > 3, isName(name), !own.contains(name),
            let near = suggestion(for: name, among: own.union(names))
        else { return }
        Talk.error(
            "no command '\(name)', did you mean '\(near)'? Put a question in quotes, or after --")
        endProcess(ExitStatus.usage.rawValue)
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
