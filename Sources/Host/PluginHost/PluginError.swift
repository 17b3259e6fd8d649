internal import GRPC

/// Why a plugin could not be used, or what it answered instead of a result.
package struct PluginError: Error, Equatable, Sendable {
    /// What kind of failure it is. The raw value is the `code` of an error record.
    package enum Code: String, Sendable {
        /// It could not be started, or not started again.
        case unavailable = "plugin_unavailable"
        /// It died during a call that must not be sent twice, or again and again.
        case died = "plugin_died"
        /// It is alive, but the answer did not come in time.
        case timeout = "timeout"
        /// It answered with an error of its own.
        case failed = "plugin_error"
        /// Its answer breaks the contract.
        case misbehaved = "plugin_misbehaved"
        /// It does not have the method.
        case unsupported = "unsupported"
        /// It will not take the settings it was given.
        case configuration = "configuration"
        /// It must not be run.
        case notPermitted = "not_permitted"
        /// A rate, a quota or a size is exhausted.
        case exhausted = "resource_exhausted"
        /// The input was not to its liking.
        case invalid = "invalid_argument"
        case notFound = "not_found"
        /// Data that it had been given to keep may be lost: it failed at its shutdown.
        case shutdown = "shutdown_failed"
        case cancelled = "cancelled"
    }

    package let code: Code

    /// What happened, naming the plugin: a sentence without a full stop.
    package let message: String

    package init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }

    /// Whether the same call may succeed later.
    package var isRetryable: Bool {
        switch code {
        case .died, .timeout, .unavailable, .exhausted, .cancelled: true
        default: false
        }
    }
}

extension PluginError: CustomStringConvertible {
    package var description: String { message }
}

extension GRPCError {
    /// The plugin's own words, or, if there are none, the name of its status.
    var words: String {
        message.isEmpty ? "status \(code) without a message" : printable(message)
    }
}
