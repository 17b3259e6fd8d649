internal import ArgumentParser
internal import FilterKit
internal import JSON
internal import PluginFilterKit
package import PluginHost

/// - Throws: That the text is no JSON object.
package func validateFilter(_ text: String) throws {
    do {
        guard case .object = try Value(parsing: Array(text.utf8)) else {
            throw ValidationError("--filter needs a JSON object, not '\(text)'")
        }
    } catch let error as JSONError {
        throw ValidationError("--filter needs a JSON object: \(error)")
    }
}

/// A plugin that does not know filters would ignore one and return everything.
///
/// - Throws: That this is such a plugin.
package func requireFilters(of database: Database) async throws {
    let capabilities = try await database.capabilities()
    guard capabilities["filter"] == "true" else {
        throw Failure(
            .configuration,
            "plugin '\(database.plugin.name)' does not say that it can filter by metadata "
                + "(capability 'filter')")
    }
}
