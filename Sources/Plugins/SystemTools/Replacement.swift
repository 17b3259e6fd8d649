/// A passage and its replacement.
struct Replacement: Sendable {
    private let old, new: [UInt8]
    private let replacesAll: Bool

    private static let newline = UInt8(ascii: "\n")
    private static let carriageReturn = UInt8(ascii: "\r")

    init(old: [UInt8], new: [UInt8], replacesAll: Bool) throws(ToolError) {
        if old.isEmpty { throw ToolError("'old' is empty: expected the passage to replace") }
        if old == new { throw ToolError("'old' and 'new' are the same: nothing would change") }
        self.old = old
        self.new = new
        self.replacesAll = replacesAll
    }

    /// - Parameter path: The path to name in errors.
    /// - Returns: The new text, and the lines of the old one in which something was replaced.
    func applied(
        to text: [UInt8], of path: String
    ) throws(ToolError) -> (text: [UInt8], lines: [Int]) {
        let (old, new, places) = found(in: text)
        guard !places.isEmpty else {
            throw ToolError("'old' is not in '\(path)'\(reasonForAbsence(in: text))")
        }
        // Overlapping passages, too, leave open which one is intended.
        guard replacesAll || places.count == 1 else {
            let found = Self.words(lines(of: places[...], in: text))
            throw ToolError(
                "'old' is \(places.count) times in '\(path)', at lines \(found): make it longer, so "
                    + "that it is there once, or set replace_all")
        }
        var apart: [Int] = []
        for place in places where apart.isEmpty || place >= apart[apart.count - 1] + old.count {
            apart.append(place)
        }
        var result: [UInt8] = []
        var end = 0
        for place in apart {
            result += text[end..<place]
            result += new
            end = place + old.count
        }
        return (result + text[end...], lines(of: apart[...], in: text))
    }

    /// Returns the passage with the line ends that the text has, and its positions.
    private func found(in text: [UInt8]) -> (old: [UInt8], new: [UInt8], places: [Int]) {
        var ends = (alone: 0, afterReturn: 0)
        for place in text.indices where text[place] == Self.newline {
            if place > 0, text[place - 1] == Self.carriageReturn {
                ends.afterReturn += 1
            } else {
                ends.alone += 1
            }
        }
        if ends.afterReturn == 0 || ends.alone > 0 {
            let places = Self.places(of: old, in: text)
            if !places.isEmpty || ends.afterReturn == 0 { return (old, new, places) }
        }
        let old = Self.withReturns(old)
        return (old, Self.withReturns(new), Self.places(of: old, in: text))
    }

    private static func withReturns(_ text: [UInt8]) -> [UInt8] {
        var result: [UInt8] = []
        for byte in text {
            if byte == newline, result.last != carriageReturn { result.append(carriageReturn) }
            result.append(byte)
        }
        return result
    }

    private static func places(of passage: [UInt8], in text: [UInt8]) -> [Int] {
        var places: [Int] = []
        guard let first = passage.first, text.count >= passage.count else { return places }
        for place in 0...(text.count - passage.count) where text[place] == first {
            var length = 1
            while length < passage.count, text[place + length] == passage[length] { length += 1 }
            if length == passage.count { places.append(place) }
        }
        return places
    }

    private func lines(of places: ArraySlice<Int>, in text: [UInt8]) -> [Int] {
        var line = 1
        var position = 0
        return places.map { place in
            for byte in text[position..<place] where byte == Self.newline { line += 1 }
            position = place
            return line
        }
    }

    /// Returns a list of some line numbers, for messages.
    static func words(_ lines: [Int]) -> String {
        lines.prefix(10).map(String.init).joined(separator: ", ") + (lines.count > 10 ? ", …" : "")
    }

    /// Returns a reason with the line that is most like the first line of the passage, if there is
    /// one.
    private func reasonForAbsence(in text: [UInt8]) -> String {
        func words(_ line: ArraySlice<UInt8>) -> [UInt8] { line.filter { $0 > 0x20 } }
        let lines = old.split(separator: Self.newline).map(words)
        guard let first = lines.first(where: { !$0.isEmpty }) else { return "" }
        let all = text.split(separator: Self.newline, omittingEmptySubsequences: false)
        guard let place = all.firstIndex(where: { words($0) == first }) else {
            return "; read the file, and copy the passage from it"
        }
        return "; line \(place + 1) is like its first line, but what follows or the white space "
            + "differs; read it again"
    }
}
