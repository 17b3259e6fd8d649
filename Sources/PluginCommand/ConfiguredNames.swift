internal import Catalog
package import Settings
internal import Unix

/// Names that a shell may complete an option with. None where the configuration has mistakes:
/// nobody could read what is wrong while typing.
package enum ConfiguredNames {
    /// Of plugins that can be used.
    package static func plugins(_ kind: Kind? = nil) -> [String] {
        let environment = Environment.current
        let settings = try? Settings.load(explicit: nil, environment: environment)
        return Catalog(settings: settings, environment: environment).all(kind).plugins.map(\.name)
    }

    /// Of collections that document stores are kept in.
    package static var collections: [String] {
        let environment = Environment.current
        let settings = try? Settings.load(explicit: nil, environment: environment)
        return (settings?.documentStores ?? []).map { store in
            store.collection?.valueIfKnown(in: environment) ?? store.name
        }
    }
}
