/// A builder that gathers the entries of one mapping and those that `<<` merges into it.
///
/// A key of the mapping itself takes precedence over a merged one, wherever they are, and of two
/// merged mappings the first takes precedence (yaml.org/type/merge.html).
struct MappingBuilder {
    private var own: [Node.Entry] = []
    private var merged: [Node.Entry] = []
    private var marks: [String: Mark] = [:]
    private var mergedKeys: Set<String> = []

    /// The number of the mapping's own entries before `<<`.
    private var place: Int?

    /// Adds an entry. If the key is there already, returns its place and adds nothing.
    mutating func add(_ key: String, at mark: Mark, _ value: Node) -> Mark? {
        if let first = marks[key] { return first }
        marks[key] = mark
        own.append(Node.Entry(key: key, mark: mark, value: value))
        return nil
    }

    /// Merges a mapping or a list of them. Returns the problem if the value cannot be merged.
    mutating func merge(_ value: Node) -> String? {
        guard place == nil else { return "a second '<<', expected one with a list of mappings" }
        place = own.count
        for mapping in value.elements ?? [value] {
            guard let entries = mapping.entries else {
                return "'<<' merges a mapping or a list of mappings, this is \(mapping.description)"
            }
            merged += entries.filter { mergedKeys.insert($0.key).inserted }
        }
        return nil
    }

    /// The entries, with the merged ones in the place of `<<`.
    var entries: [Node.Entry] {
        guard let place else { return own }
        return own[..<place] + merged.filter { marks[$0.key] == nil } + own[place...]
    }
}
