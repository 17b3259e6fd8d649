internal import VectorKernels

/// The codes of the slots of a segment that pass a filter, next to each other.
///
/// A block of codes has 16 slots, and each of its cache lines a part of every one of them. So a scan
/// for one slot in twenty reads nearly all blocks; gathered, it reads a twentieth.
final class GatheredCodes: Sendable {
    /// Blocks of the segment's layout. Those of a window begin with a new block.
    let blocks: Section
    /// The first block of each window, and at the end the number of all blocks.
    private let starts: [Int]
    /// The place in its window of each vector of the blocks, or `none` beyond a window's last one.
    private let places: [UInt16]
    private static let none = UInt16.max

    /// More slots than this part of all are not worth a copy.
    private static let part = 4

    /// Copies the codes of slots.
    ///
    /// - Parameters:
    ///   - slots: Of the segment.
    ///   - room: The memory that the copy may take, in bytes.
    /// - Returns: Nil if there is no room, or if the copy would save little.
    init?(_ slots: SlotSet, of segment: Segment, room: Int) throws(StoreError) {
        let windows = SlotWindow.count(for: segment.count)
        let count = slots.count
        guard count > 0, count < segment.count / Self.part,
            Self.size(windows * hector_block_vectors + count, segment.layout) <= room
        else { return nil }
        var blocks = CodeBlocks(segment.layout, capacity: count)
        var bytes: [UInt8] = []
        var starts = [0]
        var places: [UInt16] = []
        for window in 0..<windows {
            let first = window * SlotWindow.size / 64
            for word in first..<min(first + SlotWindow.size / 64, slots.words.count) {
                var bits = slots.words[word]
                while bits != 0 {
                    let slot = word * 64 + bits.trailingZeroBitCount
                    bits &= bits - 1
                    blocks.append(
                        slot % hector_block_vectors,
                        of: try segment.block(slot / hector_block_vectors))
                    places.append(UInt16(slot % SlotWindow.size))
                }
            }
            bytes += blocks.take()
            let rest = places.count % hector_block_vectors
            if rest > 0 { places += repeatElement(Self.none, count: hector_block_vectors - rest) }
            starts.append(places.count / hector_block_vectors)
        }
        self.blocks = Section(bytes)
        self.starts = starts
        self.places = places
    }

    /// The number of blocks.
    var count: Int { starts[starts.count - 1] }

    /// The memory that it takes, in bytes.
    var size: Int { blocks.count + places.count * MemoryLayout<UInt16>.size }

    private static func size(_ count: Int, _ layout: CodeLayout) -> Int {
        layout.size(for: count) + count * MemoryLayout<UInt16>.size
    }

    func blocks(of window: SlotWindow) -> Range<Int> {
        starts[window.number]..<starts[window.number + 1]
    }

    /// Returns the place in its window of a vector of the blocks, or nil beyond a window's last one.
    func place(ofVector vector: Int) -> Int? {
        let place = places[vector]
        return place == Self.none ? nil : Int(place)
    }
}
