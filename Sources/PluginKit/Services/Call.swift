import GRPC
internal import GivenSettings
import SwiftProtobuf

/// Makes a handler that reads one message and answers with one.
func unary<Request: SwiftProtobuf.Message, Response: SwiftProtobuf.Message>(
    _ method: String, executes place: Handler.Place = .onPool,
    _ answer: @escaping @Sendable (Request) async throws -> Response
) -> Handler {
    .unary(method, executes: place) { bytes, context in
        try await Caller.$current.withValue(Caller(context.connection)) {
            try await answer(read(bytes)).serializedBytes()
        }
    }
}

/// Makes a handler that reads one message and answers with any number of them.
func streaming(
    _ method: String,
    _ answer: @escaping @Sendable ([UInt8], StreamWriter) async throws -> Void
) -> Handler {
    .serverStreaming(method) { bytes, stream, context in
        try await Caller.$current.withValue(Caller(context.connection)) {
            try await answer(bytes, stream)
        }
    }
}

func read<Request: SwiftProtobuf.Message>(_ bytes: [UInt8]) throws(GRPCError) -> Request {
    do {
        return try Request(serializedBytes: bytes)
    } catch {
        throw GRPCError(.internal, "the request is not a \(Request.protoMessageName)")
    }
}

/// Gives an error of `body` a status, for answers without a field for an error: UNKNOWN, or the
/// status of a ``CallError``.
func reportingStatus<R>(_ body: () async throws -> R) async throws -> R {
    do {
        return try await body()
    } catch let error as CancellationError {
        throw error
    } catch let error as GRPCError {
        throw error
    } catch let error as CallError {
        throw GRPCError(error)
    } catch {
        throw GRPCError(.unknown, text(of: error))
    }
}

extension GRPCError {
    fileprivate init(_ error: CallError) {
        let code: Code =
            switch error.kind {
            case .exhausted: .resourceExhausted
            // Not UNAVAILABLE, which means a lost connection to the plugin.
            case .unavailable: .aborted
            case .invalidArgument: .invalidArgument
            case .notFound: .notFound
            case .notPermitted: .permissionDenied
            }
        self.init(code, text(of: error))
    }
}

/// - Returns: The error of `body` for the `error` field of an answer; empty if it succeeds.
func errorText(_ body: () async throws -> Void) async -> String {
    do {
        try await body()
        return ""
    } catch {
        return text(of: error)
    }
}

/// - Returns: The error of `body` for the `error` field of an answer; empty if it succeeds.
/// - Throws: The status of a ``CallError``, which says more than the field can.
func errorTextOrStatus(_ body: () async throws -> Void) async throws -> String {
    do {
        try await body()
        return ""
    } catch let error as CallError {
        throw GRPCError(error)
    } catch {
        return text(of: error)
    }
}

/// Returns the text of an error. It is never empty, because an empty `error` means success.
func text(of error: any Error) -> String {
    let text = KnownSecrets.redacted(String(describing: error))
    return text.isEmpty ? "failed without saying why" : text
}

/// Performs many requests at once and turns each result into an answer.
///
/// - Parameter perform: A function that may throw; the error is then the answer to every request.
/// - Throws: The status of a ``CallError`` that `perform` throws.
func answers<Request, Value, Answer>(
    _ requests: [Request],
    _ perform: ([Request]) async throws -> [Result<Value, any Error>],
    answer: (Result<Value, any Error>) -> Answer
) async throws -> [Answer] {
    do {
        let results = try await perform(requests)
        guard results.count == requests.count else {
            throw BatchError(requests: requests.count, results: results.count)
        }
        return results.map(answer)
    } catch let error as CallError {
        throw GRPCError(error)
    } catch {
        return requests.map { _ in answer(.failure(error)) }
    }
}
