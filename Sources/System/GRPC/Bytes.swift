import CGRPC
import Glibc

// A slice is core's reference-counted bytes; up to 23 of them need no separate memory. Each
// function here copies once.

extension grpc_slice {
    /// Makes a slice of which the caller owns the only reference.
    init(copying bytes: [UInt8]) {
        self = bytes.withUnsafeBytes { bytes in
            grpc_slice_from_copied_buffer(
                bytes.baseAddress?.assumingMemoryBound(to: CChar.self), bytes.count)
        }
    }

    /// Makes a slice of which the caller owns the only reference.
    init(copying text: String) {
        var text = text
        self = text.withUTF8 { text in
            grpc_slice_from_copied_buffer(
                UnsafeRawPointer(text.baseAddress)?.assumingMemoryBound(to: CChar.self), text.count)
        }
    }

    func withBytes<R>(_ body: (UnsafeRawBufferPointer) -> R) -> R {
        withUnsafePointer(to: self) { slice in
            body(
                UnsafeRawBufferPointer(
                    start: hector_slice_start(slice), count: hector_slice_length(slice)))
        }
    }
}

extension String {
    init(_ slice: grpc_slice) {
        self = slice.withBytes { String(decoding: $0, as: UTF8.self) }
    }
}

extension [UInt8] {
    init(_ slice: grpc_slice) {
        self = slice.withBytes { Array($0) }
    }

    /// Copies a message that core received.
    init(_ message: UnsafeMutablePointer<grpc_byte_buffer>) {
        let length = grpc_byte_buffer_length(message)
        self.init(unsafeUninitializedCapacity: length) { bytes, filled in
            var reader = grpc_byte_buffer_reader()
            guard grpc_byte_buffer_reader_init(&reader, message) == 1 else { return }
            defer { grpc_byte_buffer_reader_destroy(&reader) }
            // The message outlives the loop, so each slice can be read in place.
            var slice: UnsafeMutablePointer<grpc_slice>?
            while grpc_byte_buffer_reader_peek(&reader, &slice) == 1, let part = slice {
                let count = hector_slice_length(part)
                guard count > 0 else { continue }
                memcpy(bytes.baseAddress! + filled, hector_slice_start(part), count)
                filled += count
            }
        }
    }
}

/// - Returns: A message for core to send, which the caller destroys.
func makeMessage(_ bytes: [UInt8]) -> UnsafeMutablePointer<grpc_byte_buffer> {
    var slice = grpc_slice(copying: bytes)
    defer { grpc_slice_unref(slice) }
    return grpc_raw_byte_buffer_create(&slice, 1)
}
