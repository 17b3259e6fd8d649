import FilterKit
import Shell
import Unix

/// Lines of a file, which are commands and questions.
@MainActor struct Script {
    private let interpreter: Interpreter

    private static let longestLine = 64 << 20
    private static let deepest = 16

    init(_ interpreter: Interpreter) { self.interpreter = interpreter }

    /// Runs standard input to its end.
    ///
    /// - Returns: The exit status: that of the first failure, or if it keeps going, that of all
    ///   if it is one.
    func run() -> Int32 {
        let reader = LineReader(separator: UInt8(ascii: "\n"), longest: Self.longestLine)
        return run {
            let line = try interpreter.value(
                of: interpreter.perform { try await reader.next() })
            switch line {
            case nil: return nil
            case .bytes(let bytes): return bytes[...]
            case .tooLong: throw Failure(.badInput, "the line is longer than 64 MiB")
            }
        }
    }

    /// Runs a file.
    func run(file: String) throws -> Int32 {
        if interpreter.scriptDepth == Self.deepest {
            throw Failure(.badInput, "'\(file)' is run by \(Self.deepest) scripts in a row")
        }
        let path = Path.expandingTilde(
            file, home: BaseDirectories(environment: interpreter.environment).home)
        try interpreter.refuseIrregular(path)
        let bytes = try File.readText(path, limit: Self.longestLine).bytes
        var lines = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)[
            ...]
        let outer = interpreter.scriptFile
        interpreter.scriptFile = file
        interpreter.scriptDepth += 1
        defer {
            interpreter.scriptFile = outer
            interpreter.scriptDepth -= 1
        }
        return run { lines.popFirst() }
    }

    private func run(_ next: () throws -> ArraySlice<UInt8>?) -> Int32 {
        let outer = interpreter.scriptLine
        interpreter.scriptLine = 0
        defer { interpreter.scriptLine = outer }
        var failures: Set<Int32> = []
        var input: LongInput?
        while !interpreter.isLeaving, interpreter.ending == 0 {
            let status: Int32
            interpreter.scriptLine! += 1
            do {
                guard let bytes = try next() else { break }
                let text = try Self.text(bytes, isFirst: interpreter.scriptLine == 1)
                guard let line = try Self.line(text, &input) else { continue }
                status = interpreter.execute(line)
            } catch let failure as Failure {
                interpreter.tell(failure.message)
                status = failure.status.rawValue
                // What cannot be read will not be any better.
                if failure.status == .badInput { return status }
            } catch is CancellationError {
                return ExitStatus.incomplete.rawValue
            } catch {
                interpreter.tell("\(error)")
                return ExitStatus.ioError.rawValue
            }
            if status != 0 {
                if !interpreter.keepsGoing { return status }
                failures.insert(status)
            }
        }
        if input != nil {
            interpreter.tell("a text of many lines is not ended by ':::'")
            return ExitStatus.badInput.rawValue
        }
        return failures.count > 1 ? ExitStatus.incomplete.rawValue : failures.first ?? 0
    }

    /// A line as people write it, whatever their system ends and begins it with.
    private static func text(_ bytes: ArraySlice<UInt8>, isFirst: Bool) throws(Failure) -> String {
        var bytes = bytes
        if bytes.last == UInt8(ascii: "\r") { bytes.removeLast() }
        // A byte order mark.
        if isFirst, bytes.starts(with: [0xef, 0xbb, 0xbf]) { bytes.removeFirst(3) }
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw Failure(.badInput, "the line is not UTF-8")
        }
        return text
    }

    /// - Parameter input: The text of many lines that has begun.
    /// - Returns: Nil for a line in the midst of one.
    static func line(_ text: String, _ input: inout LongInput?) throws(Failure) -> Line? {
        if input != nil {
            guard let whole = input!.add(text) else { return nil }
            input = nil
            return .question(whole)
        }
        let line = try Line(text)
        guard case .longInput(let first) = line else { return line }
        let (begun, whole) = LongInput.begin(first)
        if let whole { return .question(whole) }
        input = begun
        return nil
    }
}
