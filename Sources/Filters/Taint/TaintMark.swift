package import JSON
internal import OpenSSL

/// The members `taint` and `taint_digest` of a message or a tool's definition: the sources of what
/// it was made from, and digests by which a reader sees that neither was changed.
package struct TaintMark: Sendable {
    package let sources: TaintSources

    /// The digest of the message, followed by that of each of its calls; empty if it could not be
    /// signed.
    private let digests: [String]

    package static let sourcesKey = "taint"
    package static let digestKey = "taint_digest"

    /// A call as a mark covers it.
    package struct Call: Sendable {
        let id, name, arguments: String

        package init(id: String, name: String, arguments: String) {
            self.id = id
            self.name = name
            self.arguments = arguments
        }

        fileprivate func digest(_ key: TaintKey, _ sources: [String]) -> String {
            key.digest("call", [id, name, arguments] + sources)
        }
    }

    /// Marks an assistant's message.
    ///
    /// - Parameter key: Nil to leave it unsigned, and so to let all readers doubt it.
    package init(answer text: String, calls: [Call], sources: TaintSources, key: TaintKey?) {
        self.sources = sources
        digests =
            key.map { key in
                [Self.digest(key, role: "assistant", callID: "", text, sources.names)]
                    + calls.map { $0.digest(key, sources.names) }
            } ?? []
    }

    /// Marks a tool's message.
    package init(result text: String, callID: String, sources: TaintSources, key: TaintKey?) {
        self.sources = sources
        digests =
            key.map { [Self.digest($0, role: "tool", callID: callID, text, sources.names)] } ?? []
    }

    /// Marks the definition of a tool.
    package init(definition function: Value, sources: TaintSources, key: TaintKey?) {
        self.sources = sources
        digests = key.map { [Self.digest($0, definition: function, sources.names)] } ?? []
    }

    private static func digest(
        _ key: TaintKey, role: String, callID: String, _ text: String, _ sources: [String]
    ) -> String {
        key.digest("message", [role, callID, text] + sources)
    }

    private static func digest(
        _ key: TaintKey, definition: Value, _ sources: [String]
    ) -> String {
        key.digest("tool", [String(decoding: definition.canonical, as: UTF8.self)] + sources)
    }

    /// The two members.
    package var members: Members {
        [
            Self.sourcesKey: sources.value,
            Self.digestKey: .array(digests.map { .string($0) }),
        ]
    }

    /// Adds the two members to an object.
    package func add(to object: inout [UInt8]) {
        let end = object.removeLast()
        for (key, value) in members {
            object.append(UInt8(ascii: ","))
            object.appendJSON(string: key)
            object.append(UInt8(ascii: ":"))
            object.appendJSON(value: value)
        }
        object.append(end)
    }
}

/// The reading of marks.
extension TaintMark {
    /// Returns the sources that an object names, whether or not that is signed; nil if it has no
    /// list of them.
    static func claimed(_ object: Value) -> [String]? {
        guard let elements = object[sourcesKey]?.array else { return nil }
        let names = elements.compactMap(\.string)
        return names.count == elements.count ? names : nil
    }

    /// Returns the sources of a message whose mark fits it; nil for all others.
    package static func sources(of message: Value, key: TaintKey?) -> [String]? {
        guard let key, let names = claimed(message), let role = message["role"]?.string else {
            return nil
        }
        let callID = role == "tool" ? message["tool_call_id"]?.string ?? "" : ""
        let expected = digest(key, role: role, callID: callID, text(of: message), names)
        return isSame(message[digestKey]?.array?.first, expected) ? names : nil
    }

    /// Returns the sources of a call of a message; nil if the mark does not cover it as it is now.
    package static func sources(of call: Call, in message: Value, key: TaintKey?) -> [String]? {
        guard let key, let names = claimed(message) else { return nil }
        let expected = call.digest(key, names)
        let digests = message[digestKey]?.array?.dropFirst() ?? []
        return digests.contains { isSame($0, expected) } ? names : nil
    }

    /// Returns the sources of a tool's definition whose mark fits it; nil for all others.
    static func sources(ofDefinition definition: Value, key: TaintKey?) -> [String]? {
        guard let key, let names = claimed(definition), let function = definition["function"] else {
            return nil
        }
        let expected = digest(key, definition: function, names)
        return isSame(definition[digestKey]?.array?.first, expected) ? names : nil
    }

    private static func isSame(_ digest: Value?, _ expected: String) -> Bool {
        digest?.string.map { SHA256.areEqual($0, expected) } ?? false
    }

    private static func text(of message: Value) -> String {
        switch message["content"] {
        case .string(let text)?: text
        case nil, .null?: ""
        case let other?: String(decoding: other.canonical, as: UTF8.self)
        }
    }
}
