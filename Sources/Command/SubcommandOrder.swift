package import ArgumentParser
internal import JSON

extension ParsableCommand {
    /// The arguments with the subcommand that they name before the options that stand before it,
    /// where ArgumentParser looks for it.
    ///
    /// A subcommand is the first word that is neither an option nor an option's value.
    package static func subcommandFirst(_ arguments: [String]) -> [String] {
        let subcommands = configuration.subcommands
        guard !subcommands.isEmpty, !arguments.isEmpty else { return arguments }
        if let named = subcommands.first(where: { $0.answers(to: arguments[0]) }) {
            return [arguments[0]] + named.subcommandFirst(Array(arguments.dropFirst()))
        }
        guard arguments[0].hasPrefix("-"),
            let place = firstOperand(
                of: arguments, if: { word in subcommands.contains { $0.answers(to: word) } }),
            let named = subcommands.first(where: { $0.answers(to: arguments[place]) })
        else { return arguments }
        let others = arguments[..<place] + arguments[(place + 1)...]
        return [arguments[place]] + named.subcommandFirst(Array(others))
    }

    /// The place of the first word that is neither an option nor an option's value, if it is one
    /// that is looked for.
    package static func firstOperand(
        of arguments: [String], if isWanted: (String) -> Bool
    ) -> Int? {
        guard let first = arguments.first else { return nil }
        if !first.hasPrefix("-") { return isWanted(first) ? 0 : nil }
        // Asking ArgumentParser which options have values takes milliseconds.
        guard arguments.contains(where: isWanted),
            let place = OptionNames(of: self).firstOperand(of: arguments),
            isWanted(arguments[place])
        else { return nil }
        return place
    }

    private static func answers(to word: String) -> Bool {
        _commandName == word || configuration.aliases.contains(word)
    }
}

/// The options of a command and of all its subcommands, by whether the next word is their value.
private struct OptionNames {
    private var withValue: Set<String> = []
    private var flags: Set<String> = []

    init(of command: any ParsableCommand.Type) {
        guard let help = try? Value(parsing: Array(command._dumpHelp().utf8)) else { return }
        if let command = help["command"] { add(command) }
    }

    private mutating func add(_ command: Value) {
        for argument in command["arguments"]?.array ?? [] {
            for name in argument["names"]?.array ?? [] {
                guard let text = name["name"]?.string else { continue }
                let written = (name["kind"] == "long" ? "--" : "-") + text
                if argument["kind"] == "option" {
                    withValue.insert(written)
                } else {
                    flags.insert(written)
                }
            }
        }
        for subcommand in command["subcommands"]?.array ?? [] { add(subcommand) }
    }

    /// The place of the first word that is neither an option nor an option's value; nil if there
    /// is none, and if an option is unknown, of which the next word may be the value.
    func firstOperand(of arguments: [String]) -> Int? {
        var place = 0
        while place < arguments.count {
            let word = arguments[place]
            if word == "--" { return nil }
            if !word.hasPrefix("-") || word == "-" { return place }
            guard let hasValue = takesNextWord(word) else { return nil }
            place += hasValue ? 2 : 1
        }
        return nil
    }

    /// True if the value of an option is the next word; nil for an unknown option.
    private func takesNextWord(_ word: String) -> Bool? {
        if word.contains("=") { return false }
        if withValue.contains(word) { return true }
        if flags.contains(word) { return false }
        guard !word.hasPrefix("--") else { return nil }
        // Several of one letter behind one dash, of which the last may have a value.
        let letters = word.dropFirst().map { "-\($0)" }
        guard let last = letters.last, letters.dropLast().allSatisfy(flags.contains) else {
            return nil
        }
        return withValue.contains(last) ? true : flags.contains(last) ? false : nil
    }
}
