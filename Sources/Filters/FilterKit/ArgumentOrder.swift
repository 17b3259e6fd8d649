package import ArgumentParser

// ArgumentParser (1.8.2) expects a subcommand before all options, and takes `-qk5` for four
// options. So the command line is rearranged before it is parsed.
extension ParsableCommand {
    /// Returns the arguments with the subcommand moved before all options, where ArgumentParser
    /// expects it.
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

    /// Returns the index of the first word that is neither an option nor an option's value, if the
    /// word is one of those looked for.
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

    /// Returns the arguments with values separated from the one-letter options to which they are
    /// joined, as POSIX allows: `-qk5` becomes `-q -k=5`. ArgumentParser would take each letter for
    /// an option.
    ///
    /// - Parameter arguments: The arguments, beginning with the subcommand.
    static func joinedValuesApart(_ arguments: [String]) -> [String] {
        func mayBeJoined(_ word: String) -> Bool {
            word.hasPrefix("-") && !word.hasPrefix("--") && word.count > 2
        }
        // Asking ArgumentParser which options have values takes milliseconds.
        guard arguments.contains(where: mayBeJoined) else { return arguments }
        var command: any ParsableCommand.Type = self
        var place = 0
        while place < arguments.count,
            let named = command.configuration.subcommands.first(where: {
                $0.answers(to: arguments[place])
            })
        {
            command = named
            place += 1
        }
        var options = OptionNames(ofOnly: command)
        while let standard = command.configuration.defaultSubcommand {
            options.add(only: standard)
            command = standard
        }
        return arguments[..<place]
            + options.joinedValuesApart(
                arguments[place...], endsAtOperand: command is any ForwardsWords.Type)
    }

    private static func answers(to word: String) -> Bool {
        _commandName == word || configuration.aliases.contains(word)
    }
}

/// A command that passes on its first operand and the following words without changes.
package protocol ForwardsWords: ParsableCommand {}
