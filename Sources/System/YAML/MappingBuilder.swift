/// Gathers the entries of one mapping and what `<<` merges into it.
///
/// A key of the mapping itself goes before a merged one wherever either
/// stands, and of two mappings that are merged the first goes before
/// (yaml.org/type/merge.html).
struct MappingBuilder {
    private var own: [Node.Entry] = []
    private var merged: [Node.Entry] = []
    private var marks: [String: Mark] = [:]
    private var mergedKeys: Set<String> = []

    /// How many entries of its own the mapping had when `<<` came.
    private var place: Int?

    /// Returns where the key stands already, having added nothing, if it does.
    mutating func add(_ key: String, at mark: Mark, _ value: Node) -> Mark? {
        if let first = marks[key] { return first }
        marks[key] = mark
        own.append(Node.Entry(key: key, mark: mark, value: value))
        return nil
    }

    /// Returns what is wrong with the value, if it cannot be merged.
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

    /// The merged entries stand where `<<` does.
    var entries: [Node.Entry] {
        guard let place else { return own }
        return own[..<place] + merged.filter { marks[$0.key] == nil } + own[place...]
    }
}
