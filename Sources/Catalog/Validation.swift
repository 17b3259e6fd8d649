internal import Settings
import Unix

extension Catalog {
    /// What is wrong with the plugins that are configured or discovered: broken manifests, missing
    /// executables and settings, variables that are not set.
    package func validationProblems() -> [String] {
        var problems: [String] = []
        for error in all().problems { problems.append(error.message) }
        for kind in Kind.allCases {
            for entry in settings?.plugins[kind] ?? [] where entry.isEnabled {
                // What `all` has not told already.
                guard (try? configured(entry)) != nil else { continue }
                do throws(CatalogError) { _ = try find(entry.name, kind: kind) } catch {
                    problems.append(error.message)
                }
            }
        }
        return problems
    }
}
