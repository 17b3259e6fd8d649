/// A place in a text.
package struct Mark: Equatable, Sendable {
    /// The line, counted from 1, as editors do.
    package let line: Int

    /// The column, counted from 1 in Unicode scalars.
    package let column: Int

    package init(line: Int, column: Int) {
        self.line = line
        self.column = column
    }
}

extension Mark: Comparable {
    package static func < (a: Mark, b: Mark) -> Bool { (a.line, a.column) < (b.line, b.column) }
}
