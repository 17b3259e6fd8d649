/// Returns corrected results: best first, every score a number, each id only once.
///
/// If several results have the same id, only the best one is kept, or the first of equally good
/// ones.
///
/// - Returns: The results, and their problems, each worded to follow "answered with".
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
    // The ids are compared as bytes, because two spellings of a text are equal strings and
    // different ids.
    var ids: Set<[UInt8]> = []
    ids.reserveCapacity(kept.count)
    let unique = kept.filter { ids.insert(Array(id($0).utf8)).inserted }
    if unique.count < kept.count { defects.append("an id that comes twice") }
    return (unique, defects)
}
