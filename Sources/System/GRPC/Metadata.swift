import CGRPC

/// One header or trailer of a call.
package struct Metadata: Sendable, Hashable {
    /// The key in lower case. It ends in `-bin` if the value is not printable ASCII.
    package var key: String
    package var value: [UInt8]

    package init(_ key: String, _ value: [UInt8]) {
        self.key = key
        self.value = value
    }

    package init(_ key: String, _ value: String) {
        self.init(key, Array(value.utf8))
    }

    /// True if core would send it. A batch with an entry that core refuses cannot be corrected, as
    /// core does not take a second one.
    var isLegal: Bool {
        [self].withRaw { entries in
            let (key, value) = (entries[0].key, entries[0].value)
            guard grpc_header_key_is_legal(key) == 1 else { return false }
            return grpc_is_binary_header(key) == 1 || grpc_header_nonbin_value_is_legal(value) == 1
        }
    }
}

extension Metadata: CustomStringConvertible {
    package var description: String { "\(key): \(String(decoding: value, as: UTF8.self))" }
}

extension [Metadata] {
    /// Copies what core received; the array itself still belongs to core.
    init(_ received: grpc_metadata_array) {
        self = UnsafeBufferPointer(start: received.metadata, count: received.count).map {
            Metadata(String($0.key), [UInt8]($0.value))
        }
    }

    /// Lends the entries to core for the duration of one call.
    func withRaw<R>(_ body: (UnsafeMutableBufferPointer<grpc_metadata>) -> R) -> R {
        var raw = map { entry in
            var raw = grpc_metadata()
            raw.key = grpc_slice(copying: entry.key)
            raw.value = grpc_slice(copying: entry.value)
            return raw
        }
        defer {
            for entry in raw {
                grpc_slice_unref(entry.key)
                grpc_slice_unref(entry.value)
            }
        }
        return raw.withUnsafeMutableBufferPointer { body($0) }
    }
}
