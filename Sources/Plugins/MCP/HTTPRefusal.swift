internal import HTTP
internal import JSON
internal import Text

/// An HTTP answer that reports a failure, in words that say what to do.
struct HTTPRefusal {
    let status: Int

    /// The server's words, shortened.
    let text: String

    /// Advice that follows the text; may be empty.
    let advice: String

    /// - Parameters:
    ///   - headers: The headers of the answer.
    ///   - body: The beginning of the answer's body.
    ///   - sent: The names of the headers that the user has set.
    init(status: Int, headers: Headers, body: ArraySlice<UInt8>, sent: [String]) {
        self.status = status
        text = Self.text(of: body)
        advice = Self.advice(status, headers, sent)
    }

    var error: MCPError {
        .rejected(
            status: status, text + (advice.isEmpty ? "" : text.isEmpty ? advice : "; \(advice)"))
    }

    /// True if it means, in answer to a request of a session, that the server does not know the
    /// session.
    ///
    /// The protocol requires 404. Servers that lose their sessions with their memory use other
    /// statuses, too.
    var isOfLostSession: Bool {
        let words = ["session", "not initialized"]
        return status == 404
            || [400, 401, 410].contains(status) && words.contains { text.lowercased().contains($0) }
    }

    /// True if the status counts more than an error in the protocol's form.
    var isOfWholeRequest: Bool { [401, 403, 405, 407].contains(status) }

    /// Returns the readable part of a body: an error's message, a page's title, or its beginning.
    static func text(of body: ArraySlice<UInt8>) -> String {
        if let value = try? Value(parsing: body) {
            let error = value["error"]
            let texts = [
                value["error_description"], error?["message"], value["message"], value["detail"],
                error,
            ]
            if let text = texts.lazy.compactMap({ $0?.string }).first(where: { !$0.isEmpty }) {
                return short(text)
            }
        }
        let text = String(decoding: body, as: UTF8.self)
        return HTMLPage(text)?.description ?? short(text)
    }

    private static func short(_ text: String) -> String {
        let line = text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
        return line.count > 200 ? "\(line.prefix(200))…" : line
    }

    private static func advice(_ status: Int, _ headers: Headers, _ sent: [String]) -> String {
        switch status {
        case 300..<400:
            guard let place = headers["Location"] else { return "" }
            return "it has moved: set 'url' to '\(short(place))'"
        case 401: return credentials(Challenge(headers["WWW-Authenticate"]), sent)
        case 403: return permission(Challenge(headers["WWW-Authenticate"]), sent)
        case 404: return "it has nothing there; the path in 'url' is often /mcp or /sse"
        case 405: return "it takes no messages there; the path in 'url' is often /mcp or /sse"
        case 407: return "the proxy wants credentials; put them into its address"
        case 429:
            return headers["Retry-After"].map {
                "it asks to be left alone: Retry-After \(short($0))"
            }
                ?? ""
        default: return ""
        }
    }

    private static func credentials(_ challenge: Challenge, _ sent: [String]) -> String {
        let scheme = challenge.scheme ?? "Bearer"
        let isSet = sent.contains { $0.lowercased() == "authorization" }
        var advice =
            isSet
            ? "it does not accept the 'Authorization' that is in 'headers'"
            : sent.isEmpty || challenge.scheme != nil
                ? "set the header 'Authorization: \(scheme) …' in 'headers'"
                : "it does not accept what is in 'headers' (\(list(sent))); many servers want "
                    + "'Authorization: Bearer …' there"
        if let reason = challenge["error_description"] { advice += " (\(short(reason)))" }
        if let place = challenge["resource_metadata"] {
            advice += "; '\(short(place))' names who gives out such credentials"
        }
        return advice
    }

    private static func permission(_ challenge: Challenge, _ sent: [String]) -> String {
        if let scope = challenge["scope"] {
            return "the credentials in 'headers' lack the scope '\(short(scope))'"
        }
        return sent.isEmpty
            ? "it may want credentials, a header such as 'Authorization: Bearer …' in 'headers'"
            : "the credentials in 'headers' (\(list(sent))) do not allow that"
    }

    private static func list(_ names: [String]) -> String {
        names.map { "'\($0)'" }.joined(separator: ", ")
    }
}

/// The field `WWW-Authenticate` of an answer.
private struct Challenge {
    /// The scheme, such as `Bearer`. Nil if there is none.
    let scheme: String?
    private let parameters: [(name: String, value: String)]

    init(_ field: String?) {
        let text = String((field ?? "").trimmed)
        let word = text.prefix { $0 != " " && $0 != "," }
        scheme = word.isEmpty ? nil : String(word)
        parameters = Self.parameters(text.dropFirst(word.count))
    }

    subscript(name: String) -> String? {
        parameters.first { $0.name == name && !$0.value.isEmpty }?.value
    }

    /// Reads `name=value` and `name="value"`, separated by commas.
    private static func parameters(_ text: Substring) -> [(name: String, value: String)] {
        var parameters: [(name: String, value: String)] = []
        var rest = text
        while let equals = rest.firstIndex(of: "=") {
            let name = rest[..<equals].split { $0 == " " || $0 == "," }.last.map(String.init) ?? ""
            rest = rest[rest.index(after: equals)...]
            var value = ""
            if rest.first == "\"" {
                rest.removeFirst()
                while let character = rest.popFirst(), character != "\"" {
                    if character == "\\", let next = rest.popFirst() {
                        value.append(next)
                    } else {
                        value.append(character)
                    }
                }
            } else {
                value = String(rest.prefix { $0 != "," && $0 != " " })
                rest = rest.dropFirst(value.count)
            }
            parameters.append((name.lowercased(), value))
        }
        return parameters
    }
}

/// A page for people that came instead of a message.
struct HTMLPage: CustomStringConvertible {
    private let title: String

    /// - Returns: Nil for any other text.
    init?(_ text: String) {
        let beginning = text.prefix(4096)
        let start = beginning.drop { $0.isWhitespace || $0 == "\u{FEFF}" }.lowercased()
        guard
            start.hasPrefix("<!doctype html") || start.hasPrefix("<html")
                || start.hasPrefix("<head")
        else { return nil }
        title = Self.title(of: beginning)
    }

    private static func title(of text: Substring) -> String {
        guard let tag = text.range(ofASCII: "<title"),
            let begin = text[tag.upperBound...].firstIndex(of: ">"),
            let end = text[begin...].range(ofASCII: "</title")
        else { return "" }
        return text[text.index(after: begin)..<end.lowerBound].split(whereSeparator: \.isWhitespace)
            .joined(separator: " ")
    }

    var description: String {
        title.isEmpty ? "an HTML page" : "an HTML page, '\(title.prefix(80))'"
    }
}

extension Substring {
    /// Finds an ASCII text, whatever its case.
    fileprivate func range(ofASCII word: String) -> Range<Index>? {
        let wanted = Array(word.lowercased().utf8)
        var index = startIndex
        while index < endIndex {
            let rest = self[index...].utf8.prefix(wanted.count)
            if rest.count < wanted.count { return nil }
            if rest.elementsEqual(wanted, by: { ($0 >= 0x41 && $0 <= 0x5A ? $0 | 0x20 : $0) == $1 })
            {
                return index..<utf8.index(index, offsetBy: wanted.count)
            }
            formIndex(after: &index)
        }
        return nil
    }
}
