/// The beginning and the end of bytes that may be too many to keep.
package struct Excerpt: Equatable, Sendable {
    private let half: Int
    package private(set) var beginning: [UInt8] = []
    private var rest: [UInt8] = []

    /// The number of all bytes.
    package private(set) var count = 0

    /// - Parameter limit: The number of bytes to keep.
    package init(limit: Int) { half = max(1, limit / 2) }

    package mutating func append(_ bytes: some Collection<UInt8>) {
        count += bytes.count
        let first = bytes.prefix(half - beginning.count)
        beginning += first
        rest += bytes.dropFirst(first.count)
        // This is not done for each byte.
        if rest.count > 4 * half { rest.removeFirst(rest.count - half) }
    }

    /// The last bytes, as far as they are not in `beginning`.
    package var end: ArraySlice<UInt8> { rest.suffix(half) }

    /// The number of bytes between the two, which are lost.
    package var omitted: Int { count - beginning.count - end.count }
}
