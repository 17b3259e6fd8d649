internal import JSON

/// A line that a plugin wrote to its standard error.
package struct LogLine: Equatable, Sendable {
    package enum Level: String, Sendable {
        case trace, debug, info, warn, error
    }

    package let level: Level

    /// Without control characters.
    package let message: String

    package init(level: Level, message: String) {
        self.level = level
        self.message = message
    }
}

/// Understands the lines of a plugin's standard error as go-plugin's host
/// does: hclog's JSON, a `[LEVEL]` in front, or a panic.
struct LogParser {
    private var isPanicking = false

    mutating func parse(_ bytes: ArraySlice<UInt8>) -> LogLine {
        let bytes = bytes.last == UInt8(ascii: "\r") ? bytes.dropLast() : bytes
        if bytes.first == UInt8(ascii: "{"), let line = Self.parseJSON(bytes) { return line }

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

    /// Any type in any place is possible: nothing here is taken for granted.
    private static func parseJSON(_ bytes: ArraySlice<UInt8>) -> LogLine? {
        guard case .object(let members)? = try? Value(parsing: Array(bytes)) else { return nil }
        var message = ""
        var level: LogLine.Level?
        var pairs: Substring = ""
        for (key, value) in members {
            switch (key, value) {
            case ("@message", .string(let text)): message = text
            case ("@level", .string(let text)): level = LogLine.Level(rawValue: text.lowercased())
            case ("@timestamp", _), ("@module", _), ("@caller", _): continue
            case (_, .string(let text)):
                pairs += " \(key)=\(text.contains(" ") ? "\"\(text)\"" : text)"
            default: pairs += " \(key)=\(value)"
            }
        }
        guard let level else {
            return LogLine(
                level: .debug, message: printable(String(decoding: bytes, as: UTF8.self)))
        }
        return LogLine(
            level: level, message: printable(message.isEmpty ? pairs.dropFirst() : message + pairs))
    }
}
