extension Value {
    /// The same value with the members of each object in the order of their names, so that objects
    /// that differ only in that order have the same text.
    package var sorted: Value {
        switch self {
        case .array(let elements): .array(elements.map(\.sorted))
        case .object(let members):
            .object(
                Members(members.sorted { $0.key < $1.key }.map { ($0.key, $0.value.sorted) }))
        default: self
        }
    }
}
