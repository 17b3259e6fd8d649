internal import VectorKernels

/// The layout of the codes of a segment: blocks of 16 vectors, next to each other.
struct CodeLayout: Sendable {
    let dimension: Int
    /// The number of four-component groups that a vector fills.
    let groups: Int
    let blockSize: Int

    init(dimension: Int) {
        self.dimension = dimension
        groups = (dimension + 3) / 4
        blockSize = hector_block_size(groups)
    }

    static func blocks(for count: Int) -> Int {
        (count + hector_block_vectors - 1) / hector_block_vectors
    }

    func size(for count: Int) -> Int { Self.blocks(for: count) * blockSize }
}

/// Blocks of codes that are being filled, vector by vector.
@safe struct CodeBlocks: ~Copyable {
    let layout: CodeLayout
    private(set) var count = 0
    private var bytes: [UInt8] = []

    init(_ layout: CodeLayout, capacity: Int = 0) {
        self.layout = layout
        bytes.reserveCapacity(layout.size(for: capacity))
    }

    mutating func append(_ codes: Codes) {
        precondition(codes.components.count == layout.dimension)
        let lane = beginLane()
        unsafe bytes.withUnsafeMutableBufferPointer { bytes in
            unsafe hector_set_codes(
                bytes.baseAddress! + (bytes.count - layout.blockSize), layout.groups, Int32(lane),
                codes.components, codes.components.count, codes.scale, codes.error)
        }
        count += 1
    }

    /// - Parameter components: The codes of a vector, each a byte.
    mutating func append(_ components: BorrowedBytes, scale: Float, error: Float) {
        precondition(components.count == layout.dimension)
        let lane = beginLane()
        unsafe components.withRaw { components in
            unsafe bytes.withUnsafeMutableBufferPointer { bytes in
                unsafe hector_set_codes(
                    bytes.baseAddress! + (bytes.count - layout.blockSize), layout.groups,
                    Int32(lane), components.baseAddress!.assumingMemoryBound(to: Int8.self),
                    components.count, scale, error)
            }
        }
        count += 1
    }

    /// Appends a vector of a block of another segment.
    mutating func append(_ lane: Int, of block: BorrowedBytes) {
        precondition(block.count == layout.blockSize && (0..<hector_block_vectors).contains(lane))
        let own = beginLane()
        unsafe block.withRaw { block in
            unsafe bytes.withUnsafeMutableBufferPointer { bytes in
                unsafe hector_copy_codes(
                    bytes.baseAddress! + (bytes.count - layout.blockSize), Int32(own),
                    block.baseAddress!.assumingMemoryBound(to: UInt8.self), Int32(lane),
                    layout.groups)
            }
        }
        count += 1
    }

    /// Returns the blocks and begins again, if they take `size` bytes and the last one is full.
    mutating func takeFullBlocks(atLeast size: Int) -> [UInt8]? {
        guard bytes.count >= size, count % hector_block_vectors == 0 else { return nil }
        return take()
    }

    /// Returns all blocks and begins again.
    mutating func take() -> [UInt8] {
        defer {
            bytes = []
            bytes.reserveCapacity(1 << 20)
            count = 0
        }
        return bytes
    }

    private mutating func beginLane() -> Int {
        let lane = count % hector_block_vectors
        if lane == 0 {
            let start = bytes.count
            bytes.append(contentsOf: repeatElement(0, count: layout.blockSize))
            unsafe bytes.withUnsafeMutableBufferPointer { bytes in
                unsafe hector_clear_block(bytes.baseAddress! + start, layout.groups)
            }
        }
        return lane
    }
}
