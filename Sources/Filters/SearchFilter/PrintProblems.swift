internal import JSON
package import PluginHost
internal import Unix

/// Prints each problem that a database finds in what it stores, as a line of JSON.
///
/// - Parameter collection: Empty for all collections.
/// - Returns: The number of problems.
package func printProblems(of database: Database, _ collection: String) async throws -> Int {
    let output = LineWriter()
    var count = 0
    var failure: (any Error)?
    _ = try await database.verify(collection) { problem in
        var json = Array(#"{"problem":"#.utf8)
        json.appendJSON(string: problem)
        json += "}\n".utf8
        output.append(json)
        count += 1
        do { try await output.flush() } catch { failure = failure ?? error }
    }
    if let failure { throw failure }
    try await output.finish()
    return count
}
