package import JSON

extension Value {
    /// The counts of a `usage` object by name. Nested counts have their parent's name before their
    /// own: `cached_tokens` in `prompt_tokens_details` is `prompt_cached_tokens`.
    package var counts: [String: Int] {
        var counts: [String: Int] = [:]
        for (name, value) in object ?? [:] {
            if let count = value.int {
                counts[name] = count
            } else if value.object != nil {
                let parent =
                    name.hasSuffix("_tokens_details") ? name.dropLast(15) : Substring(name)
                for (name, count) in value.counts { counts["\(parent)_\(name)"] = count }
            }
        }
        return counts
    }
}
