/// The open containers at some position in a text, one bit each.
struct Nesting {
    /// The most levels that are accepted; orjson stops at 1024 and Python's json near 1000.
    static let limit = 1000

    private var objects = InlineArray<16, UInt64>(repeating: 0)
    private(set) var depth: Int

    /// - Parameter depth: The number of open containers around the text.
    init(depth: Int) { self.depth = depth }

    /// True if the innermost container is an object, not an array.
    var isInObject: Bool { objects[depth >> 6] >> UInt64(depth & 63) & 1 == 1 }

    /// - Returns: False if that is one level too many.
    mutating func open(object: Bool) -> Bool {
        guard depth < Self.limit else { return false }
        depth += 1
        let bit: UInt64 = 1 << UInt64(depth & 63)
        if object { objects[depth >> 6] |= bit } else { objects[depth >> 6] &= ~bit }
        return true
    }

    mutating func close() { depth -= 1 }
}
