internal import TextAnalysis

/// The making of an inverted index from analysed texts.
struct TextIndexBuilder {
    private struct Posting {
        let term: UInt64
        let slot: UInt32
        let frequency: UInt32
    }

    private var postings: [Posting] = []
    /// The codes of the lengths of the slots' documents.
    private var lengths: [UInt8] = []

    init() {}

    /// - Parameters:
    ///   - slot: Higher than those added before. Slots between them have no text.
    ///   - text: Without terms for a record without text.
    mutating func add(slot: UInt32, _ text: AnalyzedText) {
        precondition(slot >= lengths.count)
        while lengths.count < slot { lengths.append(0) }
        lengths.append(text.terms.isEmpty ? 0 : max(1, DocumentLength.code(text.length)))
        for term in text.terms {
            postings.append(
                Posting(
                    term: TextIndexWriter.number(of: term.hash), slot: slot,
                    frequency: max(1, term.frequency)))
        }
    }

    /// Writes the index of all slots.
    ///
    /// - Parameter count: The number of slots, or nil for those up to the last one added.
    func write(to sink: inout some SectionSink, slots count: Int? = nil) throws(StoreError) {
        var lengths = lengths
        if let count {
            precondition(count >= lengths.count)
            lengths += [UInt8](repeating: 0, count: count - lengths.count)
        }
        var writer = TextIndexWriter(lengths: lengths)
        let sorted = sortedPostings()
        var place = 0
        while place < sorted.count {
            let term = sorted[place].term
            // Two terms with one number would give a slot twice.
            while place < sorted.count, sorted[place].term == term {
                let slot = sorted[place].slot
                var frequency = sorted[place].frequency
                place += 1
                while place < sorted.count, sorted[place].term == term, sorted[place].slot == slot {
                    frequency &+= sorted[place].frequency
                    place += 1
                }
                try writer.add(slot, max(1, frequency), to: &sink)
            }
            writer.end(term)
        }
        try writer.finish(&sink)
    }

    /// Returns the postings in the order of terms, and of slots for each.
    ///
    /// Slots are in order already, so a stable sort of terms by bytes suffices.
    private func sortedPostings() -> [Posting] {
        if postings.count < 512 {
            return postings.sorted { ($0.term, $0.slot) < ($1.term, $1.slot) }
        }
        var from = postings
        var to = postings
        for shift in stride(from: UInt64(0), to: UInt64(TextIndexWriter.termBits), by: 8) {
            var starts = [Int](repeating: 0, count: 257)
            for posting in from { starts[Int(posting.term >> shift & 0xFF) + 1] += 1 }
            for digit in 0..<256 { starts[digit + 1] += starts[digit] }
            for posting in from {
                let digit = Int(posting.term >> shift & 0xFF)
                to[starts[digit]] = posting
                starts[digit] += 1
            }
            swap(&from, &to)
        }
        return from
    }
}
