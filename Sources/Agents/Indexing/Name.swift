/// A document's name or a record's id, compared by its bytes for look-ups. Swift's strings are
/// equal if they look the same, but the names of two files may differ and look the same.
struct Name: Hashable, Sendable {
    let text: String

    init(_ text: String) { self.text = text }

    static func == (one: Name, other: Name) -> Bool {
        one.text.utf8.elementsEqual(other.text.utf8)
    }

    // Names that differ only under this `==` share a hash, which is rare.
    func hash(into hasher: inout Hasher) { hasher.combine(text) }
}
