/// The members of an object in the order written, including duplicates.
package struct Members: Sendable, RandomAccessCollection {
    private var pairs: [(key: String, value: Value)]

    package init(_ pairs: [(String, Value)] = []) { self.pairs = pairs.map { ($0, $1) } }

    package var startIndex: Int { 0 }
    package var endIndex: Int { pairs.count }
    package subscript(position: Int) -> (key: String, value: Value) { pairs[position] }

    package mutating func append(_ key: String, _ value: Value) { pairs.append((key, value)) }

    /// The value of the last member with that name, the one that most readers of JSON use.
    package subscript(key: String) -> Value? {
        // Equal strings may differ in their bytes, and are then different keys.
        pairs.last { $0.key.utf8.elementsEqual(key.utf8) }?.value
    }
}

extension Members: Equatable {
    package static func == (left: Members, right: Members) -> Bool {
        left.pairs.elementsEqual(right.pairs) { $0.key == $1.key && $0.value == $1.value }
    }
}

extension Members: ExpressibleByDictionaryLiteral {
    package init(dictionaryLiteral elements: (String, Value)...) { self.init(elements) }
}
