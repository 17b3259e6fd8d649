internal import TextAnalysis

/// The making of an inverted index from texts in the order of their records.
///
/// Terms are distributed to ranges of numbers so small that each is sorted in the processor's cache.
struct TextInversion {
    /// Texts, and for each slot its slot in the index, which is `UInt32.max` for a dead one. New
    /// slots ascend, within texts and from one to the next.
    typealias Part = (texts: ForwardTexts, slots: [UInt32])

    private let parts: [Part]
    private let slots: Int

    /// The bits of a new slot, and those of a term's number that tell its range.
    private let slotBits: Int
    private let rangeBits: Int

    /// The most terms that are sorted at a time, which bounds the memory.
    private static let most = 1 << 22
    private static let frequencyBits = ForwardText.frequencyBits
    private static let numberBits = TextIndexWriter.termBits

    /// - Parameter count: The number of slots of the index.
    init(_ parts: [Part], slots count: Int) {
        self.parts = parts
        slots = count
        slotBits = Int.bitWidth - count.leadingZeroBitCount
        let terms = parts.reduce(0) { $0 + $1.texts.terms }
        // A range fits the processor's cache, there are few of them, as their ends are written to at a
        // time, and the rest of a term's number fits a word with its slot and frequency.
        let wanted = Int.bitWidth - (terms >> 15).leadingZeroBitCount
        rangeBits = max(
            min(8, wanted), slotBits + Self.numberBits + Self.frequencyBits - UInt64.bitWidth)
    }

    func write(to sink: inout some SectionSink) throws(StoreError) {
        var lengths = [UInt8](repeating: 0, count: slots)
        for (texts, slots) in parts {
            let codes = try texts.lengthCodes()
            guard codes.count == slots.count else { throw .damagedTexts }
            for (slot, code) in codes.enumerated() where slots[slot] != .max {
                lengths[Int(slots[slot])] = code
            }
        }
        var writer = TextIndexWriter(lengths: lengths)
        let counts = try countRanges()
        var first = 0
        while first < counts.count {
            var end = first
            var total = 0
            while end < counts.count, end == first || total + Int(counts[end]) <= Self.most {
                total += Int(counts[end])
                end += 1
            }
            if total > 0 { try write(first..<end, counts, total, &writer, &sink) }
            first = end
        }
        try writer.finish(&sink)
    }

    /// Counts the terms of each range.
    private func countRanges() throws(StoreError) -> [UInt32] {
        var counts = [UInt32](repeating: 0, count: 1 << rangeBits)
        for (texts, slots) in parts {
            try Self.forEachLive(texts, slots) { entries, _ in
                unsafe counts.withUnsafeMutableBufferPointer { counts in
                    let shift = UInt64(Self.numberBits + Self.frequencyBits - rangeBits)
                    for entry in entries {
                        unsafe counts[Int(truncatingIfNeeded: entry &>> shift)] &+= 1
                    }
                }
            }
        }
        return counts
    }

    /// Calls `body` with the terms of each slot that lives, and its new slot.
    private static func forEachLive(
        _ texts: ForwardTexts, _ slots: [UInt32], _ body: (ForwardEntries, UInt32) -> Void
    ) throws(StoreError) {
        let ends = try texts.ends()
        try unsafe texts.entries().withRaw { entries in
            var start = 0
            for (slot, new) in slots.enumerated() {
                let end = Int(ends.number(at: slot * 4, as: UInt32.self))
                if new != .max, end > start {
                    unsafe body(ForwardEntries(raw: entries, place: start, end: end), new)
                }
                start = end
            }
        }
    }

    /// Writes the terms of some ranges.
    private func write(
        _ ranges: Range<Int>, _ counts: [UInt32], _ total: Int, _ writer: inout TextIndexWriter,
        _ sink: inout some SectionSink
    ) throws(StoreError) {
        let postings = UnsafeMutableBufferPointer<UInt64>.allocate(capacity: total)
        defer { unsafe postings.deallocate() }
        var places: [Int] = []
        places.reserveCapacity(ranges.count)
        var place = 0
        var largest = 0
        for range in ranges {
            places.append(place)
            place += Int(counts[range])
            largest = max(largest, Int(counts[range]))
        }
        for (texts, slots) in parts {
            try unsafe distribute(texts, slots, ranges, &places, to: postings)
        }
        let spare = UnsafeMutablePointer<UInt64>.allocate(capacity: largest)
        defer { unsafe spare.deallocate() }
        var start = 0
        for (number, range) in ranges.enumerated() {
            let end = places[number]
            guard end - start == Int(counts[range]) else { throw .damagedTexts }
            if end == start { continue }
            let part = unsafe postings.baseAddress! + start
            let sorted = unsafe sort(part, spare, end - start)
            unsafe try write(sorted, end - start, range, &writer, &sink)
            start = end
        }
    }

    /// Puts the postings of ranges next to each other: the rest of the term's number, the slot, and
    /// the frequency less 1.
    private func distribute(
        _ texts: ForwardTexts, _ slots: [UInt32], _ ranges: Range<Int>, _ places: inout [Int],
        to postings: UnsafeMutableBufferPointer<UInt64>
    ) throws(StoreError) {
        let shift = UInt64(Self.numberBits + Self.frequencyBits - rangeBits)
        let mask = UInt64(1) << UInt64(Self.numberBits - rangeBits) - 1
        let numberShift = UInt64(slotBits + Self.frequencyBits)
        let (first, count) = (ranges.lowerBound, UInt(ranges.count))
        let all = postings.count
        try Self.forEachLive(texts, slots) { entries, slot in
            let slot = UInt64(slot) << UInt64(Self.frequencyBits)
            unsafe places.withUnsafeMutableBufferPointer { places in
                for entry in entries {
                    let range = Int(truncatingIfNeeded: entry &>> shift) &- first
                    if UInt(bitPattern: range) >= count { continue }
                    let place = unsafe places[range]
                    // The terms have been counted, so this is only for a fault of this code.
                    if place >= all { break }
                    let number = entry &>> UInt64(Self.frequencyBits) & mask
                    let more = entry & UInt64(ForwardText.mostFrequency - 1)
                    unsafe postings[place] = number &<< numberShift | slot | more
                    unsafe places[range] = place &+ 1
                }
            }
        }
    }

    /// Sorts postings, which are in the order of their slots, by terms.
    ///
    /// - Returns: The place of the sorted ones: one of both.
    private func sort(
        _ postings: UnsafeMutablePointer<UInt64>, _ spare: UnsafeMutablePointer<UInt64>,
        _ count: Int
    ) -> UnsafeMutablePointer<UInt64> {
        if count < 64 {
            for place in 1..<max(1, count) {
                let posting = unsafe postings[place]
                var hole = place
                while unsafe hole > 0 && postings[hole - 1] > posting {
                    unsafe postings[hole] = postings[hole - 1]
                    hole -= 1
                }
                unsafe postings[hole] = posting
            }
            return unsafe postings
        }
        let bits = Self.numberBits - rangeBits
        let passes = (bits + 8) / 9
        let digitBits = (bits + passes - 1) / passes
        var (from, to) = unsafe (postings, spare)
        var starts = InlineArray<512, UInt32>(repeating: 0)
        for pass in 0..<passes {
            let shift = UInt64(slotBits + Self.frequencyBits + pass * digitBits)
            let mask = UInt64(1) << UInt64(digitBits) - 1
            for digit in 0..<1 << digitBits { starts[digit] = 0 }
            for place in 0..<count {
                unsafe starts[Int(truncatingIfNeeded: from[place] &>> shift & mask)] &+= 1
            }
            var sum: UInt32 = 0
            for digit in 0..<1 << digitBits {
                let own = starts[digit]
                starts[digit] = sum
                sum &+= own
            }
            for place in 0..<count {
                let posting = unsafe from[place]
                let digit = Int(truncatingIfNeeded: posting &>> shift & mask)
                let target = Int(starts[digit])
                starts[digit] &+= 1
                unsafe to[target] = posting
            }
            unsafe swap(&from, &to)
        }
        return unsafe from
    }

    /// Writes the lists of the terms of a range.
    private func write(
        _ postings: UnsafeMutablePointer<UInt64>, _ count: Int, _ range: Int,
        _ writer: inout TextIndexWriter, _ sink: inout some SectionSink
    ) throws(StoreError) {
        let upper = UInt64(range) << UInt64(Self.numberBits - rangeBits)
        let slotShift = UInt64(Self.frequencyBits)
        let numberShift = UInt64(slotBits + Self.frequencyBits)
        let slotMask = UInt64(1) << UInt64(slotBits) - 1
        let frequencyMask = UInt64(ForwardText.mostFrequency - 1)
        var place = 0
        while place < count {
            let term = unsafe postings[place] &>> numberShift
            repeat {
                let key = unsafe postings[place] &>> slotShift
                var frequency: UInt32 = 0
                // A high frequency is there in parts, and two terms with one number meet.
                repeat {
                    frequency &+=
                        unsafe UInt32(
                            truncatingIfNeeded: postings[place] & frequencyMask) &+ 1
                    place &+= 1
                } while unsafe place < count && postings[place] &>> slotShift == key
                let slot = UInt32(truncatingIfNeeded: key & slotMask)
                try writer.add(slot, max(1, frequency), to: &sink)
            } while unsafe place < count && postings[place] &>> numberShift == term
            writer.end(upper | term)
        }
    }
}

/// The terms of one text, each with its number in the upper bits and its frequency less 1 in the
/// lowest six. They are valid during a call.
@safe struct ForwardEntries: Sequence, IteratorProtocol {
    private let raw: UnsafeRawBufferPointer
    private var place: Int
    private let end: Int

    /// - Parameter raw: It has three bytes behind the last term.
    init(raw: UnsafeRawBufferPointer, place: Int, end: Int) {
        unsafe self.raw = raw
        self.place = place
        self.end = end
        precondition(
            place >= 0 && place <= end
                && end * ForwardText.entrySize + 3 <= raw.count)
    }

    @inline(__always)
    mutating func next() -> UInt64? {
        if place == end { return nil }
        let word = unsafe raw.loadUnaligned(
            fromByteOffset: place &* ForwardText.entrySize, as: UInt64.self)
        place &+= 1
        return UInt64(littleEndian: word) & 0xFF_FFFF_FFFF
    }
}

extension StoreError {
    static var damagedTexts: StoreError {
        StoreError(
            "the texts in the log do not fit together; hector-search verify tells what is affected",
            kind: .damage)
    }
}
