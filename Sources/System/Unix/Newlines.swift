extension Span where Element == UInt8 {
    /// The number of newlines in it.
    package var newlineCount: Int {
        // Without checks of bounds the compiler compares many bytes at once.
        withUnsafeBufferPointer { bytes in
            var count = 0
            for byte in bytes { count &+= byte == UInt8(ascii: "\n") ? 1 : 0 }
            return count
        }
    }
}
