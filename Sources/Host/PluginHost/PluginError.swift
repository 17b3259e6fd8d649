internal import GRPC

/// The reason why a plugin could not be used, or the error with which it answered.
package struct PluginError: Error, Equatable, Sendable {
    /// The kind of failure. The raw value is the `code` of an error record.
    package enum Code: String, Sendable {
        /// The plugin could not be started, or not started again.
        case unavailable = "plugin_unavailable"
        /// The plugin died during a call that must not be sent twice, or died repeatedly.
        case died = "plugin_died"
        /// The plugin is alive and did not answer in time.
        case timeout = "timeout"
        /// The plugin answered with its own error.
        case failed = "plugin_error"
        /// The plugin's answer breaks the contract.
        case misbehaved = "plugin_misbehaved"
        /// The plugin does not have the method.
        case unsupported = "unsupported"
        /// The plugin refuses its settings.
        case configuration = "configuration"
        /// The plugin is not permitted to run.
        case notPermitted = "not_permitted"
        /// A rate, a quota or a size is exhausted.
        case exhausted = "resource_exhausted"
        /// The plugin did not accept the input.
        case invalid = "invalid_argument"
        case notFound = "not_found"
        /// Data that the plugin had to keep may be lost, because its shutdown failed.
        case shutdown = "shutdown_failed"
        case cancelled = "cancelled"
    }

    package let code: Code

    /// The description of the error, which names the plugin: a sentence without a full stop.
    package let message: String

    package init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }

    /// True if the same call may succeed later.
    package var isRetryable: Bool {
        switch code {
        case .died, .timeout, .unavailable, .exhausted, .cancelled: true
        default: false
        }
    }
}

extension PluginError {
    /// A plugin's own status.
    ///
    /// - Parameter timeout: The time that the call had.
    init(_ status: GRPCError, from plugin: String, timeout: Duration) {
        let code: Code
        let message = status.words
        switch status.code {
        case .deadlineExceeded where status.isPastDeadline:
            self.init(.timeout, "plugin '\(plugin)' did not answer within \(timeout)")
            return
        case .cancelled:
            self.init(.cancelled, "plugin '\(plugin)' cancelled the call: \(message)")
            return
        case .unimplemented:
            self.init(.unsupported, "plugin '\(plugin)' cannot do that: \(message)")
            return
        case .deadlineExceeded: code = .timeout
        case .invalidArgument: code = .invalid
        case .notFound: code = .notFound
        case .permissionDenied, .unauthenticated: code = .notPermitted
        case .resourceExhausted: code = .exhausted
        case .unavailable, .aborted: code = .unavailable
        default: code = .failed
        }
        self.init(code, "plugin '\(plugin)': \(message)")
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

    /// The reason why there was no answer, for which core has two words only.
    ///
    /// - Parameter limit: The time that the answer had.
    func reason(within limit: Duration) -> String {
        isPastDeadline ? "nothing came back within \(limit)" : printable(message)
    }
}
