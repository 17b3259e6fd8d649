package import HTTP
package import JSON
package import PluginKit

/// What a server answered instead of a result.
package struct ServerError: Error, Sendable, Equatable {
    /// Of the answer, or of the error within a stream that had begun well; 0 if it has none.
    package var status: Int

    /// In the server's words.
    package var message: String

    /// Its words for programs, such as `rate_limit_exceeded`.
    package var codes: [String]

    /// The pause that the server asks for.
    package var retryAfter: Duration?

    /// Whether the server says that the request should be sent again, or should not.
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

    /// Reads an answer whose status is no success.
    package init(status: Int, headers: Headers, body: [UInt8], now: Int) {
        self.init(
            status: status, message: "", retryAfter: headers.retryAfter(now: now),
            advice: headers["x-should-retry"].flatMap { Bool($0) })
        if let value = try? Value(parsing: body) {
            read(value)
        } else {
            // A page for people has too much around what it says.
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

    /// Finds what is known in the shapes that OpenAI, Anthropic, vLLM, Ollama, llama.cpp and
    /// FastAPI have.
    private mutating func read(_ value: Value) {
        let inner = value["error"] ?? value
        message =
            inner.string ?? inner["message"]?.string ?? value["message"]?.string
            ?? value["detail"].map(detail) ?? ""
        for name in ["code", "type"] {
            guard let code = inner[name], code != .null else { continue }
            codes.append(code.string ?? code.description)
        }
    }

    /// FastAPI has a text there, or a list of what is wrong and where.
    private func detail(_ value: Value) -> String {
        guard let items = value.array else { return value.string ?? value.description }
        let texts = items.map { $0["msg"]?.string ?? $0.description }
        return texts.joined(separator: "; ")
    }

    /// Whether the same request may succeed soon.
    package var isRetryable: Bool {
        if let advice { return advice }
        // More waiting brings no more money.
        if status == 402 || codes.contains(where: Self.wantsMoney.contains) { return false }
        return kind == .exhausted || kind == .unavailable
    }

    /// Of the errors that may come within a stream only the words tell.
    package var kind: CallError.Kind? {
        switch status {
        case 401, 403: .notPermitted
        case 402, 429: .exhausted
        case 404: .notFound
        case 408, 409, 500...: .unavailable
        case 400..<500: .invalidArgument
        default: codes.lazy.compactMap { Self.kinds[$0] }.first
        }
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

/// In one line and not too long, as messages are.
private func oneLine(_ text: String) -> String {
    let words = text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
    return words.count > 600 ? "\(words.prefix(600))…" : words
}
