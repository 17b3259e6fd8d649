internal import JSON
internal import LogFormat

/// A line that a plugin wrote to its standard error.
package struct LogLine: Equatable, Sendable {
    package enum Level: String, Sendable {
        case trace, debug, info, warn, error
    }

    package let level: Level

    /// The message without control characters.
    package let message: String

    package init(level: Level, message: String) {
        self.level = level
        self.message = message
    }

    /// The entry's message with its values behind it, `name=value` each.
    init(_ entry: LogEntry) {
        var pairs: Substring = ""
        for (key, value) in entry.values {
            let text = value.string.map { $0.contains(" ") ? "\"\($0)\"" : $0 } ?? "\(value)"
            pairs += " \(key)=\(text)"
        }
        let message: Substring =
            entry.message.isEmpty ? pairs.dropFirst() : entry.message + pairs
        self.init(level: Level(entry.level), message: printable(message))
    }
}

extension LogLine.Level {
    init(_ level: LogEntry.Level) {
        switch level {
        case .trace: self = .trace
        case .debug: self = .debug
        case .info: self = .info
        case .warn: self = .warn
        case .error: self = .error
        }
    }
}

/// A parser of the lines of a plugin's standard error. Like go-plugin's host, it knows hclog's
/// JSON, a `[LEVEL]` in front, and a panic.
struct LogParser {
    private var isPanicking = false

    mutating func parse(_ bytes: ArraySlice<UInt8>) -> LogLine {
        let bytes = bytes.last == UInt8(ascii: "\r") ? bytes.dropLast() : bytes
        if bytes.first == UInt8(ascii: "{"), let entry = LogEntry(line: bytes) {
            return LogLine(entry)
        }

        let text = printable(String(decoding: bytes, as: UTF8.self))
        for (prefix, level) in Self.prefixes where text.hasPrefix(prefix) {
            return LogLine(level: level, message: text)
        }
        if text.hasPrefix("panic: ") || text.hasPrefix("fatal error: ") { isPanicking = true }
        return LogLine(level: isPanicking ? .error : .debug, message: text)
    }

    private static let prefixes: [(String, LogLine.Level)] = [
        ("[TRACE]", .trace), ("[DEBUG]", .debug), ("[INFO]", .info), ("[WARN]", .warn),
        ("[ERROR]", .error),
    ]
}
