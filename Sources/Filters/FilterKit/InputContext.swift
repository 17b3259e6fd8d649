package import JSON
package import Taint
package import Unix

/// The text and passages that go with a question, from files and standard input.
package struct InputContext: Sendable {
    /// Passages, each in the form in which hector-search puts it into `results`.
    package private(set) var results: [Value] = []

    /// The sources, in the order in which they were read.
    package private(set) var sources: [Source] = []

    /// The lines that are not records, by source.
    private var texts: [String] = []

    /// A file, or standard input.
    package struct Source: Equatable, Sendable {
        /// The path, or `-` for standard input.
        package let name: String

        /// The number of bytes that were read.
        package fileprivate(set) var bytes = 0

        /// The source's name in messages.
        package var description: String {
            name == InputContext.standardInput ? "standard input" : "'\(name)'"
        }
    }

    /// The name of standard input among paths.
    package static let standardInput = "-"

    private static let longest = 64 << 20

    package init() {}

    /// Reads standard input to its end, unless it is a terminal.
    ///
    /// Records that are documents or have `results` become passages. Any other line is text.
    ///
    /// - Parameters:
    ///   - isText: True if records have no special meaning.
    ///   - reader: The lines of standard input, if some have already been looked at.
    /// - Throws: `SystemError` if it cannot be read, and `Failure` for a record that has failed and
    ///   for input that is not text.
    package static func read(
        isText: Bool, from reader: LineReader? = nil
    ) async throws -> InputContext {
        var context = InputContext()
        if isStandardInputTerminal { return context }
        try await context.add(
            reader ?? lines(of: InputFile.standardInput), of: standardInput, isText: isText)
        return context
    }

    /// Reads files to their ends, in order, in the same way as standard input.
    ///
    /// - Parameter paths: Regular files, pipes without a name, and `-` for standard input, which
    ///   may be a terminal here.
    /// - Throws: `SystemError` for a file that cannot be read, and `Failure` for one that is not
    ///   text, is empty, or contains a record that has failed.
    package static func read(_ paths: [String]) async throws -> InputContext {
        var context = InputContext()
        for path in paths {
            let file =
                path == standardInput
                ? InputFile.standardInput : try InputFile(openingFinite: path)
            let passages = context.results.count
            try await context.add(lines(of: file), of: path, isText: false)
            withExtendedLifetime(file) {}
            guard context.texts.last?.allSatisfy(\.isWhitespace) == true,
                context.results.count == passages, let source = context.sources.last
            else { continue }
            throw Failure(
                .badInput,
                context.texts.last == "" && source.bytes > 0
                    ? "\(source.description) has neither text nor passages"
                    : "\(source.description) is empty")
        }
        return context
    }

    private static func lines(of file: InputFile) -> LineReader {
        LineReader(descriptor: file.descriptor, separator: UInt8(ascii: "\n"), longest: longest)
    }

    private mutating func add(_ reader: LineReader, of name: String, isText: Bool) async throws {
        var source = Source(name: name)
        var text = ""
        let before = sources.reduce(0) { $0 + $1.bytes }
        while let line = try await reader.next() {
            guard case .bytes(let bytes) = line, before + reader.byteCount <= Self.longest else {
                throw Failure(
                    .badInput,
                    before == 0
                        ? "\(source.description) is longer than \(Self.longest >> 20) MiB"
                        : "the context is longer than \(Self.longest >> 20) MiB")
            }
            let place = "line \(reader.lineNumber) of \(source.description)"
            if try !isText && addRecord(bytes, place) { continue }
            guard let line = String(validating: bytes, as: UTF8.self) else {
                throw Failure(.badInput, "\(place) is not UTF-8")
            }
            text += line + "\n"
        }
        try Task.checkCancellation()
        while text.last?.isNewline == true { text.removeLast() }
        source.bytes = reader.byteCount
        sources.append(source)
        texts.append(text)
    }

    /// - Returns: False for a line that is text.
    private mutating func addRecord(_ line: [UInt8], _ place: String) throws(Failure) -> Bool {
        guard line.first == UInt8(ascii: "{"), let record = try? Record(line) else { return false }
        if let error = record.value("error"), error["code"] != nil, error["stage"] != nil {
            let message = error["message"]?.string ?? "without a message"
            throw Failure(.badInput, "\(place) has failed before: \(message)")
        }
        if case .array(let found)? = record.value("results") {
            for result in found where !results.contains(result) { results.append(result) }
            return true
        }
        guard let id = record.value("id"), let content = record.value("content"),
            content.string != nil
        else { return false }
        results.append(.object(["id": id, "content": content]))
        return true
    }

    /// All input other than passages, unchanged. With several sources, each is headed by its name,
    /// as in the output of tail(1).
    package var text: String {
        if sources.count < 2 { return texts.first ?? "" }
        return zip(sources, texts).filter { !$1.isEmpty }.map { source, text in
            let name = source.name == Self.standardInput ? "standard input" : source.name
            let line = name.split(whereSeparator: \.isNewline).joined(separator: " ")
            return "==> \(line) <==\n\(text)"
        }.joined(separator: "\n\n")
    }

    /// Returns the text followed by a question.
    package func text(before question: String) -> String {
        [text, question].filter { !$0.isEmpty }.joined(separator: "\n\n")
    }

    /// The sources of the text, which are not trusted: others may have written what is in a file of
    /// the user's. Those of the passages are the passages' own.
    package var taint: TaintSources {
        TaintSources(
            zip(sources, texts).filter { !$1.isEmpty }.map { source, _ in
                source.name == Self.standardInput
                    ? TaintSources.standardInput : TaintSources.file(source.name)
            })
    }

    /// Returns the question as a record.
    package func record(asking question: String) -> Record {
        var record = Record(content: text(before: question))
        if !taint.isEmpty { record.set(taint) }
        if !results.isEmpty {
            record.set("results") { $0.appendJSON(value: .array(results)) }
        }
        return record
    }
}
