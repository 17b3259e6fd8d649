import Approvals
import ArgumentParser
import FilterKit
import JSON
import Text
import Unix

/// The calls of tools that the user has approved for always.
struct ApprovalsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "approvals", abstract: "List and take back what tools may always do.",
        subcommands: [List.self, Remove.self], defaultSubcommand: List.self)

    /// - Throws: `Failure` for a user without a home.
    fileprivate static func memory() throws -> ApprovalMemory {
        guard let memory = ApprovalMemory.ofUser() else {
            throw Failure(.configuration, "cannot find the approvals: HOME is not set")
        }
        return memory
    }

    /// - Throws: `Failure` if they cannot be read.
    fileprivate static func entries() throws -> [ApprovalMemory.Entry] {
        do { return try memory().entries() } catch let error as SystemError {
            throw Failure(.ioError, "\(error); 'hector approvals remove --all' empties it")
        } catch let error as Failure {
            throw error
        } catch {
            throw Failure(.notPermitted, "\(error)")
        }
    }

    struct List: Program {
        static let configuration = CommandConfiguration(
            commandName: "list", abstract: "Print the approvals, the oldest first.")

        @Flag(help: "Print a line of JSON for each.")
        var json = false

        func work() throws -> ExitStatus {
            var text = ""
            for entry in try ApprovalsCommand.entries() {
                if json {
                    var members: Members = ["id": .string(entry.id)]
                    for (key, value) in entry.value.object ?? [:] { members.append(key, value) }
                    text += "\(Value.object(members))\n"
                } else {
                    let columns = [
                        entry.id, entry.tool, entry.plugin, entry.folder, "\(entry.shape.value)",
                    ]
                    text += columns.map { "\(VisibleText($0))" }.joined(separator: "\t") + "\n"
                }
            }
            try writeToStandardOutput(text)
            return .success
        }
    }

    struct Remove: Program {
        static let configuration = CommandConfiguration(
            commandName: "remove", abstract: "Take approvals back.")

        @Argument(
            help: ArgumentHelp(
                "The id of an approval, as list prints it, or the name of a tool for all of its.",
                valueName: "id|tool"),
            completion: .custom { _, _, _ in
                ((try? ApprovalsCommand.entries()) ?? []).flatMap { [$0.id, $0.tool] }
            })
        var names: [String] = []

        @Flag(help: "Take all of them back.")
        var all = false

        func validate() throws {
            if names.isEmpty != all {
                throw ValidationError("name the approvals to take back, or give --all")
            }
        }

        func work() throws -> ExitStatus {
            let removed: [ApprovalMemory.Entry]
            let memory = try ApprovalsCommand.memory()
            do throws(SystemError) {
                if all {
                    try memory.removeAll()
                    return .success
                }
                removed = try memory.remove { entry in
                    names.contains(entry.id) || names.contains(entry.tool)
                }
            } catch {
                throw Failure(.ioError, "\(error)")
            }
            var status = ExitStatus.success
            for name in names where !removed.contains(where: { $0.id == name || $0.tool == name }) {
                Diagnostics.error("no approval '\(name)'; 'hector approvals' lists them")
                status = .incomplete
            }
            return status
        }
    }
}
