/// The positions of the members of a record in its line.
struct Index: Sendable {
    struct Member {
        /// The range between the key's quotation marks.
        var key: Range<UInt32>
        var value: Range<UInt32>
    }

    var members: [Member] = []

    /// The position of the closing brace, or nil if the line is only a string.
    var end: Int?

    /// True if any key has a backslash, so that its bytes may differ from its text.
    var hasEscapedKeys = false

    /// Scans the whole text, which has to be one object or string.
    init(_ text: UnsafeBufferPointer<UInt8>) throws(JSONError) {
        guard text.count <= UInt32.max else {
            throw JSONError(offset: 0, problem: "a line of more than 4 GiB")
        }
        var scanner = Scanner(text)
        scanner.skipWhitespace()
        switch scanner.next {
        case nil: throw JSONError(offset: 0, problem: "an empty line")
        case UInt8(ascii: "{"): try scan(&scanner)
        case UInt8(ascii: "\""):
            let start = scanner.offset
            try scanner.skipString()
            members = [Member(key: 0..<0, value: UInt32(start)..<UInt32(scanner.offset))]
        default:
            let start = scanner.offset
            try scanner.skipValue()
            throw JSONError(
                offset: start,
                problem: "expected an object or a string, but found \(kind(of: text[start]))")
        }
        try scanner.skipEnd()
    }

    private mutating func scan(_ scanner: inout Scanner) throws(JSONError) {
        members.reserveCapacity(8)
        scanner.offset += 1
        scanner.skipWhitespace()
        var isOpen = scanner.next != UInt8(ascii: "}")
        if !isOpen { scanner.offset += 1 }
        while isOpen {
            let key = try scanner.skipKey()
            if scanner.plainCount(key) < key.count { hasEscapedKeys = true }
            let start = scanner.offset
            try scanner.skipValue(depth: 1)
            members.append(
                Member(
                    key: UInt32(key.lowerBound)..<UInt32(key.upperBound),
                    value: UInt32(start)..<UInt32(scanner.offset)))
            scanner.skipWhitespace()
            isOpen = try scanner.skipSeparator(in: true)
        }
        end = scanner.offset - 1
    }

    /// Returns the last member of that name, which is the one that counts.
    func last(_ key: UnsafeRawBufferPointer, in text: UnsafeBufferPointer<UInt8>) -> Int? {
        guard end != nil else { return key.elementsEqual("content".utf8) ? 0 : nil }
        let text = UnsafeRawBufferPointer(text)
        return members.lastIndex { member in
            let range = Int(member.key.lowerBound)..<Int(member.key.upperBound)
            if hasEscapedKeys {
                let scanner = Scanner(text)
                if scanner.plainCount(range) < range.count {
                    return scanner.unescape(range).elementsEqual(key)
                }
            }
            return range.count == key.count
                && UnsafeRawBufferPointer(rebasing: text[range]).elementsEqual(key)
        }
    }

    /// Moves all positions at or after `offset`.
    mutating func move(from offset: Int, by distance: Int) {
        func move(_ range: inout Range<UInt32>) {
            guard range.lowerBound >= offset else { return }
            range =
                UInt32(Int(range.lowerBound) + distance)..<UInt32(Int(range.upperBound) + distance)
        }
        for index in members.indices {
            move(&members[index].key)
            move(&members[index].value)
        }
        end? += distance
    }
}
