/// What is known of a document from earlier runs.
struct Entry: Equatable, Sendable {
    /// In bytes.
    var size = 0

    /// Nanoseconds since 1970. -1 if the file may have changed since without that showing.
    var modified = -1

    /// The SHA-256 of what it was, and of how its text is got out of it. Empty for none yet.
    var digest = ""

    /// How many records of it there are: those with the numbers from 1 on.
    var chunks = 0

    /// The records that may be in the collection have numbers up to this.
    var possible = 0

    /// Whether what is in the collection may be something else.
    var isDirty = false

    /// Why it has no records although it is there.
    var skipped: Skipped?

    enum Skipped: UInt8 {
        case notText = 1
    }

    /// Whether the collection has what it must not have.
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

    /// - Returns: Nil for what another version has written.
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
