import Glibc
internal import VectorKernels

/// A record as its bytes in the memory map: the number of components and of bytes of the id, the
/// vector's length, the vector, the id, then keys and values of the metadata, each after its count,
/// sorted by key, so that equal records have equal bytes. All numbers are little-endian, and none
/// is aligned.
struct StoredRecord {
    private let bytes: UnsafeRawBufferPointer
    private let components: Int
    private let idCount: Int

    private static let headerSize = 16

    /// Nil if the bytes cannot be a record.
    init?(_ bytes: UnsafeRawBufferPointer) {
        guard bytes.count >= Self.headerSize else { return nil }
        components = Int(UInt32(littleEndian: bytes.loadUnaligned(as: UInt32.self)))
        idCount = Int(
            UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: 4, as: UInt32.self)))
        guard Self.headerSize + components * 4 + idCount <= bytes.count else { return nil }
        self.bytes = bytes
    }

    static func encode(_ record: Record, length: Double) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(
            record.metadata.reduce(headerSize + record.vector.count * 4 + record.id.utf8.count) {
                $0 + $1.key.utf8.count + $1.value.utf8.count + 8
            })
        func append(_ number: some FixedWidthInteger) {
            withUnsafeBytes(of: number.littleEndian) { bytes.append(contentsOf: $0) }
        }
        append(UInt32(record.vector.count))
        append(UInt32(record.id.utf8.count))
        append(length.bitPattern)
        record.vector.withUnsafeBytes { bytes.append(contentsOf: $0) }
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

    var id: String { String(decoding: idBytes, as: UTF8.self) }

    var idBytes: UnsafeRawBufferPointer {
        let start = Self.headerSize + components * 4
        return UnsafeRawBufferPointer(rebasing: bytes[start..<start + idCount])
    }

    var vector: [Float] {
        (0..<components).map {
            bytes.loadUnaligned(fromByteOffset: Self.headerSize + $0 * 4, as: Float.self)
        }
    }

    var metadata: [String: String] {
        var metadata: [String: String] = [:]
        forEachPair { key, value in
            metadata[String(decoding: key, as: UTF8.self)] = String(decoding: value, as: UTF8.self)
            return true
        }
        return metadata
    }

    func hasVector(of other: StoredRecord) -> Bool {
        components == other.components && vectorBytes.elementsEqual(other.vectorBytes)
    }

    private var vectorBytes: Slice<UnsafeRawBufferPointer> {
        bytes[Self.headerSize..<Self.headerSize + components * 4]
    }

    /// Returns the value under a key of the metadata.
    func value(_ wanted: [UInt8]) -> UnsafeRawBufferPointer? {
        var found: UnsafeRawBufferPointer?
        forEachPair { key, value in
            guard key.count == wanted.count, memcmp(key.baseAddress!, wanted, key.count) == 0
            else { return true }
            found = value
            return false
        }
        return found
    }

    /// Returns the cosine of the angle to a query, 0 if either has no direction, or nil if their
    /// dimensions differ.
    func cosine(to query: [Float], length: Double) -> Double? {
        guard components == query.count else { return nil }
        let own = Double(
            bitPattern: UInt64(
                littleEndian: bytes.loadUnaligned(fromByteOffset: 8, as: UInt64.self)))
        guard own > 0, length > 0 else { return 0 }
        return hector_dot(bytes.baseAddress! + Self.headerSize, query, components) / (own * length)
    }

    /// Calls `body` with each pair. Ends early if `body` returns false, or at invalid bytes.
    private func forEachPair(
        _ body: (UnsafeRawBufferPointer, UnsafeRawBufferPointer) -> Bool
    ) {
        var place = Self.headerSize + components * 4 + idCount
        func next() -> UnsafeRawBufferPointer? {
            guard place + 4 <= bytes.count else { return nil }
            let count = UInt32(
                littleEndian: bytes.loadUnaligned(fromByteOffset: place, as: UInt32.self))
            let start = place + 4
            guard start + Int(count) <= bytes.count else { return nil }
            place = start + Int(count)
            return UnsafeRawBufferPointer(rebasing: bytes[start..<place])
        }
        while let key = next(), let value = next(), body(key, value) {}
    }
}
