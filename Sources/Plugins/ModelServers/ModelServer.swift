internal import HTTP
package import JSON
package import PluginKit

/// A server of models; its requests are repeated if that may help.
package final class ModelServer: Sendable {
    private let settings: ServerSettings
    private let headers: Headers
    private let secret: Secret
    private let log: Logger
    private let client = Client()
    private let admission = AdmissionQueue()

    /// The length at which an answer is abandoned.
    private static let longestAnswer = 256 << 20
    private static let longestError = 64 << 10

    /// The time that a stream may stay open after its last event.
    private static let longestGoodbye = Duration.milliseconds(100)
    private static let longestConnect = Duration.seconds(30)

    /// - Parameters:
    ///   - headers: The headers that the server requires besides those in the settings.
    ///   - log: Gets a message about each repetition.
    package init(
        _ settings: ServerSettings, headers: [(name: String, value: String)], log: Logger
    ) {
        self.settings = settings
        self.log = log
        // The user's headers replace those that would be sent.
        let names = Set(settings.headers.map { $0.name.lowercased() })
        var all = Headers()
        for header in headers + [("Content-Type", "application/json")]
        where !names.contains(header.name.lowercased()) {
            all.append(header.name, header.value)
        }
        for header in settings.headers { all.append(header.name, header.value) }
        self.headers = all
        secret = Secret(([settings.key].compactMap { $0 }) + settings.headers.map(\.value))
    }

    /// The scheme, host and port.
    package var origin: String { settings.base.origin }

    // MARK: Requests

    package func get(_ path: String) async throws -> Value {
        try await repeating(mayRepeat: { true }) {
            try await self.send("GET", path, []) { try await self.value(of: $0) }
        }
    }

    package func post(_ path: String, _ body: Value) async throws -> Value {
        var json: [UInt8] = []
        json.appendJSON(value: body)
        return try await repeating(mayRepeat: { true }) { [json] in
            try await self.send("POST", path, json) { try await self.value(of: $0) }
        }
    }

    /// Asks for an answer that should come in one piece.
    ///
    /// - Parameter read: Gets the answer, again after each repetition.
    package func post<R>(
        _ path: String, _ body: Value, _ read: (Answer) async throws -> R
    ) async throws -> R {
        var json: [UInt8] = []
        json.appendJSON(value: body)
        return try await repeating(mayRepeat: { true }) { [json] in
            try await self.send("POST", path, json) { try await self.answer(in: $0, read) }
        }
    }

    /// Asks for an answer in pieces.
    ///
    /// - Parameters:
    ///   - sink: The destination of the pieces. Once it has some, an answer that breaks off is not
    ///     requested again.
    ///   - read: Gets the answer, again after each repetition.
    package func stream<R>(
        _ path: String, _ body: Value, into sink: AnswerSink,
        _ read: (Answer) async throws -> R
    ) async throws -> R {
        var json: [UInt8] = []
        json.appendJSON(value: body)
        return try await repeating(mayRepeat: { !sink.hasBegun }) { [json] in
            try await self.send("POST", path, json) { try await self.answer(in: $0, read) }
        }
    }

    /// Passes on an answer in the form that it actually has, whatever was requested and whatever
    /// its headers say.
    private func answer<R>(
        in response: Response, _ read: (Answer) async throws -> R
    ) async throws -> R {
        let opening = try await Opening(response)
        guard opening.isEventStream else {
            return try await read(.whole(try await value(of: response, opening)))
        }
        let result = try await read(.events(Events(response, beginning: opening.bytes)))
        await response.drain(within: Self.longestGoodbye)
        return result
    }

    package enum Answer {
        case events(Events)
        case whole(Value)
    }

    private func send<R>(
        _ method: String, _ path: String, _ body: [UInt8],
        _ read: (Response) async throws -> R
    ) async throws -> R {
        var request = Request(
            method, try settings.base.appending(path: path), headers: headers, body: body,
            silence: settings.timeout)
        request.connectTimeout = min(Self.longestConnect, settings.timeout)
        return try await client.withResponse(to: request) { response in
            if let allowance = Allowance(response.headers, now: secondsSince1970) {
                admission.note(allowance)
            }
            if (200..<300).contains(response.status) { return try await read(response) }
            let body = await response.beginning(limit: Self.longestError)
            var error = ServerError(
                status: response.status, headers: response.headers, body: body,
                now: secondsSince1970)
            error.message = secret.hidden(in: error.message)
            throw error
        }
    }

    private func value(of response: Response, _ opening: Opening? = nil) async throws -> Value {
        let body = (opening?.bytes ?? []) + (try await response.body(limit: Self.longestAnswer))
        do { return try Value(parsing: body) } catch {
            if body.first == UInt8(ascii: "<") {
                throw Malformed("a web page in place of an answer; see 'base_url'")
            }
            throw Malformed("an answer that is not JSON: \(error)")
        }
    }

    // MARK: Repetition

    private func repeating<R>(
        mayRepeat: () -> Bool, _ attempt: () async throws -> R
    ) async throws -> R {
        var (tries, failures) = (0, 0)
        while true {
            let pass = try await admission.enter(isRepetition: tries > 0)
            tries += 1
            do {
                let result = try await attempt()
                admission.leave(pass, .answered)
                return result
            } catch {
                let problem = Problem(error)
                let chance = Double.random(in: 0...1)
                let pause: Duration?
                if let refusal = problem.refusal,
                    let shared = settings.retries.pause(
                        afterRefusals: pass.pausesInARow + 1, asked: refusal.retryAfter,
                        chance: chance)
                {
                    // All wait for it in the queue.
                    let isHopeless = admission.leave(
                        pass, refusedWith: refusal, pause: shared,
                        waitingFor: settings.retries.most)
                    let isLast = isHopeless || tries - failures > settings.retries.mostRefusals
                    pause = isLast ? nil : .zero
                } else {
                    admission.leave(pass, .failed)
                    failures += 1
                    pause = settings.retries.pause(
                        after: failures, asked: problem.retryAfter, chance: chance)
                }
                try Task.checkCancellation()
                guard problem.isRetryable, mayRepeat(), let pause else {
                    throw tries > 1 ? Tried(times: tries, error: error) : error
                }
                log.debug("trying again", ["because": text(of: error)])
                if pause > .zero { try await Task.sleep(for: pause) }
            }
        }
    }

    // MARK: Errors

    /// Runs `body`, and gives its errors the words and the kind that the host should see.
    package func reportingErrors<R>(_ body: () async throws -> R) async throws -> R {
        do {
            return try await body()
        } catch {
            throw report(error)
        }
    }

    /// - Returns: The error as the host should see it.
    package func report(_ error: any Error) -> any Error {
        let tried = error as? Tried
        let error = tried?.error ?? error
        let ending = tried.map { " (tried \($0.times) times)" } ?? ""
        switch error {
        case let error as ServerError:
            return kinded(error.kind, text(of: error) + ending)
        case let error as HTTPError:
            return switch error.kind {
            case .cancelled: CancellationError()
            case .unreachable, .interrupted, .silent: kinded(.unavailable, error.message + ending)
            case .invalid, .untrusted, .tooLong: kinded(nil, error.message)
            }
        case is CutOff: return kinded(.unavailable, text(of: error) + ending)
        case let error as Malformed: return kinded(nil, text(of: error) + ending)
        default: return error
        }
    }

    private func kinded(_ kind: CallError.Kind?, _ text: String) -> any Error {
        kind.map { CallError($0, text) } ?? Failed(description: text)
    }

    private func text(of error: any Error) -> String {
        switch error {
        case let error as ServerError: text(of: error)
        case let error as CutOff:
            "'\(origin)' ended its answer too early"
                + (error.words.isEmpty ? "" : ": \(secret.hidden(in: error.words))")
        case let error as Malformed: "'\(origin)' sent \(secret.hidden(in: error.description))"
        default: "\(error)"
        }
    }

    private func text(of error: ServerError) -> String {
        var words = error.message.isEmpty ? "" : ": \(secret.hidden(in: error.message))"
        if error.isRetryable, let asked = error.retryAfter, asked > RetryPolicy.longestAsked {
            let (asked, most) = (asked / .seconds(1), RetryPolicy.longestAsked / .seconds(1))
            words +=
                "; it asks to be left alone for \(Int(asked)) seconds, and \(Int(most)) is the most "
                + "that is waited"
        }
        return switch error.status {
        case 0: "'\(origin)' broke off with an error\(words)"
        case 300..<400:
            "'\(origin)' sends requests to another server (\(error.status)); set 'base_url' to it"
        case 401 where settings.key == nil:
            "'\(origin)' wants a key (401); set 'api_key' or \(settings.keyVariable)\(words)"
        case 401:
            "'\(origin)' refused the key (401); see 'api_key' or \(settings.keyVariable)\(words)"
        case 402: "'\(origin)' wants to be paid first (402)\(words)"
        case 403: "'\(origin)' does not let this 'api_key' do that (403)\(words)"
        case 404 where error.message.isEmpty:
            "'\(origin)' has nothing at that address (404); see 'base_url'"
        default: "'\(origin)' answered with status \(error.status)\(words)"
        }
    }
}

/// Returns the server's refusal of a request, which may have come after repetitions.
package func refusal(in error: any Error) -> ServerError? {
    ((error as? Tried)?.error ?? error) as? ServerError
}

/// An error that remains after some repetitions.
private struct Tried: Error {
    let times: Int
    let error: any Error
}

private struct Failed: Error, CustomStringConvertible {
    let description: String
}

/// An answer in pieces that ended before it was complete.
struct CutOff: Error {
    /// The text that the server wrote instead of the rest, in one line.
    let words: String

    init(words: String) {
        // A page for people has too much around its message.
        self.words = words.hasPrefix("<") ? "" : oneLine(words)
    }
}

/// An answer that does not have the required form.
package struct Malformed: Error, Equatable, CustomStringConvertible {
    /// A description of the answer: "an answer without 'choices'".
    package let description: String

    package init(_ description: String) { self.description = description }
}

/// The facts that decide on repetition.
private struct Problem {
    let isRetryable: Bool
    var retryAfter: Duration?

    /// The error, if it says that there are too many requests and not that this one is at fault.
    var refusal: ServerError?

    /// The codes for such a refusal within a stream, which has no separate status.
    private static let refusals: Set = [
        "overloaded_error", "rate_limit_error", "rate_limit_exceeded",
    ]

    init(_ error: any Error) {
        switch error {
        case let error as ServerError:
            isRetryable = error.isRetryable
            retryAfter = error.retryAfter
            let isRefusal =
                [429, 529].contains(error.status) || error.retryAfter != nil
                || !Self.refusals.isDisjoint(with: error.codes)
            refusal = error.isRetryable && isRefusal ? error : nil
        case let error as HTTPError:
            // A server that was silent for a long time is busy enough.
            isRetryable = error.kind == .unreachable || error.kind == .interrupted
        default: isRetryable = error is CutOff
        }
    }
}
