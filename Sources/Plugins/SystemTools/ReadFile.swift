import Unix

/// A tool that reads a text file, or some of its lines.
struct ReadFile: SystemTool {
    let workspace: Workspace
    let returnsForeignText = true

    var description: ToolDescription {
        ToolDescription(
            name: "read_file",
            text: """
                Read a text file in the working directory. Returns its text as it is, without line \
                numbers. A long file is cut after a whole line; the last line of the result, in \
                brackets, then says how to go on.
                """,
            parameters: """
                {"type":"object","properties":{\
                "path":{"type":"string","description":"The file, relative to the working directory"},\
                "offset":{"type":"integer","minimum":1,"default":1,\
                "description":"The first line to read, counted from 1"},\
                "limit":{"type":"integer","minimum":1,"description":"How many lines to read at most"}},\
                "required":["path"],"additionalProperties":false}
                """,
            isReadOnly: true, isDestructive: false, isIdempotent: true, isOpenWorld: false)
    }

    func run(_ arguments: Arguments, until interruption: Interruption) throws -> ToolAnswer {
        try arguments.refuseUnknown(besides: ["path", "offset", "limit"])
        let path = try arguments.string("path")
        let offset = try arguments.int("offset", in: 1...Int(Int32.max)) ?? 1
        let limit = try arguments.int("limit", in: 1...Int(Int32.max)) ?? .max
        let bytes = try workspace.text(path).bytes
        if bytes.isEmpty { return ToolAnswer("[the file is empty]") }

        let lines = Self.lines(of: bytes)
        guard offset <= lines.count else {
            throw ToolError(
                "'\(path)' has \(count(lines.count, "line")): expected an offset from 1 to "
                    + "\(lines.count)")
        }
        let first = offset - 1
        let wanted = lines[first...].prefix(limit)
        let start = lines[first].lowerBound
        let kept = wanted.prefix { $0.upperBound - start <= workspace.mostOutput }
        if kept.isEmpty {
            let text = bytes[start..<start + workspace.mostOutput].textOfWholeCharacters
            let next = offset < lines.count ? "; go on with offset \(offset + 1)" : ""
            return ToolAnswer(
                "\(text)\n[line \(offset) of \(lines.count) is cut after \(text.utf8.count) of its "
                    + "\(lines[first].count) bytes\(next)]")
        }
        let text = String(
            decoding: bytes[start..<lines[kept.endIndex - 1].upperBound], as: UTF8.self)
        if kept.count == lines.count { return ToolAnswer(text) }
        let next = kept.endIndex < lines.count ? "; go on with offset \(kept.endIndex + 1)" : ""
        return ToolAnswer(
            "\(text)\(text.hasSuffix("\n") ? "" : "\n")"
                + "[lines \(offset) to \(kept.endIndex) of \(lines.count)\(next)]")
    }

    /// Returns the range of each line, including its end.
    private static func lines(of bytes: [UInt8]) -> [Range<Int>] {
        var lines: [Range<Int>] = []
        var start = 0
        while start < bytes.count {
            let end =
                bytes[start...].firstIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? bytes.count
            lines.append(start..<end)
            start = end
        }
        return lines
    }
}
