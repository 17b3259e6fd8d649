internal import JSON
package import Unix

/// The records of a run: lines of standard input, or texts from the command line.
final class Input: Sendable {
    /// A record that has not been parsed yet.
    struct Line: Sendable {
        /// The line number, counted from 1.
        let number: Int
        let content: Content

        enum Content: Sendable {
            case json([UInt8])
            case text([UInt8])
            case tooLong
        }

        /// The approximate number of bytes that it takes in memory.
        var size: Int {
            switch content {
            case .json(let bytes), .text(let bytes): bytes.count
            case .tooLong: 0
            }
        }
    }

    private enum Source: Sendable {
        case lines(LineReader)
        case texts([String])
    }

    private let source: Source
    private let isText: Bool
    private let endsInNewlines: Bool
    private let position = Position()

    /// The current position in the texts. Only the one reading task touches it.
    private final class Position: @unchecked Sendable {
        var next = 0
    }

    /// - Parameters:
    ///   - texts: The records to use instead of standard input, unless it is empty.
    ///   - reader: The lines of standard input, if some have already been looked at.
    init(_ options: FilterOptions, texts: [String], reader: LineReader? = nil) {
        isText = options.text
        endsInNewlines = !options.null
        if texts.isEmpty {
            source = .lines(reader ?? LineReader(options))
        } else {
            source = .texts(texts)
        }
    }

    /// Waits for the next line. Returns nil at the end, and when the task is cancelled.
    func next() async throws(SystemError) -> Line? {
        switch source {
        case .lines(let reader): line(try await reader.next(), reader.lineNumber)
        case .texts: nextText()
        }
    }

    /// Returns the next line if it is already there.
    func nextIfReady() throws(SystemError) -> Line? {
        switch source {
        case .lines(let reader): line(try reader.nextIfReady(), reader.lineNumber)
        case .texts: nextText()
        }
    }

    private func line(_ line: LineReader.Line?, _ number: Int) -> Line? {
        switch line {
        case .bytes(let bytes)?:
            Line(number: number, content: isText ? .text(withoutReturn(bytes)) : .json(bytes))
        case .tooLong?: Line(number: number, content: .tooLong)
        case nil: nil
        }
    }

    /// Returns the text of a line, without the carriage return that files from Windows have.
    private func withoutReturn(_ bytes: [UInt8]) -> [UInt8] {
        endsInNewlines && bytes.last == UInt8(ascii: "\r") ? bytes.dropLast() : bytes
    }

    private func nextText() -> Line? {
        guard case .texts(let texts) = source, position.next < texts.count else { return nil }
        position.next += 1
        return Line(number: position.next, content: .text(Array(texts[position.next - 1].utf8)))
    }
}

extension LineReader {
    /// Creates a reader of standard input's lines as the options of a filter describe them.
    package convenience init(_ options: FilterOptions) {
        self.init(
            separator: options.null ? 0 : UInt8(ascii: "\n"), longest: options.maxLine.bytes)
    }

    /// Waits for the first line, which is not consumed. Returns false at the end of the input.
    package func hasLine() async throws(SystemError) -> Bool { try await peek() != nil }
}

extension Input.Line {
    /// Returns the record, or nil for a line of only white space.
    func record(longest: Int) throws(RecordError) -> Record? {
        switch content {
        case .tooLong:
            throw RecordError(
                "line_too_long", "line \(number): longer than \(longest) bytes; see --max-line")
        case .text(let bytes):
            do { return try Record(content: bytes) } catch {
                throw RecordError("invalid_text", "line \(number): \(error)")
            }
        case .json(let bytes):
            if bytes.allSatisfy({ $0 == 0x20 || (0x09...0x0d).contains($0) }) { return nil }
            do { return try Record(bytes) } catch {
                throw RecordError("invalid_json", "line \(number): \(error)")
            }
        }
    }
}
