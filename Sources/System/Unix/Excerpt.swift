/// The beginning and the end of bytes that may be too many to keep.
package struct Excerpt: Equatable, Sendable {
    private let half: Int
    package private(set) var beginning: [UInt8] = []
    private var rest: [UInt8] = []

    /// How many bytes there were.
    package private(set) var count = 0

    /// - Parameter limit: How many bytes to keep.
    package init(limit: Int) { half = max(1, limit / 2) }

    package mutating func append(_ bytes: some Collection<UInt8>) {
        count += bytes.count
        let first = bytes.prefix(half - beginning.count)
        beginning += first
        rest += bytes.dropFirst(first.count)
        // Not for each byte.
        if rest.count > 4 * half { rest.removeFirst(rest.count - half) }
    }

    /// What came last, as far as it is not in `beginning`.
    package var end: ArraySlice<UInt8> { rest.suffix(half) }

    /// How many bytes between the two are lost.
    package var omitted: Int { count - beginning.count - end.count }
}
