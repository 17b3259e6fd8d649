/// Returns the name that was probably meant, if one is near enough.
package func suggestion(for name: String, among names: some Sequence<String>) -> String? {
    let letters = Array(name.lowercased().unicodeScalars)
    // A third of the letters may be wrong; in a short name, one.
    let most = max(1, letters.count / 3)
    return
        names
        .map { (name: $0, distance: distance(letters, Array($0.lowercased().unicodeScalars))) }
        .filter { $0.distance <= most && $0.name != name }
        .min { $0.distance < $1.distance }?.name
}

/// Returns the number of insertions, deletions, substitutions and swaps of neighbours that turn one
/// into the other (optimal string alignment).
private func distance(_ a: [Unicode.Scalar], _ b: [Unicode.Scalar]) -> Int {
    if abs(a.count - b.count) > max(a.count, b.count) / 2 + 1 { return .max }
    var beforeLast: [Int] = []
    var last = Array(0...b.count)
    for i in a.indices {
        var row = [i + 1]
        for j in b.indices {
            var best = min(last[j] + (a[i] == b[j] ? 0 : 1), last[j + 1] + 1, row[j] + 1)
            if i > 0, j > 0, a[i] == b[j - 1], a[i - 1] == b[j] {
                best = min(best, beforeLast[j - 1] + 1)
            }
            row.append(best)
        }
        (beforeLast, last) = (last, row)
    }
    return last[b.count]
}

/// Returns the end of a message about an unknown name.
package func expectation(of name: String, among names: [String]) -> String {
    if let near = suggestion(for: name, among: names) { return "did you mean '\(near)'?" }
    return names.isEmpty ? "expected none" : "expected one of \(names.joined(separator: ", "))"
}
