import Text
import Unix

/// A tool that lists names in a directory, and in those below it.
struct ListDirectory: SystemTool {
    let workspace: Workspace
    let returnsForeignText = true

    private static let deepest = 32

    var description: ToolDescription {
        ToolDescription(
            name: "list_directory",
            text: """
                List a directory in the working directory, one name a line: 'name/' for a \
                directory, 'name' with a tab and its size in bytes for a file, 'name -> target' for \
                a symbolic link, 'name (special)' for anything else. Names beginning with a dot are \
                left out unless 'hidden' is true.
                """,
            parameters: """
                {"type":"object","properties":{\
                "path":{"type":"string","default":".",\
                "description":"The directory, relative to the working directory"},\
                "depth":{"type":"integer","minimum":1,"maximum":\(Self.deepest),"default":1,\
                "description":"How many levels to list; 1 is the directory itself"},\
                "hidden":{"type":"boolean","default":false,\
                "description":"Whether to list names that begin with a dot"}},\
                "additionalProperties":false}
                """,
            isReadOnly: true, isDestructive: false, isIdempotent: true, isOpenWorld: false)
    }

    func run(_ arguments: Arguments, until interruption: Interruption) throws -> ToolAnswer {
        try arguments.refuseUnknown(besides: ["path", "depth", "hidden"])
        let path = try arguments.optionalString("path") ?? "."
        let depth = try arguments.int("depth", in: 1...Self.deepest) ?? 1
        let showsHidden = try arguments.bool("hidden", default: false)
        let directory: ConfinedDirectory
        do throws(ConfinementError) { directory = try workspace.directory.directory(path) } catch {
            throw workspace.explained(error)
        }
        var walk = Walk(
            directory, deepest: depth,
            includes: { showsHidden || !$0.name.hasPrefix(".") })
        var lines: [String] = []
        var bytes = 0
        while let file = try walk.next() {
            if interruption.hasCome { throw CancellationError() }
            let line = Self.line(file, in: directory)
            bytes += line.utf8.count + 1
            if bytes > workspace.mostOutput {
                lines.append(
                    "[cut after \(count(lines.count, "name")); list less depth or a directory below]"
                )
                break
            }
            lines.append(line)
        }
        if walk.unreadable > 0 {
            lines.append(
                "[\(count(walk.unreadable, "directory", "directories")) could not be read]")
        }
        return ToolAnswer(
            lines.isEmpty ? "[the directory is empty]" : lines.joined(separator: "\n"))
    }

    private static func line(_ file: Walk.File, in directory: ConfinedDirectory) -> String {
        let name = visible(file.path)
        switch file.kind {
        case .directory: return "\(name)/"
        case .regular:
            // The file may have gone by now.
            guard let size = try? directory.status(of: file.path).size else { return name }
            return "\(name)\t\(size)"
        case .link:
            return "\(name) -> \(visible((try? directory.target(ofLink: file.path)) ?? "?"))"
        case .socket, .other: return "\(name) (special)"
        }
    }

    /// Returns a name on one line, whatever characters it has.
    private static func visible(_ name: String) -> String { VisibleText(name: name).description }
}
