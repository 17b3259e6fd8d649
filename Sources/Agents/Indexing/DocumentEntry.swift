internal import Documents

/// The entry of a document in the state, which says how much of it is in the collection.
struct DocumentEntry: Equatable, Sendable {
    var status: Status

    /// The highest number of a record that may be in the collection.
    var possible: Int

    enum Status: Equatable, Sendable {
        /// Records may have been sent, but none was acknowledged.
        case unacknowledged
        /// The collection has all records of this version.
        case stored(Version)
        /// The collection had this version; some of its records may have been replaced since.
        case doubtful(Version)
    }

    /// The document from which the records were made.
    struct Version: Equatable, Sendable {
        /// The size in bytes.
        var size: Int

        /// The modification time in nanoseconds since 1970. Nil if the file may have changed later
        /// without a new time.
        var modified: Int?

        /// The SHA-256 of the document and of the command that extracts its text.
        var digest: String
        var content: Content
    }

    enum Content: Equatable, Sendable {
        /// The number of records, which are numbered from 1.
        case records(Int)
        case skipped(SkipReason.Code)
    }

    init(_ status: Status, possible: Int) {
        self.status = status
        self.possible = possible
    }

    /// An entry for a version of which all records are in the collection, or will be.
    init(_ version: Version) { self.init(.stored(version), possible: version.records) }

    /// The version that the collection has, or had.
    var version: Version? {
        switch status {
        case .unacknowledged: nil
        case .stored(let version), .doubtful(let version): version
        }
    }

    /// True if the collection has, or had, a version of the document that is text.
    var isDocument: Bool {
        guard case .records? = version?.content else { return false }
        return true
    }

    /// The number of records in the collection, as far as it is known.
    var records: Int { version?.records ?? 0 }

    /// True if the collection has records with higher numbers than it should.
    var hasSurplus: Bool { possible > records }

    /// Returns the entry while records of the document are being sent, or after some have failed.
    ///
    /// - Parameter possible: The highest number of a record that may be in the collection by then.
    func doubted(possible: Int = 0) -> DocumentEntry {
        DocumentEntry(
            version.map { .doubtful($0) } ?? .unacknowledged,
            possible: max(possible, self.possible))
    }
}

extension DocumentEntry.Version {
    var records: Int {
        switch content {
        case .records(let count): count
        case .skipped: 0
        }
    }

    /// True if the document has no records, for a reason that stays as long as its file does.
    var isSkipped: Bool {
        if case .skipped = content { true } else { false }
    }
}

// MARK: Encoding

extension DocumentEntry {
    private enum Tag: UInt8 {
        case unacknowledged, stored, doubtful
    }

    private static let hasTime: UInt8 = 1
    private static let isSkipped: UInt8 = 2
    private static let integers = 4

    /// The status, flags, four integers of 8 bytes with the lowest byte first, and the digest. The second
    /// is the number of records, or that of the reason for having none.
    var bytes: [UInt8] {
        let tag: Tag =
            switch status {
            case .unacknowledged: .unacknowledged
            case .stored: .stored
            case .doubtful: .doubtful
            }
        var flags: UInt8 = 0
        if version?.modified != nil { flags |= Self.hasTime }
        var content = records
        if case .skipped(let code)? = version?.content {
            flags |= Self.isSkipped
            content = SkipReason.Code.allCases.firstIndex(of: code)!
        }
        var bytes = [tag.rawValue, flags]
        for integer in [possible, content, version?.size ?? 0, version?.modified ?? 0] {
            for runningAgent in stride(from: 0, to: 64, by: 8) {
                bytes.append(UInt8(truncatingIfNeeded: integer >> runningAgent))
            }
        }
        return bytes + (version?.digest ?? "").utf8
    }

    /// - Returns: Nil for bytes that are not an entry.
    init?(_ bytes: [UInt8]) {
        let end = 2 + Self.integers * 8
        guard bytes.count >= end, let tag = Tag(rawValue: bytes[0]) else { return nil }
        func integer(_ number: Int) -> Int {
            let start = 2 + number * 8
            return (0..<8).reduce(0) { $0 | Int(bytes[start + $1]) << ($1 * 8) }
        }
        let codes = SkipReason.Code.allCases
        let code = codes.indices.contains(integer(1)) ? codes[integer(1)] : .notText
        let version = Version(
            size: integer(2), modified: bytes[1] & Self.hasTime != 0 ? integer(3) : nil,
            digest: String(decoding: bytes[end...], as: UTF8.self),
            content: bytes[1] & Self.isSkipped != 0 ? .skipped(code) : .records(integer(1)))
        possible = integer(0)
        status =
            switch tag {
            case .unacknowledged: .unacknowledged
            case .stored: .stored(version)
            case .doubtful: .doubtful(version)
            }
    }
}
