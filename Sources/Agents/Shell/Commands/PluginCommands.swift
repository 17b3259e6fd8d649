internal import Catalog
internal import Configuration
internal import FilterKit
internal import Text

/// The commands about plugins.
@MainActor struct PluginCommands {
    let configuration: ConfigurationFile
    let screen: Screen

    func plugins() throws {
        let (plugins, problems) = try configuration.catalog().all()
        let rows = plugins.map { plugin in
            [
                plugin.name, plugin.kind.noun, plugin.origin.rawValue,
                VisibleText(plugin.manifest?.description ?? "").description,
            ]
        }
        screen.write(Table(rows: rows).text)
        for problem in problems { Diagnostics.warn("\(problem)") }
    }

    func plugin(_ name: String) throws {
        let known = try configuration.catalog().all().plugins
        let plugins = known.filter { $0.name == name }
        if plugins.isEmpty {
            throw Failure(
                .configuration,
                "no plugin '\(name)', \(expectation(of: name, among: known.map(\.name)))")
        }
        for plugin in plugins {
            var rows = [
                ["name", plugin.name], ["kind", plugin.kind.noun],
                ["origin", plugin.origin.rawValue],
            ]
            switch plugin.location {
            case .executable(let path): rows.append(["executable", path])
            case .socket(let address): rows.append(["socket", address])
            }
            if let manifest = plugin.manifest {
                rows.append(["version", "\(manifest.version)"])
                if let text = manifest.description {
                    rows.append(["description", VisibleText(text).description])
                }
            }
            screen.write(Table(rows: rows).text)
        }
    }
}
