package import Configuration
internal import Unix

/// Names with which a shell can complete an option. There are none if the configuration has
/// mistakes, because messages would only disturb the user while typing.
package enum ConfiguredNames {
    /// Returns the names of the plugins that can be used.
    package static func plugins(_ kind: Kind? = nil) -> [String] {
        Catalog(settings: settings, environment: Environment.current).all(kind).plugins.map(\.name)
    }

    /// True if there is no configuration, and no plugin of a kind except those that come with
    /// Hector.
    package static func hasOnlyBuiltIn(_ kind: Kind) -> Bool {
        let environment = Environment.current
        do {
            if try Settings.load(explicit: nil, environment: environment) != nil { return false }
            return try Catalog.load(explicit: nil, environment: environment).listing()
                .allSatisfy { $0.origin == .builtIn || $0.kind != kind }
        } catch { return false }
    }

    package static var agents: [String] { settings?.agents.map(\.name) ?? [] }

    package static var stores: [String] { settings?.documentStores.map(\.name) ?? [] }

    /// The names of the collections in which document stores are kept.
    package static var collections: [String] {
        (settings?.documentStores ?? []).map { store in
            store.collection?.valueIfKnown(in: Environment.current) ?? store.name
        }
    }

    private static var settings: Settings? {
        try? Settings.load(explicit: nil, environment: Environment.current)
    }
}
