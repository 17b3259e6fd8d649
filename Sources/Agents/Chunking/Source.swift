/// The origin of a record's text.
package struct Source: Sendable {
    /// The path as it was given; `-` is standard input.
    package let path: String

    /// The time in seconds since 1970, or nil for standard input.
    package let modified: Int?

    package init(path: String, modified: Int?) {
        self.path = path
        self.modified = modified
    }
}
