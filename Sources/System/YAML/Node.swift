/// A value in a document, and its place.
///
/// An alias is the same node as its anchor's, so a document takes memory in proportion to its text,
/// however large it is when expanded.
package final class Node: Sendable {
    package enum Content: Sendable {
        case scalar(Scalar)
        case sequence([Node])
        /// The entries in the order written. Keys are unique.
        case mapping([Entry])
    }

    /// A key of a mapping and its value. A key is the text of a scalar, so
    /// `1` and `"1"` are the same key.
    package struct Entry: Sendable {
        package let key: String
        package let mark: Mark
        package let value: Node
    }

    package let content: Content
    package let mark: Mark

    /// The number of nodes and bytes of text, with every alias expanded.
    let size: Int

    /// The number of nodes from this one to its deepest leaf, including both.
    let depth: Int

    init(_ content: Content, at mark: Mark) {
        self.content = content
        self.mark = mark
        switch content {
        case .scalar(let scalar):
            size = 1 + scalar.text.utf8.count
            depth = 1
        case .sequence(let nodes):
            size = nodes.reduce(1) { $0 + $1.size }
            depth = 1 + (nodes.lazy.map(\.depth).max() ?? 0)
        case .mapping(let entries):
            size = entries.reduce(1) { $0 + 1 + $1.key.utf8.count + $1.value.size }
            depth = 1 + (entries.lazy.map(\.value.depth).max() ?? 0)
        }
    }

    package var scalar: Scalar? {
        if case .scalar(let scalar) = content { scalar } else { nil }
    }

    package var elements: [Node]? {
        if case .sequence(let nodes) = content { nodes } else { nil }
    }

    package var entries: [Entry]? {
        if case .mapping(let entries) = content { entries } else { nil }
    }

    package subscript(_ key: String) -> Node? { entries?.first { $0.key == key }?.value }

    package var isNull: Bool { scalar?.kind == .null }

    /// The kind of this node, worded to follow "is" in a message.
    package var description: String {
        switch content {
        case .sequence: "a list"
        case .mapping: "a mapping"
        case .scalar(let scalar):
            switch scalar.kind {
            case .null: "empty"
            case .bool: "a boolean"
            case .integer, .float: "a number"
            case .string: "a string"
            }
        }
    }
}
