package import ArgumentParser
internal import Catalog
internal import Configuration
package import FilterKit
internal import JSON
package import PluginFilterKit
internal import PluginHost

/// The options that choose tool plugins, of which there may be several.
package struct ToolPluginOptions: ParsableArguments, Sendable {
    @Option(
        help: ArgumentHelp(
            "A plugin: a name from the configuration, a discovered or built-in one, or a path; "
                + "repeat for more.",
            valueName: "name|path"),
        completion: .custom { _, _, _ in ConfiguredNames.plugins(.toolProvider) })
    package var plugin: [String] = []

    @Option(
        help: ArgumentHelp(
            "Put this before the names of a plugin's tools. Prefixes are for the plugins in their "
                + "order, or PLUGIN=PREFIX names the plugin; repeat for more.",
            valueName: "prefix"))
    package var prefix: [String] = []

    @Option(
        help: ArgumentHelp(
            "Use a plugin that is already running, and leave it running.",
            valueName: "path|host:port"))
    package var socket: String?

    @Option(
        name: .shortAndLong,
        help: ArgumentHelp(
            "Set an option of the plugin, to the contents of a file by KEY=@FILE; repeat for more.",
            valueName: "key=value"))
    package var option: [String] = []

    @Option(
        help: ArgumentHelp(
            "Let tools write this protected file, named from their working directory; repeat for "
                + "more.",
            valueName: "path"))
    package var allowPath: [String] = []

    @Option(help: ArgumentHelp("Read the configuration from this file.", valueName: "file"))
    package var config: String?

    package init() {}

    package func validate() throws {
        try single.validate()
        _ = try prefixes()
        guard plugin.count > 1 else { return }
        if !option.isEmpty {
            throw ValidationError(
                "--option needs a single --plugin; put the settings of several into hector.yaml")
        }
        if socket != nil { throw ValidationError("--socket needs a single --plugin") }
    }

    /// The same options for a single plugin.
    private var single: PluginOptions {
        var single = PluginOptions()
        single.plugin = plugin.first
        single.socket = socket
        single.option = option
        single.config = config
        return single
    }

    /// Returns the prefix of each plugin, in the plugins' order.
    fileprivate func prefixes() throws(ValidationError) -> [String] {
        let plugins = plugin.isEmpty ? [""] : plugin
        var prefixes = [String?](repeating: nil, count: plugins.count)
        for text in prefix {
            guard !text.isEmpty, !text.contains(where: \.isWhitespace) else {
                throw ValidationError("--prefix needs a text without blanks, not '\(text)'")
            }
            var place = prefixes.firstIndex { $0 == nil }
            var prefix = text
            if let equals = text.lastIndex(of: "=") {
                let name = String(text[..<equals])
                prefix = String(text[equals...].dropFirst())
                place = plugins.indices.first { plugins[$0] == name && prefixes[$0] == nil }
                if place == nil {
                    throw ValidationError("--prefix '\(text)' is for no --plugin '\(name)'")
                }
            }
            guard let place else {
                throw ValidationError("there are more of --prefix than of --plugin")
            }
            prefixes[place] = prefix
        }
        return prefixes.map { $0 ?? "" }
    }

    fileprivate func find() throws -> [Specification] {
        var settings: [String: String] = [:]
        if !allowPath.isEmpty {
            settings["allow_path"] = "\(Value.array(allowPath.map { .string($0) }))"
        }
        let names = plugin.isEmpty ? [nil] : plugin.map(Optional.some)
        return try names.map { try single.find($0, .toolProvider, ifKnown: settings) }
    }
}

/// Runs `body` with the tools of the plugins that the options choose. Each plugin is started by its
/// first call and has ended when this function returns.
///
/// - Parameter timeout: The time limit of one call of a tool.
/// - Throws: `Failure` for errors of a plugin or the configuration.
package func withChosenTools<R: Sendable>(
    _ chosen: ToolPluginOptions, timeout: Timeout?, isDebugging: Bool,
    start: PluginStart = .withFirstCall,
    _ body: @Sendable (Toolbox) async throws -> R
) async throws -> R {
    let specifications = try chosen.find()
    let prefixes = try chosen.prefixes()
    let timeout = timeout?.duration ?? Tools.defaultTimeout
    do {
        return try await withPluginQueue(plugins: specifications.count) { queue in
            try await withPlugins(specifications[...], [], queue, isDebugging) { plugins in
                let toolbox = Toolbox(
                    zip(plugins, prefixes).map { plugin, prefix in
                        Toolbox.Provider(Tools(plugin, timeout: timeout), prefix: prefix)
                    })
                async let _: Void = begin(start) { () async throws(PluginError) in
                    _ = try await toolbox.offers()
                }
                return try await body(toolbox)
            }
        }
    } catch let error as PluginError {
        throw Failure(error)
    }
}

private func withPlugins<R: Sendable>(
    _ specifications: ArraySlice<Specification>, _ plugins: [Plugin], _ queue: PluginQueue,
    _ isDebugging: Bool, _ body: @Sendable ([Plugin]) async throws -> R
) async throws -> R {
    guard let next = specifications.first else { return try await body(plugins) }
    return try await withPlugin(next, queue, isDebugging, .withFirstCall) { plugin in
        try await withPlugins(
            specifications.dropFirst(), plugins + [plugin], queue, isDebugging, body)
    }
}
