internal import JSON
package import PluginHost
internal import Text
internal import Unix

/// Prints collections in columns for people, or as a line of JSON each.
package func print(_ collections: [Database.Collection], asJSON: Bool) throws {
    if asJSON {
        var json: [UInt8] = []
        for collection in collections {
            json.appendJSON(collection)
            json.append(UInt8(ascii: "\n"))
        }
        try writeToStandardOutput(String(decoding: json, as: UTF8.self))
        return
    }
    let rows =
        [["NAME", "COUNT", "DIMENSION", "BYTES", "EMBEDDER", "SOURCE"]]
        + collections.map { collection in
            [
                "\(VisibleText(collection.name))", "\(collection.count)",
                "\(collection.dimension)",
                collection.bytes > 0 ? humanSize(collection.bytes) : "-",
                "\(VisibleText(collection.properties["embedder"] ?? "-"))",
                "\(VisibleText(collection.properties["source"] ?? "-"))",
            ]
        }
    try writeToStandardOutput(aligned(rows, numeric: 1...3))
}

extension [UInt8] {
    fileprivate mutating func appendJSON(_ collection: Database.Collection) {
        self += #"{"name":"#.utf8
        appendJSON(string: collection.name)
        self += #","count":\#(collection.count),"dimension":\#(collection.dimension)"#.utf8
        if collection.bytes > 0 { self += #","bytes":\#(collection.bytes)"#.utf8 }
        for name in ["embedder", "source"] {
            guard let value = collection.properties[name] else { continue }
            self += #","\#(name)":"#.utf8
            appendJSON(string: value)
        }
        self += #","properties":{"#.utf8
        let properties = collection.properties.sorted { $0.key < $1.key }
        for (place, (key, value)) in properties.enumerated() {
            if place > 0 { append(UInt8(ascii: ",")) }
            appendJSON(string: key)
            append(UInt8(ascii: ":"))
            appendJSON(string: value)
        }
        self += "}}".utf8
    }
}

/// Returns a number of bytes in the largest unit that fits, such as `1.5 MB`.
private func humanSize(_ bytes: Int) -> String {
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
private func aligned(_ rows: [[String]], numeric: ClosedRange<Int>) -> String {
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
