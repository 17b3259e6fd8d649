/// A document's name or a record's id, to look something up by. It is its bytes: texts are equal if
/// they look the same, and so are the names of two files.
struct Name: Hashable, Sendable {
    let text: String

    init(_ text: String) { self.text = text }

    static func == (one: Name, other: Name) -> Bool {
        one.text.utf8.elementsEqual(other.text.utf8)
    }

    // Names that differ only for `==` have one hash, which is rare.
    func hash(into hasher: inout Hasher) { hasher.combine(text) }
}
