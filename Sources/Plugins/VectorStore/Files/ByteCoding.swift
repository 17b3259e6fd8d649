/// Bytes that are put together from numbers and texts.
struct ByteWriter {
    var bytes: [UInt8] = []

    mutating func append(_ number: some FixedWidthInteger) {
        unsafe withUnsafeBytes(of: number.littleEndian) { unsafe bytes.append(contentsOf: $0) }
    }

    /// Appends the bytes after their count.
    mutating func append(counted text: [UInt8]) {
        append(UInt32(text.count))
        bytes.append(contentsOf: text)
    }

    mutating func append(_ properties: [String: String]) {
        append(UInt32(properties.count))
        let pairs = properties.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }
        for (key, value) in pairs {
            append(counted: Array(key.utf8))
            append(counted: Array(value.utf8))
        }
    }
}

/// A place in bytes that were put together by a `ByteWriter`.
struct ByteReader {
    private let bytes: BorrowedBytes
    private let path: String
    private(set) var place: Int

    /// - Parameter path: The file for the error at an unexpected end.
    init(_ bytes: BorrowedBytes, _ path: String, from place: Int = 0) {
        self.bytes = bytes
        self.path = path
        self.place = place
    }

    var isAtEnd: Bool { place == bytes.count }

    /// Returns the range of the next bytes, and goes behind them.
    mutating func skip(_ count: Int) throws(StoreError) -> Range<Int> {
        guard count >= 0, count <= bytes.count - place else {
            throw .damage(path, "its contents do not fit together")
        }
        defer { place += count }
        return place..<place + count
    }

    mutating func number<N: FixedWidthInteger & BitwiseCopyable>(
        _ type: N.Type = N.self
    ) throws(StoreError) -> N {
        bytes.number(at: try skip(MemoryLayout<N>.size).lowerBound, as: type)
    }

    /// Returns a count of 32 bits, each of the counted things taking at least a byte.
    mutating func count() throws(StoreError) -> Int {
        let count = Int(try number(UInt32.self))
        guard count <= bytes.count - place else {
            throw .damage(path, "its contents do not fit together")
        }
        return count
    }

    mutating func counted() throws(StoreError) -> [UInt8] {
        bytes.slice(try skip(try count())).array
    }

    mutating func properties() throws(StoreError) -> [String: String] {
        var properties: [String: String] = [:]
        for _ in 0..<(try count()) {
            let key = String(decoding: try counted(), as: UTF8.self)
            properties[key] = String(decoding: try counted(), as: UTF8.self)
        }
        return properties
    }
}
