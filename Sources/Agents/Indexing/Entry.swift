/// The facts known about a document from earlier runs.
struct Entry: Equatable, Sendable {
    /// The size in bytes.
    var size = 0

    /// The time in nanoseconds since 1970, or -1 if the file may have changed since without a new
    /// time.
    var modified = -1

    /// The SHA-256 of its bytes and of the way in which its text is extracted. Empty if there is
    /// none yet.
    var digest = ""

    /// The number of its records, which are numbered from 1.
    var chunks = 0

    /// The highest number of a record that may be in the collection.
    var possible = 0

    /// True if the collection may hold something else.
    var isDirty = false

    /// The reason why it has no records although it exists.
    var skipped: Skipped?

    enum Skipped: UInt8 {
        case notText = 1
    }

    /// True if the collection holds records that it must not have.
    var hasSurplus: Bool { possible > chunks }
}

extension Entry {
    private static let version: UInt8 = 1
    private static let integers = 4

    var bytes: [UInt8] {
        var bytes = [Self.version, isDirty ? 1 : 0, skipped?.rawValue ?? 0]
        for integer in [size, modified, chunks, possible] {
            for runningAgent in stride(from: 0, to: 64, by: 8) {
                bytes.append(UInt8(truncatingIfNeeded: integer >> runningAgent))
            }
        }
        return bytes + digest.utf8
    }

    /// - Returns: Nil for an entry that a different version has written.
    init?(_ bytes: [UInt8]) {
        guard bytes.count >= 3 + Self.integers * 8, bytes[0] == Self.version else { return nil }
        isDirty = bytes[1] != 0
        skipped = Skipped(rawValue: bytes[2])
        func integer(_ number: Int) -> Int {
            let start = 3 + number * 8
            return (0..<8).reduce(0) { $0 | Int(bytes[start + $1]) << ($1 * 8) }
        }
        size = integer(0)
        modified = integer(1)
        chunks = integer(2)
        possible = integer(3)
        digest = String(decoding: bytes[(3 + Self.integers * 8)...], as: UTF8.self)
    }
}
