internal import Text

/// Columns that are as wide as their widest cell. The last one has no end.
package struct Table: Sendable {
    private let rows: [[String]]

    package init(rows: [[String]]) { self.rows = rows }

    package var text: String {
        var widths: [Int] = []
        for row in rows {
            for (column, cell) in row.dropLast().enumerated() {
                let width = cell.columns
                if column < widths.count {
                    widths[column] = max(widths[column], width)
                } else {
                    widths.append(width)
                }
            }
        }
        return rows.map { line($0, widths) }.joined()
    }

    private func line(_ row: [String], _ widths: [Int]) -> String {
        var line = ""
        for (column, cell) in row.enumerated() {
            line += cell
            guard column < row.count - 1 else { break }
            line += String(repeating: " ", count: widths[column] - cell.columns + 2)
        }
        return line + "\n"
    }
}
