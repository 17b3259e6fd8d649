/// The reason why a server did not do what it was asked.
package enum MCPError: Error, Equatable {
    /// The server could not be started or reached.
    case unreachable(String)

    /// The server's process ended, either before or after it received the request.
    case ended(String)

    /// The server no longer knows the session, so it has done nothing.
    case sessionLost(String)

    /// - Parameter note: More about the failure, to follow the time.
    case timedOut(after: Duration, note: String = "")

    /// The server refused the request.
    case refused(RPCError)

    /// An HTTP status without an answer in the protocol's own form, and advice about it.
    case rejected(status: Int, String)

    /// The request cannot be made to this server.
    case misused(String)

    /// The server broke the protocol, or uses a version that is unknown here.
    case misbehaved(String)
}

extension MCPError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .unreachable(let reason), .ended(let reason), .sessionLost(let reason),
            .misused(let reason):
            reason
        case .timedOut(let limit, let note):
            "the MCP server did not answer within \(limit.inSeconds)\(note)"
        case .refused(let error): "the MCP server says: \(error)"
        case .rejected(let status, let text):
            "the MCP server answered with HTTP status \(status)"
                + (text.isEmpty ? "" : ": \(text)")
        case .misbehaved(let what): "the MCP server \(what)"
        }
    }
}

extension MCPError {
    /// Returns the same error with its text changed.
    func mapText(_ change: (String) -> String) -> MCPError {
        switch self {
        case .unreachable(let reason): .unreachable(change(reason))
        case .ended(let reason): .ended(change(reason))
        case .sessionLost(let reason): .sessionLost(change(reason))
        case .misused(let reason): .misused(change(reason))
        case .misbehaved(let what): .misbehaved(change(what))
        case .rejected(let status, let text): .rejected(status: status, change(text))
        case .refused(let error):
            .refused(RPCError(code: error.code, message: change(error.message), data: error.data))
        case .timedOut(let limit, let note): .timedOut(after: limit, note: change(note))
        }
    }
}

extension Duration {
    /// The duration in a form such as `1.5 s`.
    var inSeconds: String {
        let seconds = self / .seconds(1)
        return seconds == seconds.rounded() ? "\(Int(seconds)) s" : "\(seconds) s"
    }
}
