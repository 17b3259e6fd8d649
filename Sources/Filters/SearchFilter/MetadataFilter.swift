internal import ArgumentParser
internal import FilterKit
internal import JSON
package import PluginHost

/// - Throws: An error if the text is not a JSON object.
package func validateFilter(_ text: String) throws {
    do {
        guard case .object = try Value(parsing: Array(text.utf8)) else {
            throw ValidationError("--filter needs a JSON object, not '\(text)'")
        }
    } catch let error as JSONError {
        throw ValidationError("--filter needs a JSON object: \(error)")
    }
}

/// Checks that the plugin supports filters. One that does not would ignore a filter and return
/// everything.
///
/// - Throws: An error if the plugin does not support filters.
package func requireFilters(of database: Database) async throws {
    let capabilities = try await database.capabilities()
    guard capabilities["filter"] == "true" else {
        throw Failure(
            .configuration,
            "plugin '\(database.plugin.name)' does not say that it can filter by metadata "
                + "(capability 'filter')")
    }
}
