internal import JSON
internal import Text

/// A message of mail: its text parts, decoded (RFC 5322, 2045 to 2047).
///
/// Debian has libraries for MIME that bring GLib or the libraries of mail servers with them, which
/// each start of each program would pay for.
struct MailMessage {
    /// The names in lower case, and the values without folding.
    private let headers: [(name: String, value: String)]
    private let body: ArraySlice<UInt8>

    /// The deepest nesting of parts.
    private static let deepest = 20

    static func part(of text: [UInt8]) throws(SkipReason) -> DocumentPart {
        let message = MailMessage(text[...])
        guard !message.headers.isEmpty else {
            throw SkipReason(.damaged, "it is not a message: it has no header")
        }
        var output = MailText()
        message.appendHeader(&output)
        message.appendBody(&output, depth: 0)
        var part = DocumentPart(
            text: output.bytes, structure: output.builder.structure(of: output.bytes.span))
        part.title = message.decoded("subject")
        for name in ["subject", "from", "date"] {
            if let value = message.decoded(name) { part.properties.append(name, .string(value)) }
        }
        return part
    }

    init(_ text: ArraySlice<UInt8>) {
        var headers: [(String, String)] = []
        var rest = text
        // The line of a mailbox.
        if rest.starts(with: Array("From ".utf8)) { Self.skipLine(&rest) }
        while let (line, after) = Self.line(rest), !line.isEmpty {
            if line.first == 0x20 || line.first == 0x09 {
                guard !headers.isEmpty else { break }
                headers[headers.count - 1].1 += " " + Self.string(line.drop { $0 <= 0x20 })
            } else if let colon = line.firstIndex(of: UInt8(ascii: ":")),
                line[..<colon].allSatisfy({ $0 > 0x20 && $0 < 0x7F }), colon > line.startIndex
            {
                headers.append(
                    (
                        Self.string(line[..<colon]).lowercased(),
                        String(Self.string(line[(colon + 1)...]).trimmed)
                    ))
            } else {
                break
            }
            rest = after
        }
        if let (line, after) = Self.line(rest), line.isEmpty { rest = after }
        self.headers = headers.map { (name: $0.0, value: $0.1) }
        body = rest
    }

    private static func line(
        _ text: ArraySlice<UInt8>
    ) -> (line: ArraySlice<UInt8>, rest: ArraySlice<UInt8>)? {
        guard !text.isEmpty else { return nil }
        let end = text.firstIndex(of: UInt8(ascii: "\n")) ?? text.endIndex
        var line = text[..<end]
        if line.last == 0x0D { line.removeLast() }
        return (line, text[min(end + 1, text.endIndex)...])
    }

    private static func skipLine(_ text: inout ArraySlice<UInt8>) {
        text = text[((text.firstIndex(of: UInt8(ascii: "\n")) ?? text.endIndex - 1) + 1)...]
    }

    /// Raw headers may be UTF-8, or of the writer's own encoding.
    private static func string(_ bytes: ArraySlice<UInt8>) -> String {
        String(validating: bytes, as: UTF8.self)
            ?? String(decoding: decode(Array(bytes), charset: nil), as: UTF8.self)
    }

    private func header(_ name: String) -> String? {
        headers.first { $0.name == name }?.value
    }

    private func decoded(_ name: String) -> String? {
        guard let text = header(name).map(EncodedWords.decode), !text.isEmpty else { return nil }
        return text
    }

    // MARK: Text

    private func appendHeader(_ output: inout MailText) {
        for (name, key) in [
            ("Subject", "subject"), ("From", "from"), ("To", "to"), ("Cc", "cc"), ("Date", "date"),
        ] {
            if let value = decoded(key) { output.append(line: "\(name): \(value)") }
        }
        output.endParagraph()
    }

    /// - Returns: True if the part has text.
    @discardableResult
    private func appendBody(_ output: inout MailText, depth: Int) -> Bool {
        let (type, parameters) = Self.parameters(header("content-type") ?? "text/plain")
        if type.hasPrefix("multipart/") {
            guard depth < Self.deepest, let boundary = parameters["boundary"] else { return false }
            let parts = Self.split(body, boundary).map { MailMessage($0) }
            if type == "multipart/alternative" { return appendBest(of: parts, &output, depth) }
            var hasText = false
            for part in parts where part.appendBody(&output, depth: depth + 1) { hasText = true }
            return hasText
        }
        if type == "message/rfc822" {
            guard depth < Self.deepest else { return false }
            let inner = MailMessage(decodedBody[...])
            inner.appendHeader(&output)
            inner.appendBody(&output, depth: depth + 1)
            return true
        }
        guard type.hasPrefix("text/") || type.isEmpty else { return false }
        let text = Self.decode(decodedBody, charset: parameters["charset"])
        guard text.contains(where: { $0 > 0x20 }) else { return false }
        if type == "text/html", let page = try? HTMLText(text) {
            output.append(page)
            return !page.bytes.isEmpty
        }
        output.append(text: text)
        return true
    }

    /// Appends one of several forms of the same text: the plain one, if it has text.
    private func appendBest(
        of parts: [MailMessage], _ output: inout MailText, _ depth: Int
    ) -> Bool {
        func isPlain(_ part: MailMessage) -> Bool {
            Self.parameters(part.header("content-type") ?? "text/plain").type == "text/plain"
        }
        for part in parts.filter(isPlain) + parts.filter({ !isPlain($0) })
        where part.appendBody(&output, depth: depth + 1) {
            return true
        }
        return false
    }

    /// Splits the body of a multipart at the lines with its boundary.
    private static func split(_ body: ArraySlice<UInt8>, _ boundary: String) -> [ArraySlice<UInt8>]
    {
        let mark = Array("--\(boundary)".utf8)
        var parts: [ArraySlice<UInt8>] = []
        var start: Int?
        var rest = body
        while let (line, after) = line(rest) {
            if line.starts(with: mark) {
                let tail = line.dropFirst(mark.count).reversed().drop { $0 <= 0x20 }
                if tail.isEmpty || tail.elementsEqual("--".utf8) {
                    if let start { parts.append(body[start..<rest.startIndex]) }
                    start = tail.isEmpty ? after.startIndex : nil
                    if !tail.isEmpty { return parts }
                }
            }
            rest = after
        }
        if let start, start < body.endIndex { parts.append(body[start...]) }
        return parts
    }

    /// Returns the type of a header's value in lower case, and its parameters.
    private static func parameters(_ value: String) -> (type: String, [String: String]) {
        var parts: [String] = [""]
        var isQuoted = false
        var isEscaped = false
        for character in value {
            if isEscaped {
                parts[parts.count - 1].append(character)
                isEscaped = false
            } else if character == "\\", isQuoted {
                isEscaped = true
            } else if character == "\"" {
                isQuoted.toggle()
            } else if character == ";", !isQuoted {
                parts.append("")
            } else {
                parts[parts.count - 1].append(character)
            }
        }
        var parameters: [String: String] = [:]
        for part in parts.dropFirst() {
            guard let equals = part.firstIndex(of: "=") else { continue }
            let name = part[..<equals].trimmed.lowercased()
            parameters[name] = String(part[part.index(after: equals)...].trimmed)
        }
        return (parts[0].trimmed.lowercased(), parameters)
    }

    // MARK: Decoding

    private var decodedBody: [UInt8] {
        switch header("content-transfer-encoding")?.trimmed.lowercased() {
        case "base64": TransferEncoding.decode(base64: body)
        case "quoted-printable": TransferEncoding.decode(quotedPrintable: body)
        default: Array(body)
        }
    }

    /// Returns a text as UTF-8.
    ///
    /// - Parameter charset: Nil if it is not declared.
    static func decode(_ bytes: [UInt8], charset: String?) -> [UInt8] {
        if let charset {
            let name = EncodingName.decoder(charset, isHTML: false)
            if name != "UTF-8", let text = convert(bytes, from: name) { return text }
        }
        guard var decoder = try? TextDecoder(bytes, .mail),
            let text = try? decoder.decode(Array(bytes.dropFirst(decoder.markLength)), isLast: true)
        else { return bytes }
        return text
    }
}

/// The text of a message that is being made.
struct MailText {
    private(set) var bytes: [UInt8] = []
    private(set) var builder = StructureBuilder()

    mutating func append(line: String) {
        bytes += line.utf8
        bytes.append(UInt8(ascii: "\n"))
    }

    mutating func endParagraph() { if !bytes.isEmpty { bytes.append(UInt8(ascii: "\n")) } }

    mutating func append(text: [UInt8]) {
        builder.addBlock(at: bytes.count, depth: 1)
        // Line ends are those of the network.
        var previous: UInt8 = 0
        for byte in text {
            if byte == UInt8(ascii: "\n"), previous == 0x0D { bytes.removeLast() }
            bytes.append(byte)
            previous = byte
        }
        if previous != UInt8(ascii: "\n") { bytes.append(UInt8(ascii: "\n")) }
        bytes.append(UInt8(ascii: "\n"))
    }

    mutating func append(_ page: HTMLText) {
        builder.append(page.structure, at: bytes.count)
        bytes += page.bytes
        bytes.append(UInt8(ascii: "\n"))
    }
}
