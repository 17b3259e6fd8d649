/// The sources of untrusted text, each once, in the order in which they came.
package struct TaintSources: Equatable, Sendable {
    package private(set) var names: [String] = []

    private var known: Set<String> = []

    /// The most sources that are listed one by one.
    private static let most = 64

    /// The most bytes of a name: an id may have any length.
    private static let longest = 200

    /// The name of all sources after the last one that is listed.
    package static let others = "others"

    package init(_ names: [String] = []) {
        for name in names { add(name) }
    }

    package var isEmpty: Bool { names.isEmpty }

    package mutating func add(_ name: String) {
        let name = name.utf8.count > Self.longest ? "\(Self.beginning(of: name))…" : name
        if known.contains(name) { return }
        guard names.count < Self.most else {
            if known.insert(Self.others).inserted { names.append(Self.others) }
            return
        }
        known.insert(name)
        names.append(name)
    }

    package mutating func add(_ others: TaintSources) {
        for name in others.names { add(name) }
    }

    private static func beginning(of name: String) -> Substring {
        var end = name.startIndex
        var bytes = 0
        while end < name.endIndex {
            bytes += name[end].utf8.count
            if bytes > longest { break }
            end = name.index(after: end)
        }
        return name[..<end]
    }
}

/// The names of sources in a list of them.
extension TaintSources {
    package static func passage(_ id: String) -> String { "passage \(id)" }
    package static func document(_ path: String) -> String { "document \(path)" }
    package static func file(_ path: String) -> String { "file \(path)" }
    package static func tool(_ name: String) -> String { "tool \(name)" }

    /// The descriptions of a plugin's tools, which come from a server.
    package static func descriptions(ofPlugin name: String) -> String { "descriptions of \(name)" }

    package static func description(ofTool name: String) -> String { "description of \(name)" }

    package static let standardInput = "standard input"

    /// An assistant's message whose mark is missing or does not fit: its sources are unknown.
    package static let unmarkedAnswer = "an answer without its mark"
}
