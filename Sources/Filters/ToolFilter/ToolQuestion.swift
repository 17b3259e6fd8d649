internal import FilterKit
internal import JSON
internal import PluginFilterKit
internal import PluginHost
internal import Taint
internal import Text
internal import Unix

/// A call that the user or a program has to approve.
struct ToolQuestion: Sendable {
    let tool: Tools.Tool
    let pluginName: String
    let callID: String

    /// A JSON object: what the bytes in ``sent`` mean.
    let arguments: Value

    /// The bytes that the tool gets if the call is approved.
    let sent: String
    let origin: CallOrigin

    /// True if the model had read untrusted text, and the call may do harm.
    var isTainted = false

    /// True if an approval is for this call alone.
    var isForThisCallOnly = false

    /// The length above which arguments are at first shown only in part.
    private static let mostCharacters = 4000

    /// Returns the text of the question for the user.
    ///
    /// - Parameter isWhole: True to show all of it, however long.
    func text(isWhole: Bool = false) -> String {
        var lines = [
            "hector-tool: \(VisibleText(tool.name)) of \(VisibleText(pluginName)) is to run"
        ]
        if let asker { lines.append("  It is asked for \(asker).") }
        let description = VisibleText(tool.description, atMost: 200).description
        if !description.isEmpty { lines.append("  \(description)") }
        if !claims.isEmpty { lines.append("  It says that it \(claims).") }
        lines += warning
        let arguments = arguments.indented()
        if isWhole || arguments.count <= Self.mostCharacters {
            lines.append(arguments)
        } else {
            let part = Self.mostCharacters / 2
            lines.append(String(arguments.prefix(part)))
            lines.append(" … \(arguments.count - 2 * part) characters are not shown; v shows all …")
            lines.append(String(arguments.suffix(part)))
        }
        return lines.joined(separator: "\n") + "\n"
    }

    /// The answers that there are. The approval of a call that may be a document's idea is for that
    /// call alone.
    var choices: String {
        isForThisCallOnly
            ? "Run it? y once, n no, v view all [n]: "
            : "Run it? y once, s this session, a always, n no, v view all [n]: "
    }

    /// The agent, the run and the question, as far as they are known.
    private var asker: String? {
        var parts: [String] = []
        if let agent = origin.agent { parts.append("agent '\(VisibleText(agent, atMost: 80))'") }
        if let run = origin.run { parts.append("run '\(VisibleText(run, atMost: 80))'") }
        if let question = origin.question {
            let text = "the question '\(VisibleText(question, atMost: 200))'"
            if parts.isEmpty { return "with \(text)" }
            parts.append("for \(text)")
        }
        return parts.isEmpty ? nil : "by \(parts.joined(separator: ", "))"
    }

    private static let mostSources = 10

    private var warning: [String] {
        if !isTainted { return [] }
        let names = origin.sources(forPlugin: pluginName).names
        var lines = ["  Before this call the model had read what others may have written:"]
        lines += names.prefix(Self.mostSources).map { "    \(VisibleText($0, atMost: 120))" }
        if names.count > Self.mostSources {
            lines.append("    and \(names.count - Self.mostSources) more")
        }
        if let earlier = origin.earlier {
            lines.append("  Before it had read any of that, it called the same tool with")
            lines.append("    \(VisibleText(earlier, atMost: 400))")
        }
        return lines
    }

    private var claims: String {
        var claims: [String] = []
        switch (tool.hints.isReadOnly, tool.hints.isDestructive) {
        case (_, true?): claims.append("may destroy something")
        case (true?, _): claims.append("changes nothing")
        case (_, false?): claims.append("destroys nothing")
        case (_, nil): break
        }
        if tool.hints.isOpenWorld == true { claims.append("reaches beyond this machine") }
        return claims.joined(separator: " and ")
    }

    /// The question for a program, as a line of JSON.
    var json: [UInt8] {
        var members = Members([
            ("tool_call_id", .string(callID)), ("name", .string(tool.name)),
            ("arguments", arguments), ("arguments_json", .string(sent)),
            ("description", .string(tool.description)), ("plugin", .string(pluginName)),
            ("agent", origin.agent.map { .string($0) } ?? .null),
            ("run", origin.run.map { .string($0) } ?? .null),
            ("question", origin.question.map { .string($0) } ?? .null),
            ("taint", origin.sources(forPlugin: pluginName).value),
            ("earlier_arguments", origin.earlier.map { .string($0) } ?? .null),
        ])
        if let annotations = tool.hints.annotations { members.append("annotations", annotations) }
        return Array("\(Value.object(members))\n".utf8)
    }
}

extension Tools.Hints {
    /// The hints under MCP's names, or nil if there are none.
    var annotations: Value? {
        let claims = [
            ("readOnlyHint", isReadOnly), ("destructiveHint", isDestructive),
            ("idempotentHint", isIdempotent), ("openWorldHint", isOpenWorld),
        ]
        let members = claims.compactMap { name, claim in claim.map { (name, Value.bool($0)) } }
        return members.isEmpty ? nil : .object(Members(members))
    }
}

extension Value {
    /// Returns JSON on several lines that is safe to show on a terminal.
    fileprivate func indented(_ margin: String = "") -> String {
        let inner = margin + "  "
        switch self {
        case .array(let elements) where !elements.isEmpty:
            return "[\n"
                + elements.map { inner + $0.indented(inner) }.joined(separator: ",\n")
                + "\n\(margin)]"
        case .object(let members) where !members.isEmpty:
            return "{\n"
                + members.map { key, value in
                    "\(inner)\(VisibleText("\(Value.string(key))")): \(value.indented(inner))"
                }.joined(separator: ",\n") + "\n\(margin)}"
        default:
            return "\(VisibleText(description))"
        }
    }
}
