internal import FilterKit
internal import JSON
internal import PluginFilterKit
internal import PluginHost
internal import Text
internal import Unix

/// The help of a tool, made from its description and its JSON Schema, in the layout of the
/// commands' own help.
struct ToolUsage: CustomStringConvertible {
    private let tool: Tools.Tool
    private let parameters: ToolParameters

    init(_ tool: Tools.Tool, _ parameters: ToolParameters) {
        self.tool = tool
        self.parameters = parameters
    }

    /// The number of columns before the descriptions of options.
    private static let indent = 26
    private static let width = 80

    var description: String {
        var text = ""
        if !tool.description.isEmpty { text += "OVERVIEW: \(shown(tool.description))\n\n" }
        let required = parameters.all.filter(\.isRequired).map { " \(option($0))" }.joined()
        let isOptional = parameters.all.contains { !$0.isRequired }
        text += "USAGE: hector-tool call \(VisibleText(tool.name)) [<json>]\(required)"
        text += isOptional ? " [<option> ...]\n" : "\n"
        if !parameters.all.isEmpty {
            text += "\nOPTIONS:\n"
            for parameter in parameters.all { text += entry(parameter) }
        }
        return text
    }

    private func entry(_ parameter: ToolParameters.Parameter) -> String {
        var notes = [parameter.schema["description"]?.string.map(shown) ?? ""]
        var facts: [String] = []
        if parameter.isRequired { facts.append("required") }
        if parameter.isArray { facts.append("repeat for more") }
        if let values = parameter.schema["enum"]?.array {
            facts.append("one of " + values.map(plain).joined(separator: ", "))
        }
        if let least = parameter.schema["minimum"] { facts.append("at least \(least)") }
        if let most = parameter.schema["maximum"] { facts.append("at most \(most)") }
        if let standard = parameter.schema["default"] {
            facts.append("default: \(plain(standard))")
        }
        if !facts.isEmpty { notes.append("(\(facts.joined(separator: "; ")))") }

        let head = "  " + option(parameter)
        let lines = wrapped(notes.filter { !$0.isEmpty }.joined(separator: " "))
        let margin = String(repeating: " ", count: Self.indent)
        guard let first = lines.first else { return head + "\n" }
        var text =
            head.count < Self.indent
            ? head + String(repeating: " ", count: Self.indent - head.count) + first + "\n"
            : head + "\n" + margin + first + "\n"
        for line in lines.dropFirst() { text += margin + line + "\n" }
        return text
    }

    private func option(_ parameter: ToolParameters.Parameter) -> String {
        let name = "\(VisibleText(parameter.name))"
        if parameter.isBoolean { return "--[no-]\(name)" }
        let types = parameter.isArray ? parameters.elementTypes(of: parameter) : parameter.types
        let value = types.filter { $0 != "null" }.joined(separator: "|")
        return "--\(name) <\(VisibleText(value.isEmpty ? "json" : value))>"
    }

    private func plain(_ value: Value) -> String { "\(VisibleText(value.string ?? "\(value)"))" }

    /// Returns the text with its line ends kept and all other terminal controls made harmless.
    private func shown(_ text: String) -> String {
        text.split(separator: "\n", omittingEmptySubsequences: false)
            .map { "\(VisibleText($0))" }.joined(separator: "\n")
    }

    private func wrapped(_ text: String) -> [String] {
        var lines: [String] = []
        for word in text.split(whereSeparator: \.isWhitespace) {
            if let last = lines.last, last.count + 1 + word.count <= Self.width - Self.indent {
                lines[lines.count - 1] += " \(word)"
            } else {
                lines.append(String(word))
            }
        }
        return lines
    }
}
