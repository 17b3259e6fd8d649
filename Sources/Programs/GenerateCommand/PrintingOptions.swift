import ArgumentParser
import PluginFilterKit

/// The options for printing an answer.
struct PrintingOptions: ParsableArguments {
    @Flag(
        inversion: .prefixedNo,
        help: "Print the answer as it comes; for records, as lines of JSON before each.")
    var stream: Bool?

    @Flag(help: "Print the answer to a prompt as a record.")
    var json = false

    @Flag(
        name: [.customShort("x"), .long],
        help: "Print only the first code block of the answer.")
    var extract = false

    @Flag(name: .shortAndLong, help: "Print the number of tokens used to standard error.")
    var usage = false
}

extension PluginOptions {
    /// - Parameters:
    ///   - name: The model that was asked for.
    ///   - standard: The model of a template, which any other choice overrides.
    mutating func setModel(_ name: String?, standard: String?) {
        if let standard { option.insert("model=\(standard)", at: 0) }
        if let name { option.append("model=\(name)") }
    }
}
