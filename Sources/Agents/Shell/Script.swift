internal import FilterKit
internal import Unix

/// A script of commands and questions, from a file or standard input.
@MainActor struct Script {
    private let interpreter: Interpreter
    private var parts: ShellParts { interpreter.parts }

    private static let longestLine = 64 << 20

    /// The deepest nesting of files that run each other.
    private static let deepest = 16

    init(_ interpreter: Interpreter) { self.interpreter = interpreter }

    /// Runs standard input to its end.
    ///
    /// - Returns: The exit status of the first failure. If the script continues after failures, the
    ///   status of all failures if they have the same one.
    func run() -> Int32 {
        let reader = LineReader(separator: UInt8(ascii: "\n"), longest: Self.longestLine)
        return run(nil) {
            let line = try parts.loop.value(of: parts.loop.perform { try await reader.next() })
            switch line {
            case nil: return nil
            case .bytes(let bytes): return bytes[...]
            case .tooLong: throw Failure(.badInput, "the line is longer than 64 MiB")
            }
        }
    }

    /// Runs a file.
    ///
    /// - Throws: `Failure` and `SystemError` for a file that cannot be read.
    func run(file: String) throws -> Int32 {
        if parts.report.depth == Self.deepest {
            throw Failure(.badInput, "'\(file)' is run by \(Self.deepest) scripts in a row")
        }
        let path = try UserFile.path(file, environment: parts.configuration.environment)
        let bytes = try File.readText(path, limit: Self.longestLine).bytes
        var lines = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)[
            ...]
        return run(file) { lines.popFirst() }
    }

    private func run(_ file: String?, _ next: () throws -> ArraySlice<UInt8>?) -> Int32 {
        parts.report.inScript(file) { runLines(next) }
    }

    private func runLines(_ next: () throws -> ArraySlice<UInt8>?) -> Int32 {
        let (report, loop) = (parts.report, parts.loop)
        var parser = LineParser()
        var failures: Set<Int32> = []
        while !loop.isOver {
            let status: Int32
            report.nextLine()
            do {
                guard let bytes = try next() else { break }
                guard let line = try parser.add(Self.text(bytes)) else { continue }
                status = interpreter.execute(line)
            } catch is CancellationError {
                return ExitStatus.incomplete.rawValue
            } catch {
                status = report.show(error)
                // The rest of unreadable input cannot be read either.
                let isBadLine = (error as? Failure).map { $0.status != .badInput } ?? false
                if !isBadLine { return status }
            }
            if status != 0 {
                if !interpreter.keepsGoing { return status }
                failures.insert(status)
            }
        }
        if parser.isInText {
            report.show("a text of many lines is not ended by ':::'")
            return ExitStatus.badInput.rawValue
        }
        return failures.count > 1 ? ExitStatus.incomplete.rawValue : failures.first ?? 0
    }

    /// Returns the text of a line, without a carriage return at its end.
    nonisolated static func text(_ bytes: ArraySlice<UInt8>) throws(Failure) -> String {
        let bytes = bytes.last == UInt8(ascii: "\r") ? bytes.dropLast() : bytes
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw Failure(.badInput, "the line is not UTF-8")
        }
        return text
    }
}
