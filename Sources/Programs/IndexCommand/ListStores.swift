import ArgumentParser
import FilterKit
import Indexing
import JSON
import Stores
import Text
import Unix

/// All stores that were indexed, wherever their folders are.
struct ListStores: Program {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List all stores that were indexed.")

    @Flag(help: "Print a line of JSON about each store.")
    var json = false

    func work() throws -> ExitStatus {
        let stores = try Indexing.stores(Environment.current)
        if json {
            try writeToStandardOutput(stores.map(line).joined())
            return .success
        }
        if stores.isEmpty {
            Diagnostics.error("no store was indexed yet; 'hector index DIR' makes one")
            return .success
        }
        let rows =
            [["STORE", "DOCUMENTS", "CHUNKS", "SIZE", "EMBEDDER", "LAST RUN", "FOLDER"]]
            + stores.map { store in
                [
                    "\(VisibleText(store.record.name))", "\(store.documents)", "\(store.chunks)",
                    humanSize(store.bytes), "\(VisibleText(store.model))",
                    store.lastRun.isEmpty ? "never" : String(store.lastRun.prefix(16)),
                    "\(VisibleText(store.record.folder))"
                        + (store.record.isCommand ? " (a command)" : ""),
                ]
            }
        try writeToStandardOutput(columns(rows, numeric: 1...3))
        return .success
    }

    private func line(_ store: Indexing.KnownState) -> String {
        let record = store.record
        let value: Value = [
            "store": .string(record.name), "folder": .string(record.folder),
            "collection": .string(record.collection), "documents": .number("\(store.documents)"),
            "chunks": .number("\(store.chunks)"), "bytes": .number("\(store.bytes)"),
            "model": .string(store.model), "dimension": .number("\(store.dimension)"),
            "last_run": store.lastRun.isEmpty ? .null : .string(store.lastRun),
            "config": record.config.map { .string($0) } ?? .null,
            "command": .bool(record.isCommand), "state": .string(store.state),
        ]
        return "\(value)\n"
    }
}

/// Returns a number of bytes in the largest unit that fits, such as `1.5 MB`.
func humanSize(_ bytes: Int) -> String {
    var size = Double(bytes)
    var unit = 0
    let units = ["B", "kB", "MB", "GB", "TB"]
    while size >= 999.5, unit + 1 < units.count {
        size /= 1000
        unit += 1
    }
    if unit == 0 { return "\(bytes) B" }
    let tenths = Int((size * 10).rounded())
    return tenths < 100
        ? "\(tenths / 10).\(tenths % 10) \(units[unit])" : "\(Int(size.rounded())) \(units[unit])"
}

/// Returns the rows as columns as wide as their widest cell, with two spaces between them.
///
/// - Parameter numeric: The columns of numbers, which end at the same place.
func columns(_ rows: [[String]], numeric: ClosedRange<Int>) -> String {
    let widths = (rows.first ?? []).indices.map { column in
        rows.map { $0[column].count }.max() ?? 0
    }
    return rows.map { row in
        var line = ""
        for (column, cell) in row.enumerated() {
            let padding = String(repeating: " ", count: widths[column] - cell.count)
            line += numeric.contains(column) ? padding + cell + "  " : cell + padding + "  "
        }
        while line.last == " " { line.removeLast() }
        return line + "\n"
    }.joined()
}
