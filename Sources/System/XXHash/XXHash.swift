import CXXHash

/// XXH3 with 64 bits: a fast hash that shows accidental changes, not those that someone makes on
/// purpose.
package enum XXHash {
    /// - Parameter seed: The hash of bytes that go before these, or 0.
    package static func hash(_ bytes: UnsafeRawBufferPointer, seed: UInt64 = 0) -> UInt64 {
        hector_xxh3(bytes.baseAddress, bytes.count, seed)
    }

    package static func hash(_ bytes: [UInt8], seed: UInt64 = 0) -> UInt64 {
        bytes.withUnsafeBytes { hash($0, seed: seed) }
    }
}
