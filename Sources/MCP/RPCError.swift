internal import JSON

/// What a server answers instead of a result.
package struct RPCError: Error, Equatable {
    package let code: Int
    package let message: String
    let data: Value?

    init(code: Int, message: String, data: Value? = nil) {
        self.code = code
        self.message = message
        self.data = data
    }

    static let methodNotFound = -32601

    /// Whether the server speaks other revisions than the one it was spoken to in.
    ///
    /// -32004 was its number while revision 2026-07-28 was a draft.
    var isUnsupportedRevision: Bool {
        code == -32022 || (code == -32004 && data?["supported"]?.array != nil)
    }

    /// Whether only a server of a stateless revision would say this: that headers
    /// contradict the message, or that a client has to be able to do more.
    var isStateless: Bool { isUnsupportedRevision || (-32021 ... -32020).contains(code) }

    /// Whether the headers are not those that the tool's schema asks for.
    var isHeaderMismatch: Bool { code == -32020 }

    /// The revisions that the server speaks, if it says so.
    var supportedRevisions: [String]? {
        data?["supported"]?.array?.compactMap(\.string)
    }
}

extension RPCError: CustomStringConvertible {
    package var description: String { "\(message) (error \(code))" }
}
