/// A line and the positions of its top-level members.
///
/// The line is kept as it came. Values are read from its bytes, and additions are spliced into
/// them, so that everything else passes through unchanged. If a key occurs more than once, the last
/// one counts, as it does for most readers of JSON.
package struct Record: Sendable {
    /// The line as it is now, without a newline.
    package private(set) var bytes: [UInt8]
    var index: Index

    /// Takes a line that is an object, or a string, which is a record with only `content`.
    ///
    /// - Throws: An error with the position where the line does not follow RFC 8259. All of it is
    ///   checked.
    package init(_ bytes: [UInt8]) throws(JSONError) {
        index = try bytes.withUnsafeBufferPointer { text throws(JSONError) in try Index(text) }
        self.bytes = bytes
    }

    /// Makes a record of a text.
    package init(content: String) {
        var content = content
        self = content.withUTF8 { Record(contentUTF8: $0) }
    }

    /// Makes a record of a text.
    ///
    /// - Throws: An error with the position where the text is not UTF-8.
    package init(content: [UInt8]) throws(JSONError) {
        self = try content.withUnsafeBufferPointer { text throws(JSONError) in
            var scanner = Scanner(text)
            try scanner.skipText()
            return Record(contentUTF8: text)
        }
    }

    private init(contentUTF8 content: UnsafeBufferPointer<UInt8>) {
        var bytes = Array(#"{"content":"#.utf8)
        bytes.reserveCapacity(content.count + content.count / 16 + 16)
        bytes.appendJSON(utf8: content)
        bytes.append(UInt8(ascii: "}"))
        // The bytes have just been written as JSON.
        self = try! Record(bytes)
    }

    /// Replaces the value of a key in place, or adds the key before the closing brace.
    ///
    /// Every byte that is not part of the old value stays the same.
    ///
    /// - Parameter json: One JSON value; this is not checked.
    package mutating func set(_ key: String, json: [UInt8]) {
        set(key) { $0 += json }
    }

    /// Replaces the value of a key in place, or adds the key before the closing brace.
    ///
    /// - Parameter appendValue: A function that appends one JSON value, which is not checked, to
    ///   the bytes it is given, and does not change the existing ones.
    package mutating func set(_ key: String, _ appendValue: (inout [UInt8]) -> Void) {
        becomeObject()
        if let member = position(of: key) {
            var json: [UInt8] = []
            appendValue(&json)
            replace(value(at: member), with: json, in: member)
            return
        }
        let end = index.end!
        // The value is written in its place, and the bytes after it are put back.
        let rest = Array(bytes[end...])
        bytes.removeSubrange(end...)
        if !index.members.isEmpty { bytes.append(UInt8(ascii: ",")) }
        let start = bytes.count + 1
        bytes.appendJSON(string: key)
        let keyEnd = bytes.count - 1
        bytes.append(UInt8(ascii: ":"))
        let valueStart = bytes.count
        appendValue(&bytes)
        index.members.append(
            Index.Member(
                key: UInt32(start)..<UInt32(keyEnd),
                value: UInt32(valueStart)..<UInt32(bytes.count)))
        if bytes[start..<keyEnd].contains(UInt8(ascii: "\\")) { index.hasEscapedKeys = true }
        index.end = bytes.count
        bytes += rest
    }

    /// Replaces the value of a key in place, or adds the key before the closing brace.
    package mutating func set(_ key: String, json: some Sequence<UInt8>) {
        set(key, json: Array(json))
    }

    /// Adds an element at the end of an array. The array is created if the key is absent or null.
    ///
    /// - Parameter json: One JSON value; this is not checked.
    /// - Throws: An error that says what the key has instead of an array.
    package mutating func append(_ json: [UInt8], toArray key: String) throws(JSONError) {
        guard let member = position(of: key), bytes[value(at: member)] != Array("null".utf8)[...]
        else {
            set(key, json: [UInt8(ascii: "[")] + json + [UInt8(ascii: "]")])
            return
        }
        let value = value(at: member)
        guard bytes[value.lowerBound] == UInt8(ascii: "[") else {
            throw mismatch(key, at: value.lowerBound, expected: "an array")
        }
        let end = value.upperBound - 1
        let isEmpty = bytes[value.lowerBound + 1..<end].allSatisfy { $0 <= 0x20 }
        replace(end..<end, with: isEmpty ? json : [UInt8(ascii: ",")] + json, in: member)
    }

    private mutating func replace(_ range: Range<Int>, with json: [UInt8], in member: Int) {
        bytes.replaceSubrange(range, with: json)
        let distance = json.count - range.count
        let value = index.members[member].value
        index.move(from: Int(value.upperBound), by: distance)
        index.members[member].value =
            value.lowerBound..<UInt32(Int(value.upperBound) + distance)
    }

    /// Turns a line that is only a string into an object.
    private mutating func becomeObject() {
        guard index.end == nil else { return }
        let string = bytes[value(at: 0)]
        self = try! Record(Array(#"{"content":"#.utf8) + string + [UInt8(ascii: "}")])
    }
}
