import Unix

/// A tool that replaces a passage of a file.
struct SearchReplace: SystemTool {
    let workspace: Workspace

    var description: ToolDescription {
        ToolDescription(
            name: "search_replace",
            text: """
                Replace a passage of a text file in the working directory. 'old' has to be in the \
                file exactly once, white space included, unless replace_all is true; take some \
                lines around the change into it to make it unique. Line ends are matched and kept \
                as the file has them.
                """,
            parameters: """
                {"type":"object","properties":{\
                "path":{"type":"string","description":"The file, relative to the working directory"},\
                "old":{"type":"string","minLength":1,"description":"The passage to replace"},\
                "new":{"type":"string","description":"What to put in its place; may be empty"},\
                "replace_all":{"type":"boolean","default":false,\
                "description":"Whether to replace every occurrence"}},\
                "required":["path","old","new"],"additionalProperties":false}
                """,
            isReadOnly: false, isDestructive: true, isIdempotent: false, isOpenWorld: false)
    }

    func run(_ arguments: Arguments, until interruption: Interruption) throws -> ToolAnswer {
        try arguments.refuseUnknown(besides: ["path", "old", "new", "replace_all"])
        let path = try arguments.string("path")
        let replacement = try Replacement(
            old: Array(arguments.string("old").utf8), new: Array(arguments.string("new").utf8),
            replacesAll: arguments.bool("replace_all", default: false))
        return try workspace.whileWriting {
            let (bytes, version) = try workspace.text(path)
            let (result, lines) = try replacement.applied(to: bytes, of: path)
            guard result.count <= workspace.largestFile else {
                throw ToolError(
                    "'\(path)' would have \(result.count) bytes, more than the "
                        + "\(workspace.largestFile) that may be written at once")
            }
            try workspace.replace(path, with: result, expecting: version)
            return ToolAnswer(
                "replaced \(count(lines.count, "occurrence")) in '\(path)', "
                    + "line\(lines.count == 1 ? "" : "s") \(Replacement.words(lines))")
        }
    }
}
