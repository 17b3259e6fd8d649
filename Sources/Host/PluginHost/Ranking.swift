/// Results as they should have come: best first, every score a number, no id twice.
///
/// Of results with the same id the best one stays, and of equally good ones the first.
///
/// - Returns: The results, and what was wrong with them, each to follow "answered with".
func ranked<Result>(
    _ results: [Result], score: (Result) -> Float, id: (Result) -> String
) -> (results: [Result], defects: [String]) {
    var defects: [String] = []
    var kept = results.filter { score($0).isFinite }
    if kept.count < results.count { defects.append("a score that is not a number") }
    if zip(kept, kept.dropFirst()).contains(where: { score($0) < score($1) }) {
        defects.append("results that are not sorted by score")
        kept = kept.enumerated()
            .sorted { (score($1.element), $0.offset) < (score($0.element), $1.offset) }
            .map(\.element)
    }
    // Bytes, for two spellings of one text are equal strings and different ids.
    var ids: Set<[UInt8]> = []
    ids.reserveCapacity(kept.count)
    let unique = kept.filter { ids.insert(Array(id($0).utf8)).inserted }
    if unique.count < kept.count { defects.append("an id that comes twice") }
    return (unique, defects)
}
