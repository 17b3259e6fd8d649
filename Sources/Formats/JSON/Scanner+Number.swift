extension Scanner {
    /// Skips a number, which starts with the minus sign or digit at the next byte.
    mutating func skipNumber() throws(JSONError) {
        // There is no branch, as the signs of a vector's numbers cannot be predicted.
        offset &+= text[offset] == UInt8(ascii: "-") ? 1 : 0
        if next == UInt8(ascii: "0") {
            offset += 1
            if let byte = next, byte &- 0x30 < 10 {
                throw JSONError(offset: offset - 1, problem: "a number with a leading zero")
            }
        } else {
            try skipDigits()
        }
        if next == UInt8(ascii: ".") {
            offset += 1
            try skipDigits()
        }
        if let byte = next, byte | 0x20 == UInt8(ascii: "e") {
            offset += 1
            if next == UInt8(ascii: "-") || next == UInt8(ascii: "+") { offset += 1 }
            try skipDigits()
        }
    }

    /// Skips one or more digits.
    @inline(__always)
    private mutating func skipDigits() throws(JSONError) {
        let start = offset
        while offset + 16 <= count {
            let (first, second) = digitCounts
            offset &+= first &+ second
            if second < 8 { break }
        }
        if offset + 16 > count {
            while let byte = next, byte &- 0x30 < 10 { offset += 1 }
        }
        if offset == start { throw unexpected(instead: "a digit") }
    }

    /// The numbers of digits at the start of each half of the next sixteen bytes.
    ///
    /// They are found without a branch, as the lengths of a vector's numbers cannot be predicted
    /// either.
    var digitCounts: (first: Int, second: Int) {
        @inline(__always) get {
            let first = Lanes.first(Lanes(text, at: offset).nonDigits)
            let second = Lanes.first(Lanes(text, at: offset &+ 8).nonDigits)
            return (first, first == 8 ? second : 0)
        }
    }
}
