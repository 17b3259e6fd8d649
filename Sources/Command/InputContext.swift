package import JSON
package import Unix

/// What standard input says to a question.
package struct InputContext: Sendable {
    /// Passages, each as hector-search has it in `results`.
    package private(set) var results: [Value] = []

    /// All else, as it is.
    package private(set) var text = ""

    private static let longest = 64 << 20

    package init() {}

    /// Reads standard input to its end, unless it is a terminal.
    ///
    /// Of records those that are documents or have `results` become passages. Any other line is
    /// text.
    ///
    /// - Parameters:
    ///   - isText: Whether records mean nothing.
    ///   - reader: The lines of standard input, if some have been looked at.
    /// - Throws: `SystemError` if it cannot be read, and `Failure` for a record that has failed
    ///   and for what is no text.
    package static func read(
        isText: Bool, from reader: LineReader? = nil
    ) async throws -> InputContext {
        var context = InputContext()
        if isStandardInputTerminal { return context }
        let reader = reader ?? LineReader(separator: UInt8(ascii: "\n"), longest: longest)
        var size = 0
        while let line = try await reader.next() {
            guard case .bytes(let bytes) = line, size + bytes.count <= longest else {
                throw Failure(.badInput, "standard input is longer than \(longest >> 20) MiB")
            }
            size += bytes.count + 1
            try context.add(bytes, number: reader.lineNumber, isText: isText)
        }
        try Task.checkCancellation()
        while context.text.last?.isNewline == true { context.text.removeLast() }
        return context
    }

    mutating func add(_ line: [UInt8], number: Int, isText: Bool) throws(Failure) {
        if !isText, line.first == UInt8(ascii: "{"), let record = try? Record(line) {
            if let error = record.value("error"), error["code"] != nil, error["stage"] != nil {
                let message = error["message"]?.string ?? "without a message"
                throw Failure(
                    .badInput, "line \(number) of standard input has failed before: \(message)")
            }
            if case .array(let found)? = record.value("results") {
                for result in found where !results.contains(result) { results.append(result) }
                return
            }
            if let id = record.value("id"), let content = record.value("content"),
                content.string != nil
            {
                results.append(.object(["id": id, "content": content]))
                return
            }
        }
        guard let text = String(validating: line, as: UTF8.self) else {
            throw Failure(.badInput, "line \(number) of standard input is not UTF-8")
        }
        self.text += text + "\n"
    }

    /// The question as a record.
    package func record(asking question: String) -> Record {
        let parts = [text, question].filter { !$0.isEmpty }
        var record = Record(content: parts.joined(separator: "\n\n"))
        if !results.isEmpty {
            record.set("results") { $0.appendJSON(value: .array(results)) }
        }
        return record
    }
}
