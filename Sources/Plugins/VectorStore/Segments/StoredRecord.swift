/// A record as bytes: the number of components and of bytes of the id, the
/// vector's length, the vector, the id, then keys and values of the metadata, each after its count,
/// sorted by key, so that equal records have equal bytes. All numbers are little-endian, and none
/// is aligned.
struct StoredRecord {
    private let bytes: BorrowedBytes
    private let components: Int
    private let idCount: Int

    static let headerSize = 16

    /// Nil if the bytes cannot be a record, or its beginning with the vector.
    init?(_ bytes: BorrowedBytes) {
        guard bytes.count >= Self.headerSize else { return nil }
        components = Int(bytes.number(as: UInt32.self))
        idCount = Int(bytes.number(at: 4, as: UInt32.self))
        guard Self.headerSize + components * 4 <= bytes.count else { return nil }
        self.bytes = bytes
    }

    static func encode(_ record: Record, length: Double) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(
            record.metadata.reduce(headerSize + record.vector.count * 4 + record.id.utf8.count) {
                $0 + $1.key.utf8.count + $1.value.utf8.count + 8
            })
        func append(_ number: some FixedWidthInteger) {
            unsafe withUnsafeBytes(of: number.littleEndian) {
                unsafe bytes.append(contentsOf: $0)
            }
        }
        append(UInt32(record.vector.count))
        append(UInt32(record.id.utf8.count))
        append(length.bitPattern)
        unsafe record.vector.withUnsafeBytes { unsafe bytes.append(contentsOf: $0) }
        bytes.append(contentsOf: record.id.utf8)
        let pairs = record.metadata.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }
        for (key, value) in pairs {
            append(UInt32(key.utf8.count))
            bytes.append(contentsOf: key.utf8)
            append(UInt32(value.utf8.count))
            bytes.append(contentsOf: value.utf8)
        }
        return bytes
    }

    var id: String { idBytes.string }

    /// Empty if there is only the beginning.
    var idBytes: BorrowedBytes {
        bytes.slice(vectorEnd..<min(vectorEnd + idCount, bytes.count))
    }

    var dimension: Int { components }

    /// The length of the vector.
    var length: Double { Double(bitPattern: bytes.number(at: 8, as: UInt64.self)) }

    var vector: [Float] { bytes.floats(at: Self.headerSize, count: components) }

    private var vectorEnd: Int { Self.headerSize + components * 4 }

    var metadata: [String: String] {
        var metadata: [String: String] = [:]
        forEachPair { key, value in
            metadata[key.string] = value.string
            return true
        }
        return metadata
    }

    /// Returns the value under a key of the metadata.
    func value(_ wanted: [UInt8]) -> BorrowedBytes? {
        var found: BorrowedBytes?
        forEachPair { key, value in
            guard key == wanted else { return true }
            found = value
            return false
        }
        return found
    }

    /// Returns the cosine of the angle to a query, 0 if either has no direction, or nil if their
    /// dimensions differ.
    func cosine(to query: [Float], length: Double) -> Double? {
        guard components == query.count else { return nil }
        guard self.length > 0, length > 0 else { return 0 }
        return bytes.dot(query, at: Self.headerSize) / (self.length * length)
    }

    /// Calls `body` with each pair. Ends early if `body` returns false, or at invalid bytes.
    private func forEachPair(_ body: (BorrowedBytes, BorrowedBytes) -> Bool) {
        var place = vectorEnd + idCount
        func next() -> BorrowedBytes? {
            guard place + 4 <= bytes.count else { return nil }
            let start = place + 4
            let end = start + Int(bytes.number(at: place, as: UInt32.self))
            guard end <= bytes.count else { return nil }
            place = end
            return bytes.slice(start..<end)
        }
        while let key = next(), let value = next(), body(key, value) {}
    }
}
