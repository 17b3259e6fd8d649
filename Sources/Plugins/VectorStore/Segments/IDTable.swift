/// The ids of a segment's slots: a hash table that leads to a slot, and the slots in the order of
/// their ids.
///
/// Its bytes: the number of slots and of the table's places, the table (with linear probing; each
/// place has half of a hash and the slot's number plus 1, or zeros), the offsets of the ids and
/// their end, the slots in order, and the ids. All numbers have 32 bits.
struct IDTable: Sendable {
    let count: Int
    private let capacity: Int
    private let section: Section

    init(_ section: Section) throws(StoreError) {
        guard section.count >= 8 else { throw section.damage }
        count = Int(try section.number(at: 0, as: UInt32.self))
        capacity = Int(try section.number(at: 4, as: UInt32.self))
        self.section = section
        guard capacity > count, capacity.nonzeroBitCount == 1, bytesStart <= section.count else {
            throw section.damage
        }
    }

    /// The number of its bytes.
    var size: Int { section.count }

    private var offsetsStart: Int { 8 + capacity * 8 }
    private var orderStart: Int { offsetsStart + (count + 1) * 4 }
    private var bytesStart: Int { orderStart + count * 4 }

    /// Returns the slot of an id.
    ///
    /// - Parameter isWanted: Chooses between slots that have the same id.
    func slot(
        of id: [UInt8], _ hash: UInt64, where isWanted: (Int) -> Bool
    ) throws(StoreError) -> Int? {
        let tag = UInt32(truncatingIfNeeded: hash >> 32)
        var place = Int(truncatingIfNeeded: hash) & (capacity - 1)
        for _ in 0..<capacity {
            let entry = try section.bytes(8 + place * 8..<16 + place * 8)
            let number = entry.number(at: 4, as: UInt32.self)
            if number == 0 { return nil }
            if entry.number(as: UInt32.self) == tag, isWanted(Int(number) - 1),
                try self.id(of: Int(number) - 1) == id
            {
                return Int(number) - 1
            }
            place = (place + 1) & (capacity - 1)
        }
        return nil
    }

    /// Returns the id of a slot. It is valid while the segment lives.
    func id(of slot: Int) throws(StoreError) -> BorrowedBytes {
        guard slot >= 0, slot < count else { throw section.damage }
        let ends = try section.bytes(offsetsStart + slot * 4..<offsetsStart + slot * 4 + 8)
        let start = bytesStart + Int(ends.number(as: UInt32.self))
        let end = bytesStart + Int(ends.number(at: 4, as: UInt32.self))
        guard start <= end else { throw section.damage }
        return try section.bytes(start..<end)
    }

    /// Returns the slot whose id is at a place of the order.
    func slot(at place: Int) throws(StoreError) -> Int {
        Int(try section.number(at: orderStart + place * 4, as: UInt32.self))
    }

    /// Returns the first place in the order whose id sorts after another.
    func place(after id: [UInt8]) throws(StoreError) -> Int {
        var (low, high) = (0, count)
        while low < high {
            let middle = (low + high) / 2
            let found = try self.id(of: try slot(at: middle))
            if BorrowedBytes.with(id, { $0.isBefore(found) }) {
                high = middle
            } else {
                low = middle + 1
            }
        }
        return low
    }
}

/// An `IDTable` that is being made.
struct IDTableBuilder {
    private var ids: [UInt8] = []
    private var offsets: [UInt32] = [0]
    private var hashes: [UInt64] = []
    /// Slots in an order that is nearly that of their ids.
    private var order: [UInt32] = []

    var count: Int { hashes.count }

    mutating func add(_ id: BorrowedBytes) {
        hashes.append(id.hash())
        id.append(to: &ids)
        offsets.append(UInt32(ids.count))
    }

    /// Gives the slots of one of the segments that are merged in the order of their ids, which makes
    /// sorting cheap.
    mutating func addOrder(_ slots: [UInt32]) { order += slots }

    mutating func write(to sink: inout some SectionSink) throws(StoreError) {
        var capacity = 2
        while capacity * 3 < count * 4 + 4 { capacity *= 2 }
        var table = [UInt64](repeating: 0, count: capacity)
        for (slot, hash) in hashes.enumerated() {
            var place = Int(truncatingIfNeeded: hash) & (capacity - 1)
            while table[place] != 0 { place = (place + 1) & (capacity - 1) }
            table[place] = UInt64(slot + 1) << 32 | hash >> 32
        }
        var writer = ByteWriter()
        writer.append(UInt32(count))
        writer.append(UInt32(capacity))
        writer.append(all: table)
        writer.append(all: offsets)
        writer.append(all: sorted())
        try sink.append(writer.bytes)
        try sink.append(ids)
    }

    /// Returns the slots in the order of their ids.
    private func sorted() -> [UInt32] {
        BorrowedBytes.with(ids) { ids in
            func id(_ slot: UInt32) -> BorrowedBytes {
                ids.slice(Int(offsets[Int(slot)])..<Int(offsets[Int(slot) + 1]))
            }
            let slots = order.count == count ? order : Array(0..<UInt32(count))
            // Most ids differ in the first eight bytes, which compare as a number.
            var keys = slots.map { slot -> (prefix: UInt64, slot: UInt32) in
                var prefix: UInt64 = 0
                let id = id(slot)
                for place in 0..<8 {
                    prefix = prefix << 8 | (place < id.count ? UInt64(id[place]) : 0)
                }
                return (prefix, slot)
            }
            keys.sort { left, right in
                if left.prefix != right.prefix { return left.prefix < right.prefix }
                return id(left.slot).isBefore(id(right.slot))
            }
            return keys.map(\.slot)
        }
    }
}

extension ByteWriter {
    /// Appends numbers, the lowest byte of each first.
    mutating func append<N: FixedWidthInteger & BitwiseCopyable>(all numbers: [N]) {
        #if _endian(little)
            unsafe numbers.withUnsafeBytes { unsafe bytes.append(contentsOf: $0) }
        #else
            for number in numbers { append(number) }
        #endif
    }
}
