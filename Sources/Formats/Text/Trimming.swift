extension BidirectionalCollection {
    /// The elements between those at both ends that are not wanted there.
    @inlinable package func trimming(while isUnwanted: (Element) -> Bool) -> SubSequence {
        var end = endIndex
        while end != startIndex, isUnwanted(self[index(before: end)]) { formIndex(before: &end) }
        return self[..<end].drop(while: isUnwanted)
    }
}

extension StringProtocol where SubSequence == Substring {
    /// The text without white space at both ends.
    @inlinable package var trimmed: Substring { trimming { $0.isWhitespace } }
}

extension UInt8 {
    /// True for ASCII's white space: a blank, a tab and all that ends a line or a page.
    @inlinable package var isASCIIWhitespace: Bool { self == 0x20 || (0x09...0x0D).contains(self) }
}
