package import ArgumentParser
package import Catalog
package import Configuration
internal import FilterKit
package import PluginHost
internal import Unix

/// The options of a command about one plugin, which its argument names.
package struct NamedPluginOptions: ParsableArguments, Sendable {
    @Argument(
        help: ArgumentHelp(
            "The plugin: a name from the configuration, a discovered or built-in one, or a path.",
            valueName: "name|path"),
        completion: .shellCommand("hector config names plugins"))
    package var name: String

    @OptionGroup package var choice: PluginKindOptions

    @Option(
        name: .shortAndLong,
        help: ArgumentHelp(
            "Set an option of the plugin, to the contents of a file by KEY=@FILE; repeat for more.",
            valueName: "key=value"))
    package var option: [String] = []

    @Flag(
        inversion: .prefixedNo,
        help:
            "Require certificates from both sides or from neither, whatever the configuration says."
    )
    package var mtls: Bool?

    @Option(
        name: .shortAndLong,
        help: ArgumentHelp("The model: the same as --option model=NAME.", valueName: "name"))
    package var model: String?

    package init() {}

    package func validate() throws { try options.validate() }

    private var options: PluginOptions {
        var options = PluginOptions()
        options.plugin = name
        options.socket = nil
        options.option = option + (model.map { ["model=\($0)"] } ?? [])
        options.config = choice.config
        return options
    }

    /// Finds the plugin and the settings with which it is started.
    ///
    /// - Throws: `Failure`.
    package func find() throws -> Specification { try findWithKind().0 }

    package func findWithKind() throws -> (Specification, Kind) {
        let kind = try choice.withCatalog { catalog throws(CatalogError) in
            try catalog.kind(of: name, among: choice.kind)
        }
        var specification = try options.find(name, kind)
        if let mtls { specification.mutualTLS = mtls }
        return (specification, kind)
    }

    /// Returns all that is known about the plugin without starting it.
    ///
    /// - Throws: `Failure`.
    package func describe() throws -> ListedPlugin {
        try choice.withCatalog { catalog throws(CatalogError) in
            try catalog.describe(name, kind: choice.kind)
        }
    }
}

/// The options that say where to look for plugins, and of which kind.
package struct PluginKindOptions: ParsableArguments, Sendable {
    @Option(help: ArgumentHelp("Only plugins of this kind.", valueName: "kind"))
    package var kind: Kind?

    @Option(help: ArgumentHelp("Read the configuration from this file.", valueName: "file"))
    package var config: String?

    package init() {}

    /// - Throws: `Failure`.
    package func withCatalog<R>(_ body: (Catalog) throws(CatalogError) -> R) throws -> R {
        do {
            return try body(
                try Catalog.load(explicit: config, environment: Environment.current))
        } catch let error as SettingsError {
            throw Failure(ExitStatus(error.meaning), "\(error)")
        } catch let error as CatalogError {
            throw Failure(ExitStatus(error.meaning), error.message)
        }
    }

    /// Returns every plugin of the kind, and those whose kind is not known.
    ///
    /// - Throws: `Failure`.
    package func list() throws -> [ListedPlugin] {
        try withCatalog { $0.listing() }
            .filter { kind == nil || $0.kind == nil || $0.kind == kind }
    }
}

extension Kind: ExpressibleByArgument {
    /// Creates the kind from its name in manifests, or from the key under which an agent configures
    /// it.
    package init?(argument: String) {
        guard
            let kind = Kind.allCases.first(where: { [$0.rawValue, $0.role].contains(argument) })
        else { return nil }
        self = kind
    }

    package static var allValueStrings: [String] { allCases.map(\.role) }
}
