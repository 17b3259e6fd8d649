internal import GivenSettings
import Glibc
internal import LogFormat
import Synchronization
internal import Unix

/// A logger for a go-plugin host. It writes one JSON object per line to standard error, in the
/// format of hclog.
///
/// ```swift
/// let log = Logger("index")
/// log.info("opened", ["path": path, "documents": count])
/// ```
///
/// The host decides which lines to show. By default it shows only warnings and errors.
public struct Logger: Sendable {
    public enum Level: String, CaseIterable, Comparable, Sendable {
        case trace, debug, info, warn, error

        public static func < (lower: Level, higher: Level) -> Bool {
            allCases.firstIndex(of: lower)! < allCases.firstIndex(of: higher)!
        }
    }

    private let module: String
    private let least: Level
    private let descriptor: Int32

    /// - Parameters:
    ///   - module: The part of the plugin that logs; empty for the plugin as a whole.
    ///   - least: The lowest level that is written.
    public init(_ module: String = "", least: Level = .trace) {
        self.init(module, least: least, descriptor: STDERR_FILENO)
    }

    init(_ module: String, least: Level, descriptor: Int32) {
        self.module = module
        self.least = least
        self.descriptor = descriptor
    }

    public func trace(_ message: @autoclosure () -> String, _ values: Values = [:]) {
        log(.trace, message(), values)
    }

    public func debug(_ message: @autoclosure () -> String, _ values: Values = [:]) {
        log(.debug, message(), values)
    }

    public func info(_ message: @autoclosure () -> String, _ values: Values = [:]) {
        log(.info, message(), values)
    }

    public func warn(_ message: @autoclosure () -> String, _ values: Values = [:]) {
        log(.warn, message(), values)
    }

    public func error(_ message: @autoclosure () -> String, _ values: Values = [:]) {
        log(.error, message(), values)
    }

    /// The names and values of a line. Numbers and Booleans are kept; anything else becomes text.
    public typealias Values = KeyValuePairs<String, any CustomStringConvertible>

    public func log(_ level: Level, _ message: @autoclosure () -> String, _ values: Values = [:]) {
        guard level >= least else { return }
        let entry = LogEntry(
            level, KnownSecrets.redacted(message()), module: module, time: .now, values: values)
        let line = entry.line
        Self.output.withLock { _ in _ = writeAll(line, to: descriptor) }
    }

    // Without it lines longer than a pipe takes at once would be mixed up.
    private static let output = Mutex(())
}
