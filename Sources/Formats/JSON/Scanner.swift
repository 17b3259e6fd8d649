/// A scanner that walks over JSON text and checks it against RFC 8259.
///
/// The text is borrowed: a scanner lives inside one `withUnsafe…` closure.
/// Every access goes through the buffer, which checks its bounds in debug builds.
struct Scanner {
    let text: UnsafeRawBufferPointer
    let count: Int
    var offset = 0

    init(_ text: UnsafeBufferPointer<UInt8>) { self.init(UnsafeRawBufferPointer(text)) }

    init(_ text: UnsafeRawBufferPointer) {
        self.text = text
        count = text.count
    }

    /// The next byte, or nil at the end of the text.
    var next: UInt8? {
        @inline(__always) get { offset < count ? text[offset] : nil }
    }

    @inline(__always)
    mutating func skipWhitespace() {
        while let byte = next, byte <= 0x20 {
            guard byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 else { return }
            offset += 1
        }
    }

    /// Skips one value, which starts at the next byte, without recursion.
    ///
    /// - Parameter depth: The number of open containers around it.
    mutating func skipValue(depth: Int = 0) throws(JSONError) {
        var nesting = Nesting(depth: depth)
        value: while true {
            guard let first = next else { throw unexpected(instead: "a value") }
            switch first {
            case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"):
                try skipNumber()
            case UInt8(ascii: "\""):
                try skipString()
            case UInt8(ascii: "{"):
                guard nesting.open(object: true) else { throw tooDeep }
                offset += 1
                skipWhitespace()
                if next != UInt8(ascii: "}") {
                    try skipKey()
                    continue value
                }
                offset += 1
                nesting.close()
            case UInt8(ascii: "["):
                guard nesting.open(object: false) else { throw tooDeep }
                offset += 1
                skipWhitespace()
                if next != UInt8(ascii: "]") { continue value }
                offset += 1
                nesting.close()
            case UInt8(ascii: "t"):
                try skip("true")
            case UInt8(ascii: "f"):
                try skip("false")
            case UInt8(ascii: "n"):
                try skip("null")
            default:
                throw unexpected(instead: "a value")
            }
            while nesting.depth > depth {
                skipWhitespace()
                let isInObject = nesting.isInObject
                if try skipSeparator(in: isInObject) {
                    if isInObject { try skipKey() }
                    continue value
                }
                nesting.close()
            }
            return
        }
    }

    /// Skips the comma or closing bracket after a member or an element.
    ///
    /// - Returns: True if another one comes, at the next byte; false if the container has ended.
    @inline(__always)
    mutating func skipSeparator(in object: Bool) throws(JSONError) -> Bool {
        if next == UInt8(ascii: ",") {
            offset += 1
            skipWhitespace()
            return true
        }
        guard next == (object ? UInt8(ascii: "}") : UInt8(ascii: "]")) else {
            throw unexpected(instead: object ? "',' or '}'" : "',' or ']'")
        }
        offset += 1
        return false
    }

    /// Skips the key of a member, its colon and the whitespace after that.
    ///
    /// - Returns: The key between its quotation marks.
    @discardableResult
    mutating func skipKey() throws(JSONError) -> Range<Int> {
        let start = offset + 1
        guard next == UInt8(ascii: "\"") else { throw unexpected(instead: "a key in quotes") }
        try skipString()
        let end = offset - 1
        skipWhitespace()
        guard next == UInt8(ascii: ":") else { throw unexpected(instead: "':'") }
        offset += 1
        skipWhitespace()
        return start..<end
    }

    /// Skips whitespace, after which the text must have ended.
    mutating func skipEnd() throws(JSONError) {
        skipWhitespace()
        if offset < count { throw unexpected(instead: "the end") }
    }

    private mutating func skip(_ literal: StaticString) throws(JSONError) {
        let size = literal.utf8CodeUnitCount
        for index in 0..<size {
            guard offset + index < count, text[offset + index] == literal.utf8Start[index] else {
                throw unexpected(instead: "a value")
            }
        }
        offset += size
    }
}
