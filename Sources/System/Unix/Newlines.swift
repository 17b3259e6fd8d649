extension Span where Element == UInt8 {
    /// The number of newlines.
    package var newlineCount: Int {
        // Without bounds checks, the compiler compares many bytes at once.
        withUnsafeBufferPointer { bytes in
            var count = 0
            for byte in bytes { count &+= byte == UInt8(ascii: "\n") ? 1 : 0 }
            return count
        }
    }
}
