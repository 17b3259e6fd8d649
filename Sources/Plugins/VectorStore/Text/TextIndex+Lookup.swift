extension TextIndex {
    /// Returns the list of a term, or nil if no slot has it.
    ///
    /// - Parameter term: The number of the term, from its hash.
    func entry(of term: UInt64) throws(StoreError) -> Entry? {
        guard let number = try lastRow(upTo: term) else { return nil }
        let row = try row(number)
        let end = number + 1 < rows ? try self.row(number + 1).place : dictionary.count
        guard row.place <= end, end <= dictionary.count, row.list <= lists.count else {
            throw damage
        }
        let start = dictionary.lowerBound
        let bytes = try section.bytes(start + row.place..<start + end)
        var found = row.term
        var place = 0
        var list = Int(row.list)
        let first = number * TextIndexWriter.termsInBlock
        for _ in first..<min(first + TextIndexWriter.termsInBlock, terms) {
            guard let gap = Varint.read(bytes, &place), let count = Varint.read(bytes, &place),
                let size = Varint.read(bytes, &place), gap < 1 << UInt64(TextIndexWriter.termBits),
                count > 0, count <= slots, size <= lists.upperBound - list
            else { throw damage }
            found += gap
            if found > term { return nil }
            if found == term {
                return Entry(count: Int(count), list: list..<list + Int(size))
            }
            list += Int(size)
        }
        return nil
    }

    /// Returns the last row that begins with a term or before it.
    ///
    /// The numbers of terms are spread evenly, as they come from hashes, so the place of one shows
    /// about where it is.
    private func lastRow(upTo term: UInt64) throws(StoreError) -> Int? {
        var low = 0
        var high = rows
        if high == 0 { return nil }
        var guess = Int(
            (term &* UInt64(rows)) >> UInt64(TextIndexWriter.termBits) & 0xFFFF_FFFF)
        var step = 1
        // The row is from `low` - 1 to `high` - 1.
        while low < high {
            let middle = max(low, min(guess, high - 1))
            if try row(middle).term <= term {
                low = middle + 1
                guess = middle + step
            } else {
                high = middle
                guess = middle - step
            }
            step *= 2
            // Where steps do not lead to the end, halving does.
            if step > 64 { guess = (low + high) / 2 }
        }
        return low == 0 ? nil : low - 1
    }
}
