extension Collection<UInt8> {
    /// True if a text begins with the byte order mark that some programs put before UTF-8, and which
    /// is not part of it.
    @inlinable package var startsWithByteOrderMark: Bool {
        first == 0xEF && starts(with: [0xEF, 0xBB, 0xBF] as [UInt8])
    }

    /// The text behind its byte order mark, if it has one.
    @inlinable package var withoutByteOrderMark: SubSequence {
        dropFirst(startsWithByteOrderMark ? 3 : 0)
    }
}

extension RangeReplaceableCollection<UInt8> {
    /// Takes a byte order mark off the beginning; a text without one is not copied.
    @inlinable package mutating func removeByteOrderMark() {
        if startsWithByteOrderMark { removeFirst(3) }
    }
}
