package import HTTP
package import JSON
package import PluginKit

/// A server's error in place of a result.
package struct ServerError: Error, Sendable, Equatable {
    /// The status of the answer, or of the error within a stream that had begun well; 0 if it has
    /// none.
    package var status: Int

    /// The message in the server's words.
    package var message: String

    /// The server's codes for programs, such as `rate_limit_exceeded`.
    package var codes: [String]

    /// The pause that the server asks for.
    package var retryAfter: Duration?

    /// The server's advice whether to send the request again; nil if it gives none.
    package var advice: Bool?

    package init(
        status: Int, message: String, codes: [String] = [], retryAfter: Duration? = nil,
        advice: Bool? = nil
    ) {
        self.status = status
        self.message = message
        self.codes = codes
        self.retryAfter = retryAfter
        self.advice = advice
    }

    /// Reads an answer whose status reports a failure.
    package init(status: Int, headers: Headers, body: [UInt8], now: Int) {
        self.init(
            status: status, message: "", retryAfter: headers.retryAfter(now: now),
            advice: headers["x-should-retry"].flatMap { Bool($0) })
        if let value = try? Value(parsing: body) {
            read(value)
        } else {
            // A page for people has too much around its message.
            let text = String(decoding: body.prefix(300), as: UTF8.self)
            message = text.hasPrefix("<") ? "" : text
        }
        message = oneLine(message)
    }

    /// Reads an error that is a whole JSON value, as within a stream.
    package init(_ value: Value) {
        self.init(status: 0, message: "")
        read(value)
        if message.isEmpty { message = value.description }
        message = oneLine(message)
        let numbers = codes.compactMap { Int($0) }
        status = numbers.first { (400...599).contains($0) } ?? 0
    }

    /// Reads an error within a stream: JSON, or else a text.
    package init(text: String) {
        if let value = try? Value(parsing: Array(text.utf8)) {
            self.init(value)
        } else {
            self.init(status: 0, message: oneLine(text))
        }
    }

    /// Reads an error; fails for a value that is not an error in a known form.
    package init?(in value: Value) {
        if let error = value["error"], ![.null, false, "", [:]].contains(error) {
            self.init(value)
        } else if value["object"] == "error" || value["type"] == "error" {
            self.init(value)
        } else if value["choices"]?.array == nil, value["content"]?.array == nil,
            Self.wordNames.contains(where: { value[$0].map { $0 != .null } ?? false }),
            value["message"]?.object == nil
        {
            self.init(value)
        } else {
            return nil
        }
    }

    /// The members that hold the message of an error without an `error` member.
    private static let wordNames = ["message", "detail", "error_msg", "errors", "msg"]

    /// Finds the known parts in the forms of OpenAI, Anthropic, vLLM, Ollama, llama.cpp, FastAPI,
    /// OpenRouter, DashScope and Gemini.
    private mutating func read(_ value: Value) {
        // Gemini puts its only error into an array.
        let value = value.array?.first ?? value
        let inner = value["error"] ?? value["errors"]?.array?.first ?? value
        let words = [inner, value].flatMap { place in
            [place.string] + Self.wordNames.map { place[$0].flatMap(Self.words) }
        }
        message = words.compactMap { $0 }.first { !$0.isEmpty } ?? ""
        // This is the message of the server behind this one.
        if let raw = inner["metadata"]?["raw"]?.string, !raw.isEmpty { message += ": \(raw)" }
        for name in ["code", "status_code", "error_code", "status", "type"] {
            guard let code = inner[name], code != .null, code.object == nil else { continue }
            codes.append(code.string ?? code.description)
        }
    }

    private static func words(_ value: Value) -> String? {
        switch value {
        case .string(let text): text
        case .array: detail(value)
        case .object: value["message"]?.string ?? value.description
        default: nil
        }
    }

    /// Returns the text of FastAPI's detail, which is a text or a list of mistakes with their
    /// places.
    private static func detail(_ value: Value) -> String {
        guard let items = value.array else { return value.string ?? value.description }
        let texts = items.map { item in
            item.string ?? item["msg"]?.string ?? item["message"]?.string ?? item.description
        }
        return texts.joined(separator: "; ")
    }

    /// True if the same request may succeed soon.
    package var isRetryable: Bool {
        if let advice { return advice }
        // A server that does not support something will not support it in a moment.
        if status == 501 { return false }
        // The request, or the model's own answer, cannot be read, which does not change with time.
        if isUnreadable { return false }
        // Waiting does not bring more money.
        if status == 402 || codes.contains(where: Self.wantsMoney.contains) { return false }
        return kind == .exhausted || kind == .unavailable
    }

    /// The kind of an error; for one within a stream, it follows from the codes alone.
    package var kind: CallError.Kind? {
        switch status {
        case 401, 403: .notPermitted
        case 402, 429: .exhausted
        case 404: .notFound
        case 500 where isUnreadable: .invalidArgument
        case 408, 409, 500...: .unavailable
        case 400..<500: .invalidArgument
        default: codes.lazy.compactMap { Self.kinds[$0] }.first
        }
    }

    /// True for llama.cpp's status 500 for a tool call whose arguments are not JSON, whether from
    /// the conversation or from the model itself.
    private var isUnreadable: Bool {
        status == 500
            && (message.contains("json.exception") || message.contains("Failed to parse"))
    }

    private static let wantsMoney: Set = [
        "billing_error", "insufficient_balance", "insufficient_credits", "insufficient_quota",
    ]

    private static let kinds: [String: CallError.Kind] = [
        "api_error": .unavailable, "authentication_error": .notPermitted,
        "billing_error": .exhausted, "insufficient_balance": .exhausted,
        "insufficient_credits": .exhausted, "insufficient_quota": .exhausted,
        "invalid_request_error": .invalidArgument, "not_found_error": .notFound,
        "overloaded_error": .unavailable, "permission_error": .notPermitted,
        "rate_limit_error": .exhausted, "rate_limit_exceeded": .exhausted,
        "server_error": .unavailable, "timeout_error": .unavailable,
    ]
}

/// Returns the text in one line of limited length, as messages are.
func oneLine(_ text: String) -> String {
    let words = text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
    return words.count > 600 ? "\(words.prefix(600))…" : words
}
