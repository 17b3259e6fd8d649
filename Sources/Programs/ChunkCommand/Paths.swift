import Glibc
import Unix

/// The paths of a run: arguments, or lines of standard input.
struct Paths {
    enum Path: Equatable, Sendable {
        case file(String)
        /// The text on standard input.
        case standardInput
        /// A line that cannot be a path.
        case unusable(String)
    }

    private var arguments: ArraySlice<String>
    private let lines: LineReader?

    init(arguments: [String], areEndedByNUL: Bool) {
        self.arguments = arguments[...]
        lines =
            arguments.isEmpty
            ? LineReader(
                separator: areEndedByNUL ? 0 : UInt8(ascii: "\n"), longest: Int(PATH_MAX)) : nil
    }

    /// Waits for the next path. Returns nil after the last, and when the task is cancelled.
    mutating func next() async throws(SystemError) -> Path? {
        guard let lines else { return nextArgument() }
        while let line = try await lines.next() {
            if let path = path(line, lines.lineNumber) { return path }
        }
        return nil
    }

    /// Returns the next path if it is already there.
    mutating func nextIfReady() throws(SystemError) -> Path? {
        guard let lines else { return nextArgument() }
        while let line = try lines.nextIfReady() {
            if let path = path(line, lines.lineNumber) { return path }
        }
        return nil
    }

    private mutating func nextArgument() -> Path? {
        arguments.popFirst().map { $0 == "-" ? .standardInput : .file($0) }
    }

    /// - Returns: Nil for an empty line.
    private func path(_ line: LineReader.Line, _ number: Int) -> Path? {
        switch line {
        case .tooLong:
            return .unusable("line \(number) of standard input is too long for a path")
        case .bytes(let bytes):
            if bytes.isEmpty { return nil }
            // A NUL in it would end the path early.
            guard !bytes.contains(0) else {
                return .unusable("line \(number) of standard input has a NUL; see --null")
            }
            return .file(RawPath.text(of: bytes))
        }
    }
}
