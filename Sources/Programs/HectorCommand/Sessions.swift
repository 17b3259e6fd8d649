import Agent
import ArgumentParser
import FilterKit
import JSON
import Unix

/// The stored conversations.
struct Sessions: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "session", abstract: "List, show and delete sessions.",
        subcommands: [List.self, Show.self, Delete.self], defaultSubcommand: List.self)

    struct List: Program {
        static let configuration = CommandConfiguration(
            commandName: "list", abstract: "Print the sessions, the latest first.")

        @Flag(help: "Print a line of JSON for each.")
        var json = false

        func work() throws -> ExitStatus {
            var text = ""
            var status = ExitStatus.success
            for session in try Session.all(environment: Environment.current) {
                let entries: [Session.Entry]
                do { entries = try session.entries() } catch {
                    Diagnostics.error(error.message)
                    status = error.status
                    continue
                }
                let question = entries.first?.question ?? ""
                if json {
                    let line: Value = [
                        "session": .string(session.name),
                        "agent": .string(entries.last?.agent ?? ""),
                        "time": .string(entries.last?.time ?? ""),
                        "runs": .number("\(entries.count)"), "question": .string(question),
                    ]
                    text += "\(line)\n"
                } else {
                    let short = question.split(whereSeparator: \.isNewline).first ?? ""
                    text += "\(session.name)\t\(entries.count)\t\(short.prefix(60))\n"
                }
            }
            try writeToStandardOutput(text)
            return status
        }
    }

    struct Show: Program {
        static let configuration = CommandConfiguration(
            commandName: "show", abstract: "Print the messages of a session.")

        @Argument(
            help: ArgumentHelp("The session.", valueName: "name"),
            completion: .custom { _, _, _ in Session.names })
        var name: String

        @Flag(help: "Print a line of JSON for each message.")
        var json = false

        func work() throws -> ExitStatus {
            let entries = try Session(named: name, environment: Environment.current).entries()
            if entries.isEmpty { throw Failure(.incomplete, "no session '\(name)'") }
            var shown = ""
            for entry in entries {
                for message in entry.messages {
                    shown += json ? "\(message)\n" : text(message)
                }
                if !json, let error = entry.error {
                    shown += "error: \(error["message"]?.string ?? "")\n"
                }
            }
            try writeToStandardOutput(shown)
            return .success
        }

        private func text(_ message: Value) -> String {
            let content = message["content"]?.string ?? ""
            var text = content.isEmpty ? "" : content.hasSuffix("\n") ? content : content + "\n"
            for call in message["tool_calls"]?.array ?? [] {
                let function = call["function"]
                text +=
                    "[calls \(function?["name"]?.string ?? "") "
                    + "\(function?["arguments"]?.string ?? "")]\n"
            }
            return "\(message["role"]?.string ?? ""): \(text)"
        }
    }

    struct Delete: Program {
        static let configuration = CommandConfiguration(
            commandName: "delete", abstract: "Delete sessions.")

        @Argument(
            help: ArgumentHelp("The sessions.", valueName: "name"),
            completion: .custom { _, _, _ in Session.names })
        var names: [String]

        func work() throws -> ExitStatus {
            var status = ExitStatus.success
            for name in names {
                do throws(Failure) {
                    try Session(named: name, environment: Environment.current).delete()
                } catch {
                    Diagnostics.error(error.message)
                    status = error.status
                }
            }
            return status
        }
    }
}
