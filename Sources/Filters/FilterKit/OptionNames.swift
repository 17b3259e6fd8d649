internal import ArgumentParser
internal import JSON

/// The options of a command and of all its subcommands, by whether the next word is their value.
struct OptionNames {
    private var withValue: Set<String> = []
    private var flags: Set<String> = []

    init(of command: any ParsableCommand.Type) {
        guard let help = try? Value(parsing: Array(command._dumpHelp().utf8)) else { return }
        if let command = help["command"] { add(command) }
    }

    /// Collects the options of a command without those of its subcommands.
    init(ofOnly command: any ParsableCommand.Type) { add(only: command) }

    mutating func add(only command: any ParsableCommand.Type) {
        guard let help = try? Value(parsing: Array(command._dumpHelp().utf8)) else { return }
        if let command = help["command"] { add(argumentsOf: command) }
    }

    private mutating func add(_ command: Value) {
        add(argumentsOf: command)
        for subcommand in command["subcommands"]?.array ?? [] { add(subcommand) }
    }

    private mutating func add(argumentsOf command: Value) {
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
    }

    /// Returns the index of the first word that is neither an option nor an option's value; nil if
    /// there is none, and if an option is unknown, as the next word may be its value.
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
        guard let letters = letters(of: word) else { return nil }
        return letters.option != nil && letters.value.isEmpty
    }

    /// Reads the letters after one dash: flags, which may be followed by an option with its value
    /// joined to it. Returns nil if there is an unknown letter.
    private func letters(
        of word: String
    ) -> (flags: [String], option: String?, value: Substring)? {
        var found: [String] = []
        var rest = word.dropFirst()
        while let letter = rest.popFirst() {
            let name = "-\(letter)"
            if withValue.contains(name) { return (found, name, rest) }
            guard flags.contains(name) else { return nil }
            found.append(name)
        }
        return (found, nil, rest)
    }

    func joinedValuesApart(_ arguments: ArraySlice<String>, endsAtOperand: Bool) -> [String] {
        var result: [String] = []
        var rest = arguments
        while let word = rest.popFirst() {
            let isOption = word.hasPrefix("-") && word != "-"
            if word == "--" || (!isOption && endsAtOperand) {
                result.append(word)
                break
            }
            if isOption, !word.hasPrefix("--"), word.count > 2, let letters = letters(of: word),
                let option = letters.option, !letters.value.isEmpty
            {
                let value = letters.value.hasPrefix("=") ? letters.value.dropFirst() : letters.value
                result += letters.flags + ["\(option)=\(value)"]
                continue
            }
            result.append(word)
            // The next word is the value, whatever it looks like.
            if isOption, takesNextWord(word) == true, let value = rest.popFirst() {
                result.append(value)
            }
        }
        return result + rest
    }
}
