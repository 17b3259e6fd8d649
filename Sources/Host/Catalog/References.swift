import Configuration
import Text
import YAML

extension Catalog {
    /// Returns a problem for each name in the settings that does not belong to a plugin, and for
    /// each entry that has neither a path nor a socket and does not have the name of a plugin.
    func danglingReferences() -> [YAMLError] {
        guard let settings else { return [] }
        // The disk is searched only if a name needs it.
        lazy var discovery = discover()
        func isFound(_ name: String, _ kind: Kind) -> Bool {
            BuiltIn.all.contains { $0.name == name && $0.kind == kind }
                || discovery.plugin(name, kind) != nil
                || discovery.broken.contains { $0.name == name }
        }
        var problems: [YAMLError] = []
        for reference in settings.references {
            let kind = reference.kind
            let entries = settings.plugins[kind] ?? []
            guard let name = reference.text.valueIfKnown(in: environment), !name.contains("/"),
                !entries.contains(where: { $0.name == name }), !isFound(name, kind)
            else { continue }
            let known = entries.map(\.name) + discovery.names(of: kind)
            let problem =
                "'\(reference.text.place.name)' names no \(kind.noun) '\(name)', "
                + expectation(of: name, among: known)
            problems.append(reference.text.place.error(problem))
        }
        for entry in Kind.allCases.flatMap({ settings.plugins[$0] ?? [] })
        where entry.isEnabled && entry.path == nil && entry.socket == nil {
            if !isFound(entry.name, entry.kind) { problems.append(missingPath(entry, discovery)) }
        }
        return problems
    }

    func missingPath(_ entry: PluginSettings, _ discovery: Discovery) -> YAMLError {
        let near = suggestion(for: entry.name, among: discovery.names(of: entry.kind))
        let hint = near.map { ", did you mean '\($0)'?" } ?? ""
        return entry.place.error(
            "'\(entry.place.name)' has no path, and no \(entry.kind.noun) of that name was found"
                + hint)
    }
}

extension Discovery {
    func names(of kind: Kind) -> [String] {
        plugins.filter { $0.kind == kind }.map(\.name)
    }
}
