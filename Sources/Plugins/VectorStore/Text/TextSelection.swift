/// The making of an inverted index that has some terms alone, by one reading of the texts.
struct TextSelection {
    /// The numbers of the terms, in order.
    private let terms: [UInt64]
    /// A bit for the lowest bits of each number, which most other terms do not have.
    private var filter = InlineArray<64, UInt64>(repeating: 0)

    init(_ terms: [UInt64]) {
        self.terms = Set(terms).sorted()
        for term in terms { filter[Int(term >> 6 & 63)] |= 1 << (term & 63) }
    }

    /// - Parameter parts: Texts of records that follow each other.
    func write(_ parts: [SegmentText.Part], to sink: inout some SectionSink) throws(StoreError) {
        var lengths: [UInt8] = []
        lengths.reserveCapacity(parts.reduce(0) { $0 + $1.slots })
        // For each term slots and the frequencies less 1.
        var found = [[UInt64]](repeating: [], count: terms.count)
        for part in parts {
            let first = lengths.count
            guard let texts = part.texts else {
                lengths += repeatElement(0, count: part.slots)
                continue
            }
            try texts.lengthCodes().append(to: &lengths)
            try read(texts, first: UInt64(first), &found)
        }
        var writer = TextIndexWriter(lengths: lengths)
        for (term, postings) in zip(terms, found) {
            var place = 0
            while place < postings.count {
                let slot = postings[place] >> 32
                var frequency: UInt32 = 0
                while place < postings.count, postings[place] >> 32 == slot {
                    frequency &+= UInt32(truncatingIfNeeded: postings[place]) &+ 1
                    place += 1
                }
                try writer.add(UInt32(slot), max(1, frequency), to: &sink)
            }
            writer.end(term)
        }
        try writer.finish(&sink)
    }

    private func read(
        _ texts: ForwardTexts, first: UInt64, _ found: inout [[UInt64]]
    ) throws(StoreError) {
        let ends = try texts.ends()
        try unsafe texts.entries().withRaw { entries in
            var start = 0
            for slot in 0..<texts.slots {
                let end = Int(ends.number(at: slot * 4, as: UInt32.self))
                for entry in unsafe ForwardEntries(raw: entries, place: start, end: end) {
                    let number = entry >> UInt64(ForwardText.frequencyBits)
                    let word = filter[Int(truncatingIfNeeded: number >> 6 & 63)]
                    if word >> (number & 63) & 1 == 0 { continue }
                    guard let term = place(of: number) else { continue }
                    let more = entry & UInt64(ForwardText.mostFrequency - 1)
                    found[term].append((first + UInt64(slot)) << 32 | more)
                }
                start = end
            }
        }
    }

    private func place(of number: UInt64) -> Int? {
        var (low, high) = (0, terms.count)
        while low < high {
            let middle = (low + high) / 2
            if terms[middle] < number { low = middle + 1 } else { high = middle }
        }
        return low < terms.count && terms[low] == number ? low : nil
    }
}
