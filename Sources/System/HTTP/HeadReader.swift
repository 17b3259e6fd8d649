/// A reader of the head of an answer, from the lines that libcurl hands over with their ends.
///
/// Answers with a status of 1xx, which come before the final one, are skipped, and so are the
/// trailers after it.
struct HeadReader {
    private var status = 0
    private var headers = Headers()
    private var isComplete = false

    /// - Returns: The head if this was its last line.
    mutating func receive(line: UnsafeBufferPointer<UInt8>) -> Transfer.Head? {
        if isComplete { return nil }
        let line = String(decoding: line, as: UTF8.self).drop { $0 == " " }
        let text = line.prefix { !$0.isNewline }
        if text.hasPrefix("HTTP/") {
            status = text.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0
            headers = Headers()
        } else if text.isEmpty {
            guard status >= 200 else { return nil }
            isComplete = true
            return Transfer.Head(status: status, headers: headers)
        } else {
            headers.append(line: text)
        }
        return nil
    }
}
