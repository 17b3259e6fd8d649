/// English endings, which are removed so that the forms of one word become alike.
///
/// This is much lighter than Porter's algorithm: at most one ending, a final e or y, and half of a
/// double letter are removed, as long as three letters remain. The rest need not be a word. Words
/// of other languages lose little, and groups of letters make up for that.
///
/// It belongs to the vectors of hash-v1: libstemmer has another stem for two words in five, so that
/// stored vectors would not fit those made with it, and takes a third longer.
enum Stem {
    /// Returns the number of a word's letters that remain.
    static func length(of word: Span<UInt8>) -> Int {
        var end = word.count - endingLength(of: word)
        if end > 3, word[end - 1] == UInt8(ascii: "e") || word[end - 1] == UInt8(ascii: "y") {
            end -= 1
        }
        if end > 3, word[end - 1] == word[end - 2] { end -= 1 }
        return end
    }

    private static func endingLength(of word: Span<UInt8>) -> Int {
        guard word.count > 3 else { return 0 }
        func ends(_ ending: StaticString) -> Bool {
            let count = ending.utf8CodeUnitCount
            guard word.count >= count + 3 else { return false }
            for index in 0..<count
            where unsafe word[word.count - count + index] != ending.utf8Start[index] {
                return false
            }
            return true
        }
        switch word[word.count - 1] {
        case UInt8(ascii: "s"):
            if ends("ies") { return 3 }
            if ends("es") { return 2 }
            // "class", "status" and "this" are not plurals.
            switch word[word.count - 2] {
            case UInt8(ascii: "s"), UInt8(ascii: "u"), UInt8(ascii: "i"): return 0
            default: return 1
            }
        case UInt8(ascii: "g"): return ends("ing") ? 3 : 0
        case UInt8(ascii: "d"): return ends("ed") ? 2 : 0
        case UInt8(ascii: "y"): return ends("ly") ? 2 : 0
        case UInt8(ascii: "n"): return ends("ation") ? 5 : ends("ion") ? 3 : 0
        case UInt8(ascii: "r"): return ends("er") || ends("or") ? 2 : 0
        case UInt8(ascii: "t"): return ends("ment") ? 4 : 0
        default: return 0
        }
    }
}
