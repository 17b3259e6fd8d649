import Unix

/// A tool that creates a file, or replaces all its contents.
struct WriteFile: SystemTool {
    let workspace: Workspace

    var description: ToolDescription {
        ToolDescription(
            name: "write_file",
            text: """
                Create a file in the working directory, or replace everything in one. To change \
                parts of a file use search_replace. The file is replaced at once: nobody sees half \
                of it.
                """,
            parameters: """
                {"type":"object","properties":{\
                "path":{"type":"string","description":"The file, relative to the working directory"},\
                "content":{"type":"string","description":"All that the file shall contain"},\
                "create_directories":{"type":"boolean","default":false,\
                "description":"Whether to create the directories that lead to the file"}},\
                "required":["path","content"],"additionalProperties":false}
                """,
            isReadOnly: false, isDestructive: true, isIdempotent: true, isOpenWorld: false)
    }

    func run(_ arguments: Arguments, until interruption: Interruption) throws -> ToolAnswer {
        try arguments.refuseUnknown(besides: ["path", "content", "create_directories"])
        let path = try arguments.string("path")
        let bytes = Array(try arguments.string("content").utf8)
        let createsDirectories = try arguments.bool("create_directories", default: false)
        guard bytes.count <= workspace.largestFile else {
            throw ToolError(
                "the content has \(bytes.count) bytes, more than the \(workspace.largestFile) that "
                    + "may be written at once")
        }
        let isNew = try workspace.whileWriting {
            do throws(ConfinementError) {
                return try workspace.replace(
                    path, with: bytes, createsDirectories: createsDirectories)
            } catch .absent(let folder) {
                throw ToolError(
                    "no directory '\(folder)'; set create_directories to true to create it")
            }
        }
        return ToolAnswer(
            "\(isNew ? "created" : "replaced") '\(path)': \(count(bytes.count, "byte"))")
    }
}
