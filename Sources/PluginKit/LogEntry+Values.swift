internal import GivenSettings
internal import JSON
internal import LogFormat
internal import Unix

extension LogEntry {
    /// An entry of what a plugin gave to its logger.
    init(
        _ level: Logger.Level, _ message: String, module: String, time: Timestamp,
        values: Logger.Values
    ) {
        self.init(
            LogEntry.Level(level), message, module: module, time: time.description,
            values: Members(values.map { ($0.key, Value(logged: $0.value)) }))
    }
}

extension LogEntry.Level {
    init(_ level: Logger.Level) {
        switch level {
        case .trace: self = .trace
        case .debug: self = .debug
        case .info: self = .info
        case .warn: self = .warn
        case .error: self = .error
        }
    }
}

extension Value {
    /// Numbers that JSON has and Booleans as such, anything else as text.
    fileprivate init(logged value: any CustomStringConvertible) {
        switch value {
        case let value as Bool: self = .bool(value)
        case is any BinaryInteger: self = .number(value.description)
        case let value as Double where value.isFinite: self = .number(value.description)
        case let value as Float where value.isFinite: self = .number(value.description)
        default: self = .string(KnownSecrets.redacted(value.description))
        }
    }
}
