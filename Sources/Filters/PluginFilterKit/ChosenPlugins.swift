package import Configuration
package import FilterKit
package import PluginHost

/// Runs `body` with the plugin that the options choose. The plugin is started by its first call, or
/// at once, and has ended when this function returns.
///
/// - Throws: `Failure` for errors of the plugin or the configuration.
package func withChosenPlugin<R: Sendable>(
    _ kind: Kind, _ chosen: PluginOptions, isDebugging: Bool, start: PluginStart = .withFirstCall,
    _ body: @Sendable (Plugin) async throws -> R
) async throws -> R {
    try await withChosenPlugin(
        try chosen.find(kind), isDebugging: isDebugging, start: start, body)
}

/// Runs `body` with the plugin that an argument names, and its kind.
///
/// - Throws: `Failure` for errors of the plugin or the configuration.
package func withNamedPlugin<R: Sendable>(
    _ named: NamedPluginOptions, isDebugging: Bool,
    _ body: @Sendable (Plugin, Kind) async throws -> R
) async throws -> R {
    let (specification, kind) = try named.findWithKind()
    return try await withChosenPlugin(specification, isDebugging: isDebugging) { plugin in
        try await body(plugin, kind)
    }
}

/// Runs `body` with two plugins, where the answers of one become the questions of the other.
///
/// - Throws: `Failure` for errors of a plugin or the configuration.
package func withChosenPlugins<R: Sendable>(
    _ first: Specification, _ second: Specification, isDebugging: Bool,
    start: PluginStart = .withFirstCall, _ body: @Sendable (Plugin, Plugin) async throws -> R
) async throws -> R {
    try await throwingFailures {
        // One queue, so that messages between them do not pass from thread to thread.
        try await withPluginQueue(plugins: 2) { queue in
            try await withPlugin(first, queue, isDebugging, start) { first in
                try await withPlugin(second, queue, isDebugging, start) { second in
                    try await body(first, second)
                }
            }
        }
    }
}

/// Runs `body` with two plugins, the second of which depends on what the first one says.
///
/// - Throws: `Failure` for errors of a plugin or the configuration.
package func withChosenPlugins<R: Sendable>(
    _ first: Specification, isDebugging: Bool, start: PluginStart,
    then choose: @Sendable (Plugin) async throws -> Specification,
    _ body: @Sendable (Plugin, Plugin) async throws -> R
) async throws -> R {
    try await throwingFailures {
        try await withPluginQueue(plugins: 2) { queue in
            try await withPlugin(first, queue, isDebugging, start) { first in
                let second = try await choose(first)
                return try await withPlugin(second, queue, isDebugging, start) { second in
                    try await body(first, second)
                }
            }
        }
    }
}

/// Runs `body` with a plugin that has been found.
///
/// - Throws: `Failure` for errors of the plugin or the configuration.
package func withChosenPlugin<R: Sendable>(
    _ specification: Specification, isDebugging: Bool, start: PluginStart = .withFirstCall,
    _ body: @Sendable (Plugin) async throws -> R
) async throws -> R {
    try await throwingFailures {
        try await withPluginQueue { queue in
            try await withPlugin(specification, queue, isDebugging, start, body)
        }
    }
}

private func throwingFailures<R: Sendable>(_ body: () async throws -> R) async throws -> R {
    do { return try await body() } catch let error as PluginError { throw Failure(error) }
}

/// Runs `body` with a plugin whose messages to the user are shown as for every plugin of a command.
package func withPlugin<R: Sendable>(
    _ specification: Specification, _ queue: PluginQueue, _ isDebugging: Bool,
    _ start: PluginStart, _ body: (Plugin) async throws -> R
) async throws -> R {
    let name = specification.name
    return try await withPlugin(specification, queue: queue) { line in
        if isDebugging {
            Diagnostics.line("\(name): \(line.level.rawValue): \(Settings.masked(line.message))")
        }
    } onRestart: {
        Diagnostics.warn($0)
    } onFailedShutdown: {
        Diagnostics.warn($0.message)
    } _: { plugin in
        async let _: Void = begin(start) { () async throws(PluginError) in
            try await plugin.start()
        }
        return try await body(plugin)
    }
}

/// Starts plugins along with `body`, if they are to start now.
package func begin(
    _ start: PluginStart, _ body: @Sendable () async throws(PluginError) -> Void
) async {
    if start == .withFirstCall { return }
    do { try await body() } catch {
        if start == .atOnceWithReport, !Task.isCancelled { Diagnostics.error(error.message) }
    }
}

extension Failure {
    package init(_ error: PluginError) {
        let status: ExitStatus =
            switch error.code {
            case .configuration, .unsupported: .configuration
            case .notPermitted: .notPermitted
            case .exhausted: .tryLater
            case .shutdown: .ioError
            case .unavailable, .died, .timeout, .cancelled: .unavailable
            case .failed, .misbehaved, .invalid, .notFound: .incomplete
            }
        self.init(status, error.message)
    }
}

extension RecordError {
    package init(_ error: PluginError) {
        self.init(error.code.rawValue, error.message, isRetryable: error.isRetryable)
    }
}

extension Capacity {
    /// - Parameter takesBatches: Nil until the plugin has been asked.
    package init(_ options: FilterOptions, takesBatches: Bool?) {
        // Records are not combined, so there is nothing to find out first.
        if options.batchSize == 1 {
            self.init(unit: 1, parallel: options.singleCalls)
            return
        }
        switch takesBatches {
        case true?: self.init(unit: options.batchSize, parallel: options.batchCalls)
        case false?: self.init(unit: 1, parallel: options.singleCalls)
        case nil:
            // A unit has at least two records, or a plugin's support for batches would never be
            // found out. It does not have all of them, or a slow record in it would hold back the
            // rest.
            self.init(
                unit: min(options.batchSize, max(options.callsPerUnit, 2)),
                parallel: options.firstUnits)
        }
    }
}

extension FilterOptions {
    /// The default number of calls in flight: enough to keep a plugin busy, whether it answers one
    /// call at a time or waits for a network.
    fileprivate var singleCalls: Int { jobs ?? 32 }

    /// The number of batches in flight. Batches keep a plugin busy for longer, and their answers
    /// take memory.
    fileprivate var batchCalls: Int { jobs ?? 4 }

    /// The number of units in work until the plugin has said whether it takes batches.
    fileprivate var firstUnits: Int { min(batchCalls, 4) }

    /// The number of items of such a unit that may be sent at once if the plugin does not take
    /// batches.
    package var callsPerUnit: Int { max(singleCalls / firstUnits, 1) }
}
