/// The number by which an index knows a term: a hash of its letters and its kind.
///
/// Stored indexes depend on it, so it may never change. Two terms of a collection meet by chance
/// once in many millions of collections of a million terms.
enum TermHash {
    /// - Parameter bytes: Folded letters as UTF-8.
    static func of(_ bytes: some Sequence<UInt8>, _ kind: FeatureHash.Kind) -> UInt64 {
        var hash = FeatureHash(kind: kind)
        for byte in bytes { hash.append(byte) }
        return hash.value
    }
}
