internal import TextAnalysis

/// The distinct words of a text in the order in which they first occur, with their counts.
struct WordCounts {
    struct Word {
        let hash: UInt64
        /// The range of its letters among all letters; empty for characters of a script without
        /// spaces.
        let letters: Range<Int>
        /// True if it has only digits.
        let isNumber: Bool
        var count: Int32 = 1
    }

    private(set) var words: [Word] = []

    /// The folded letters of the distinct words, as UTF-8.
    private var letters: [UInt8] = []

    /// A table in open addressing: a word's number plus one, or 0. Its size is a power of two.
    private var slots: [Int32]

    init(_ text: Span<UInt8>) {
        slots = Array(repeating: 0, count: 256)
        letters.reserveCapacity(min(text.count, 16 * 1024))
        words.reserveCapacity(min(text.count / 8 + 1, 1024))
        read(text)
    }

    private mutating func read(_ text: Span<UInt8>) {
        let ascii = Fold.ascii
        let nothing = FeatureHash(kind: .word)
        var hash = nothing
        var start = 0
        var previous: UInt32?
        var position = 0
        while position < text.count {
            let byte = text[position]
            if byte < 0x80 {
                position += 1
                let letter = ascii[Int(byte)]
                if letter != 0 {
                    letters.append(letter)
                    hash.append(letter)
                    continue
                }
            } else {
                let (scalar, length) = text.scalar(at: position)
                position += length
                switch Fold.role(scalar) {
                case .letter(let letter):
                    append(letter, &hash)
                    continue
                case .pair(let first, let second):
                    append(UInt32(first), &hash)
                    append(UInt32(second), &hash)
                    continue
                case .mark:
                    continue
                case .unspaced:
                    if letters.count > start {
                        add(hash.value, start..<letters.count)
                        previous = nil
                    }
                    addUnspaced(scalar, after: previous)
                    previous = scalar
                    hash = nothing
                    start = letters.count
                    continue
                case .separator:
                    break
                }
            }
            previous = nil
            if letters.count > start {
                add(hash.value, start..<letters.count)
                hash = nothing
                start = letters.count
            }
        }
        if letters.count > start { add(hash.value, start..<letters.count) }
    }

    /// Counts a character of a script without spaces, alone and with the one before it.
    private mutating func addUnspaced(_ scalar: UInt32, after previous: UInt32?) {
        let none = letters.count..<letters.count
        var alone = FeatureHash(kind: .unspaced)
        alone.append(scalar)
        add(alone.value, none)
        guard let previous else { return }
        var pair = FeatureHash(kind: .unspaced)
        pair.append(previous)
        pair.append(scalar)
        add(pair.value, none)
    }

    private mutating func append(_ scalar: UInt32, _ hash: inout FeatureHash) {
        func put(_ byte: UInt32) {
            letters.append(UInt8(truncatingIfNeeded: byte))
            hash.append(UInt8(truncatingIfNeeded: byte))
        }
        switch scalar {
        case ..<0x80: put(scalar)
        case ..<0x800:
            put(0xC0 | scalar >> 6)
            put(0x80 | scalar & 0x3F)
        case ..<0x10000:
            put(0xE0 | scalar >> 12)
            put(0x80 | scalar >> 6 & 0x3F)
            put(0x80 | scalar & 0x3F)
        default:
            put(0xF0 | scalar >> 18)
            put(0x80 | scalar >> 12 & 0x3F)
            put(0x80 | scalar >> 6 & 0x3F)
            put(0x80 | scalar & 0x3F)
        }
    }

    /// Counts a word.
    ///
    /// - Parameter range: The word's letters, which are the last ones. They are dropped if the word
    ///   is not new.
    @inline(__always)
    private mutating func add(_ hash: UInt64, _ range: Range<Int>) {
        let mask = slots.count - 1
        var slot = Int(truncatingIfNeeded: hash) & mask
        while slots[slot] != 0 {
            let number = Int(slots[slot] - 1)
            if words[number].hash == hash {
                words[number].count &+= 1
                letters.removeLast(range.count)
                return
            }
            slot = (slot + 1) & mask
        }
        let isNumber = !range.isEmpty && letters[range].allSatisfy { (0x30...0x39).contains($0) }
        words.append(Word(hash: hash, letters: range, isNumber: isNumber))
        slots[slot] = Int32(words.count)
        if words.count * 2 > slots.count { grow() }
    }

    private mutating func grow() {
        slots = Array(repeating: 0, count: slots.count * 4)
        let mask = slots.count - 1
        for (number, word) in words.enumerated() {
            var slot = Int(truncatingIfNeeded: word.hash) & mask
            while slots[slot] != 0 { slot = (slot + 1) & mask }
            slots[slot] = Int32(number + 1)
        }
    }
}

extension WordCounts {
    /// Replaces `marked` by a word between marks for its ends.
    func mark(_ word: Word, into marked: inout [UInt8]) {
        marked.removeAll(keepingCapacity: true)
        marked.append(UInt8(ascii: "<"))
        marked += letters[word.letters]
        marked.append(UInt8(ascii: ">"))
    }
}

extension FeatureHash {
    /// Appends four bytes, the highest first.
    fileprivate mutating func append(_ scalar: UInt32) {
        for shift: UInt32 in [24, 16, 8, 0] { append(UInt8(truncatingIfNeeded: scalar >> shift)) }
    }
}
