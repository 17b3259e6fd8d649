internal import CRoaring

/// A set of 32-bit numbers, compressed by Roaring.
///
/// Copies share one C object until one of them changes. The object is freed with the last of them.
package struct Bitmap: Sendable {
    private var storage: Storage

    private final class Storage: Sendable {
        // It changes only while a single bitmap has it, which `change` sees to.
        nonisolated(unsafe) let raw: UnsafeMutablePointer<roaring_bitmap_t>

        /// Takes over the C object. NULL is what the library returns when it runs out of memory.
        init(takingOwnershipOf raw: UnsafeMutablePointer<roaring_bitmap_t>?) { self.raw = raw! }

        deinit { roaring_bitmap_free(raw) }
    }

    private init(takingOwnershipOf raw: UnsafeMutablePointer<roaring_bitmap_t>?) {
        storage = Storage(takingOwnershipOf: raw)
    }

    package init() { self.init(takingOwnershipOf: roaring_bitmap_create()) }

    /// - Parameter numbers: In any order; ascending ones are added faster.
    package init(_ numbers: [UInt32]) {
        self.init(takingOwnershipOf: roaring_bitmap_of_ptr(numbers.count, numbers))
    }

    package init(_ range: Range<UInt32>) {
        self.init()
        insert(range)
    }

    /// Reads the portable form, which other languages read and write, too.
    package init(portable bytes: [UInt8]) throws(BitmapError) {
        self = try bytes.withUnsafeBufferPointer { bytes throws(BitmapError) in
            try Bitmap(portable: UnsafeRawBufferPointer(bytes))
        }
    }

    /// Reads the portable form. The bytes are checked first, because the library believes them.
    package init(portable bytes: UnsafeRawBufferPointer) throws(BitmapError) {
        try PortableBitmap(bytes).check()
        let characters = bytes.bindMemory(to: CChar.self)
        let raw = roaring_bitmap_portable_deserialize_safe(characters.baseAddress, bytes.count)
        guard raw != nil else { throw BitmapError(problem: "the library cannot read it") }
        self.init(takingOwnershipOf: raw)
    }

    /// The portable form, as small as the library can make it.
    package var portable: [UInt8] {
        var compact = self
        compact.change { _ = roaring_bitmap_run_optimize($0) }
        let count = roaring_bitmap_portable_size_in_bytes(compact.storage.raw)
        return [UInt8](unsafeUninitializedCapacity: count) { bytes, initialized in
            bytes.withMemoryRebound(to: CChar.self) {
                initialized = roaring_bitmap_portable_serialize(
                    compact.storage.raw, $0.baseAddress)
            }
        }
    }

    private mutating func change(_ body: (UnsafeMutablePointer<roaring_bitmap_t>) -> Void) {
        if !isKnownUniquelyReferenced(&storage) {
            storage = Storage(takingOwnershipOf: roaring_bitmap_copy(storage.raw))
        }
        body(storage.raw)
    }
}

// Members.
extension Bitmap {
    package var count: Int { Int(roaring_bitmap_get_cardinality(storage.raw)) }

    package var isEmpty: Bool { roaring_bitmap_is_empty(storage.raw) }

    package var max: UInt32? { isEmpty ? nil : roaring_bitmap_maximum(storage.raw) }

    package func contains(_ number: UInt32) -> Bool { roaring_bitmap_contains(storage.raw, number) }

    /// The number of members in a range.
    package func count(in range: Range<UInt32>) -> Int {
        Int(
            roaring_bitmap_range_cardinality(
                storage.raw, UInt64(range.lowerBound), UInt64(range.upperBound)))
    }

    /// The members in ascending order.
    package var numbers: [UInt32] {
        [UInt32](unsafeUninitializedCapacity: count) { numbers, initialized in
            roaring_bitmap_to_uint32_array(storage.raw, numbers.baseAddress)
            initialized = numbers.count
        }
    }

    /// - Returns: True if the number was not there.
    @discardableResult
    package mutating func insert(_ number: UInt32) -> Bool {
        var isNew = false
        change { isNew = roaring_bitmap_add_checked($0, number) }
        return isNew
    }

    package mutating func insert(_ range: Range<UInt32>) {
        guard let last = range.last else { return }
        change { roaring_bitmap_add_range_closed($0, range.lowerBound, last) }
    }

    /// - Parameter numbers: In any order; ascending ones are added faster.
    package mutating func insert(_ numbers: [UInt32]) {
        change { roaring_bitmap_add_many($0, numbers.count, numbers) }
    }

    /// - Returns: True if the number was there.
    @discardableResult
    package mutating func remove(_ number: UInt32) -> Bool {
        var wasThere = false
        change { wasThere = roaring_bitmap_remove_checked($0, number) }
        return wasThere
    }

    /// Removes the members of a range, and inserts its other numbers.
    package mutating func flip(_ range: Range<UInt32>) {
        change {
            roaring_bitmap_flip_inplace($0, UInt64(range.lowerBound), UInt64(range.upperBound))
        }
    }
}

// Sets.
extension Bitmap: Equatable {
    package mutating func formUnion(_ other: Bitmap) {
        change { roaring_bitmap_or_inplace($0, other.storage.raw) }
    }

    package mutating func formIntersection(_ other: Bitmap) {
        change { roaring_bitmap_and_inplace($0, other.storage.raw) }
    }

    package mutating func subtract(_ other: Bitmap) {
        change { roaring_bitmap_andnot_inplace($0, other.storage.raw) }
    }

    package static func == (one: Bitmap, other: Bitmap) -> Bool {
        roaring_bitmap_equals(one.storage.raw, other.storage.raw)
    }
}
