/// A document's name or a record's id, compared by its bytes. Swift's strings are equal if they are
/// canonically equivalent, but two different files may have equivalent names.
struct Name: Hashable, Sendable {
    let text: String

    init(_ text: String) { self.text = text }

    static func == (one: Name, other: Name) -> Bool {
        one.text.utf8.elementsEqual(other.text.utf8)
    }

    // Equivalent names share a hash, which is harmless and rare.
    func hash(into hasher: inout Hasher) { hasher.combine(text) }
}
