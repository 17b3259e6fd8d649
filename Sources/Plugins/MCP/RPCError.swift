internal import JSON

/// A server's error in place of a result.
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

    /// True if the server refuses the revision that it was addressed in and supports others.
    ///
    /// The code was -32004 while revision 2026-07-28 was a draft.
    var isUnsupportedRevision: Bool {
        code == -32022 || (code == -32004 && data?["supported"]?.array != nil)
    }

    /// True if only a server of a stateless revision would send this error: that headers contradict
    /// the message, or that a client has to support more.
    var isStateless: Bool { isUnsupportedRevision || (-32021 ... -32020).contains(code) }

    /// True if the headers differ from those that the tool's schema asks for.
    var isHeaderMismatch: Bool { code == -32020 }

    /// Returns the revisions that the server supports, newest first as far as they are known here,
    /// if it refuses a revision and names others: in the error's data, or in its text.
    ///
    /// - Parameter refused: The revision that it was asked for.
    func otherRevisions(than refused: Revision) -> [Revision]? {
        let isRefusal = isUnsupportedRevision || supportedRevisions != nil
        let isRefusalInWords = ["protocol", "version"].allSatisfy(message.lowercased().contains)
        guard isRefusal || isRefusalInWords else { return nil }
        let named = supportedRevisions ?? []
        let known = Revision.allCases.filter { revision in
            revision != refused
                && (named.contains(revision.rawValue)
                    || named.isEmpty && message.contains(revision.rawValue))
        }
        if !known.isEmpty || !named.isEmpty { return known.reversed() }
        // Some say only that the revision is too new.
        let older = Revision.allCases.filter { $0 < refused }
        return (isUnsupportedRevision ? [.newestStateless] : []) + older.reversed()
    }

    /// The names of the revisions that the server supports, if it lists them.
    var supportedRevisions: [String]? {
        for key in [
            "supported", "supportedVersions", "supported_versions", "supportedProtocolVersions",
        ] {
            if let list = data?[key]?.array?.compactMap(\.string) { return list }
        }
        return nil
    }
}

extension RPCError: CustomStringConvertible {
    package var description: String {
        let list = supportedRevisions.map { "; it speaks \($0.joined(separator: ", "))" } ?? ""
        return "\(message) (error \(code))\(list)"
    }
}
