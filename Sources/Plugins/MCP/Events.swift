internal import JSON

/// What a server says without being asked.
package struct Events: Sendable {
    package enum Level: Sendable { case debug, info, warn, error }

    /// Told what a person may want to know. May be called on any thread.
    let log: @Sendable (Level, String) -> Void

    /// Told that the list of tools is not what it was.
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
        // What has changed until now nobody has told.
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
    /// - Parameter severity: As RFC 5424 names them.
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
