package import Configuration
internal import Unix

/// Names that a shell may complete an option with. None where the configuration has mistakes:
/// nobody could read what is wrong while typing.
package enum ConfiguredNames {
    /// Of plugins that can be used.
    package static func plugins(_ kind: Kind? = nil) -> [String] {
        Catalog(settings: settings, environment: Environment.current).all(kind).plugins.map(\.name)
    }

    package static var agents: [String] { settings?.agents.map(\.name) ?? [] }

    package static var stores: [String] { settings?.documentStores.map(\.name) ?? [] }

    /// Of collections that document stores are kept in.
    package static var collections: [String] {
        (settings?.documentStores ?? []).map { store in
            store.collection?.valueIfKnown(in: Environment.current) ?? store.name
        }
    }

    private static var settings: Settings? {
        try? Settings.load(explicit: nil, environment: Environment.current)
    }
}
