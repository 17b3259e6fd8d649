/// Where a record's text is from.
package struct Source: Sendable {
    /// As it was given; `-` is standard input.
    package let path: String

    /// Seconds since 1970, or nil for standard input.
    package let modified: Int?

    package init(path: String, modified: Int?) {
        self.path = path
        self.modified = modified
    }
}
