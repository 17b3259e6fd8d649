internal import VectorKernels

/// The layout of a segment: the codes of a fixed number of vectors, next to each other.
///
/// A segment is one value in LMDB, of five pages or one block, whichever is more. It is large
/// enough that going from one to the next costs little compared with scanning it, and small enough
/// that it is cheap to change one vector in it, for which LMDB writes a copy of it. The copy also
/// lets a reader scan it while a writer changes it.
struct SegmentLayout {
    /// The number of four-component groups that a vector fills.
    let groups: Int
    let blocks: Int
    let blockSize: Int

    // A value in separate pages begins 16 bytes into the first one, so this size makes blocks
    // begin at cache lines. The first four bytes count the vectors in the segment.
    static let headerSize = 48
    private static let pageHeader = 16

    init(dimension: Int) {
        groups = (dimension + 3) / 4
        blockSize = hector_block_size(groups)
        blocks = max(1, (5 * 4096 - Self.pageHeader - Self.headerSize) / blockSize)
    }

    var slots: Int { blocks * hector_block_vectors }
    var size: Int { Self.headerSize + blocks * blockSize }
}

/// A segment that is being written, valid until the transaction writes something else.
@safe struct Segment {
    private let bytes: UnsafeMutableRawBufferPointer
    private let layout: SegmentLayout

    /// - Parameter bytes: Of the layout's size.
    init(_ bytes: UnsafeMutableRawBufferPointer, _ layout: SegmentLayout) {
        precondition(bytes.count == layout.size)
        unsafe self.bytes = bytes
        self.layout = layout
    }

    /// The number of slots that hold a vector.
    var count: Int {
        get { Int(unsafe bytes.load(as: UInt32.self)) }
        nonmutating set { unsafe bytes.storeBytes(of: UInt32(newValue), as: UInt32.self) }
    }

    func clear() {
        unsafe bytes.initializeMemory(as: UInt8.self, repeating: 0)
        for slot in 0..<layout.slots { self[errorOf: slot] = -.infinity }
    }

    /// Puts a vector's codes into a slot, or empties the slot if they are nil.
    func set(_ slot: Int, to codes: Codes?) {
        // Everything below lies within the segment.
        precondition(
            slot >= 0 && slot < layout.slots
                && (codes?.components.count ?? 0) <= layout.groups * 4)
        let wasFilled = self[errorOf: slot] != -.infinity
        count += (codes != nil ? 1 : 0) - (wasFilled ? 1 : 0)
        guard let codes else {
            // An upper bound of minus infinity is never of interest.
            self[errorOf: slot] = -.infinity
            self[scaleOf: slot] = 0
            return
        }
        let start = offset(slot) + slot % 16 * 4
        // The rest of the last group is multiplied by zeros in every query.
        for (place, code) in codes.components.enumerated() {
            unsafe bytes[start + place / 4 * 64 + place % 4] = UInt8(bitPattern: code) ^ 0x80
        }
        self[errorOf: slot] = codes.error
        self[scaleOf: slot] = codes.scale
    }

    private func offset(_ slot: Int) -> Int {
        SegmentLayout.headerSize + slot / 16 * layout.blockSize
    }

    private subscript(scaleOf slot: Int) -> Float {
        get { unsafe bytes.loadUnaligned(fromByteOffset: tail(slot), as: Float.self) }
        nonmutating set {
            unsafe bytes.storeBytes(of: newValue, toByteOffset: tail(slot), as: Float.self)
        }
    }

    private subscript(errorOf slot: Int) -> Float {
        get { unsafe bytes.loadUnaligned(fromByteOffset: tail(slot) + 64, as: Float.self) }
        nonmutating set {
            unsafe bytes.storeBytes(of: newValue, toByteOffset: tail(slot) + 64, as: Float.self)
        }
    }

    private func tail(_ slot: Int) -> Int { offset(slot) + layout.groups * 64 + slot % 16 * 4 }
}
