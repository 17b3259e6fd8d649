internal import JSON

/// A notebook of Jupyter as Markdown: the sources of its cells, and what they printed.
enum Notebook {
    static func part(of text: [UInt8]) throws(SkipReason) -> DocumentPart {
        guard let notebook = try? Value(parsing: text), notebook.object != nil else {
            throw SkipReason(.damaged, "it is not a notebook: not a JSON object")
        }
        let sheets = notebook["worksheets"]?.array?.flatMap { $0["cells"]?.array ?? [] }
        guard let cells = notebook["cells"]?.array ?? sheets else {
            throw SkipReason(.damaged, "it is not a notebook: no 'cells'")
        }
        let metadata = notebook["metadata"]
        let language =
            metadata?["language_info"]?["name"]?.string
            ?? metadata?["kernelspec"]?["language"]?.string ?? ""
        var output = ""
        for cell in cells { append(cell, language, &output) }
        var part = DocumentPart(markdown: Array(output.utf8))
        if let title = metadata?["title"]?.string, !title.isEmpty { part.title = title }
        return part
    }

    private static func append(_ cell: Value, _ language: String, _ output: inout String) {
        let source = text(cell["source"] ?? cell["input"])
        switch cell["cell_type"]?.string {
        case "code":
            let language = cell["language"]?.string ?? language
            if !source.allSatisfy(\.isWhitespace) { fence(source, language, &output) }
            for result in cell["outputs"]?.array ?? [] {
                let printed = text(of: result)
                if !printed.allSatisfy(\.isWhitespace) { fence(printed, "", &output) }
            }
        case "heading":
            let level = min(max(cell["level"]?.int ?? 1, 1), 6)
            output += String(repeating: "#", count: level) + " \(source)\n\n"
        default:
            if !source.allSatisfy(\.isWhitespace) { output += "\(source)\n\n" }
        }
    }

    /// Returns the text of an output; pictures and pages have none.
    private static func text(of output: Value) -> String {
        switch output["output_type"]?.string {
        case "error", "pyerr":
            let parts = [output["ename"]?.string, output["evalue"]?.string]
            return parts.compactMap(\.self).joined(separator: ": ")
        case "stream": return plain(text(output["text"]))
        default:
            let data = output["data"]
            return plain(text(data?["text/markdown"] ?? data?["text/plain"] ?? output["text"]))
        }
    }

    /// - Parameter lines: A string, or an array of lines with their newlines.
    private static func text(_ lines: Value?) -> String {
        lines?.string ?? lines?.array?.compactMap(\.string).joined() ?? ""
    }

    /// Removes what colours the text of a terminal.
    private static func plain(_ text: String) -> String {
        text.contains("\u{1B}") ? text.replacing(/\u{1B}\[[0-9;?]*[ -\/]*[@-~]/, with: "") : text
    }

    private static func fence(_ text: String, _ language: String, _ output: inout String) {
        var mark = "```"
        while text.contains(mark) { mark += "`" }
        let end = text.hasSuffix("\n") ? "" : "\n"
        output += "\(mark)\(language)\n\(text)\(end)\(mark)\n\n"
    }
}
