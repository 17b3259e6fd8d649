/// A table whose columns are as wide as their widest cell. The last column is not padded.
package struct Table: Sendable {
    private let rows: [[String]]

    package init(rows: [[String]]) { self.rows = rows }

    package var text: String {
        var widths: [Int] = []
        for row in rows {
            for (column, cell) in row.dropLast().enumerated() {
                let width = Self.width(of: cell)
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
            line += String(repeating: " ", count: widths[column] - Self.width(of: cell) + 2)
        }
        return line + "\n"
    }

    /// Returns the width of a text in columns of a terminal.
    package static func width(of text: String) -> Int {
        text.unicodeScalars.reduce(0) { $0 + width(of: $1) }
    }

    private static func width(of scalar: Unicode.Scalar) -> Int {
        switch scalar.properties.generalCategory {
        case .nonspacingMark, .enclosingMark, .format, .control: 0
        default: isWide(scalar) ? 2 : 1
        }
    }

    /// True for East Asian wide characters and pictures, by blocks (Unicode Standard Annex 11).
    private static func isWide(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x1100...0x115f, 0x2e80...0x303e, 0x3041...0xa4cf, 0xac00...0xd7a3, 0xf900...0xfaff,
            0xfe30...0xfe6f, 0xff00...0xff60, 0xffe0...0xffe6, 0x1f300...0x1f64f,
            0x1f900...0x1f9ff, 0x20000...0x3fffd:
            true
        default: false
        }
    }
}
