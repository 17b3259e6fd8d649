internal import JSON

/// The receivers of messages that a server sends without being asked.
package struct Events: Sendable {
    package enum Level: Sendable { case debug, info, warn, error }

    /// Gets messages that the user may want to see. May be called on any thread.
    let log: @Sendable (Level, String) -> Void

    /// Called when the list of tools has changed.
    let toolsChanged: @Sendable () -> Void

    package init(
        log: @escaping @Sendable (Level, String) -> Void,
        toolsChanged: @escaping @Sendable () -> Void = {}
    ) {
        self.log = log
        self.toolsChanged = toolsChanged
    }

    func receive(_ method: String, _ params: Value?) {
        switch method {
        case "notifications/tools/list_changed": toolsChanged()
        // Changes before this were not announced.
        case "notifications/subscriptions/acknowledged": toolsChanged()
        case "notifications/message":
            let data = params?["data"]
            log(
                Level(severity: params?["level"]?.string ?? "info"),
                data?.string ?? data?.description ?? "")
        default: break
        }
    }
}

extension Events.Level {
    /// - Parameter severity: A name from RFC 5424.
    init(severity: String) {
        self =
            switch severity {
            case "debug": .debug
            case "warning": .warn
            case "error", "critical", "alert", "emergency": .error
            default: .info
            }
    }
}
