internal import TextAnalysis
internal import VectorKernels

/// The adding up of a question's scores in one window after the other. It belongs to one thread.
///
/// The lists of some words are added up for all slots of the window. The others, which cannot reach
/// what is needed together, are only looked up for slots that have enough already (Turtle and Flood's
/// MaxScore, with the bounds of windows instead of lists). The words that are added up are those that
/// can add most for each entry of their lists.
@safe final class TextSums {
    private let text: TextSearch
    private let bounds: TextBounds
    private let parts: PartTable
    private let readers: ReaderTable

    /// The sums of the window that was added up last.
    let sums: UnsafeMutablePointer<Float>
    private let found: UnsafeMutablePointer<UInt64>
    /// The parts of a word's own list and of its groups, if it has both: zeros in between.
    private let own: UnsafeMutablePointer<Float>
    private let groups: UnsafeMutablePointer<Float>

    /// The words of the window, with what they can add there, and that for each entry, the most
    /// first.
    private var order: [(share: Float, bound: Float, word: Int)] = []
    /// For each of these, the sum of the bounds from it on, and 0.
    private var rests: [Double] = [0]
    /// The number of words that were added up.
    private var added = 0
    /// The number of words to add up where any slot may have enough.
    private var effort: Int

    /// So many entries are added up in the time of scanning a block of codes.
    private let scanCost: Int

    /// The part by which sums are off at most.
    let slack: Double

    /// So many entries are added up in the time of looking up one.
    private static let lookUpCost = 48
    /// So many words are looked up before it is clear that a slot does not have enough.
    private static let usualLookUps = 6
    /// So many bytes of codes are scanned in the time of adding up an entry.
    private static let bytesPerEntry = 200
    /// So few slots are better looked up.
    private static let fewSlots = 2

    /// - Parameters:
    ///   - blockSize: The size in bytes of a block of codes.
    ///   - ownsReaders: True to read with the search's own readings, which no other thread may use
    ///     meanwhile.
    init(
        _ text: TextSearch, _ bounds: TextBounds, _ parts: PartTable, blockSize: Int,
        ownsReaders: Bool
    ) {
        self.text = text
        self.bounds = bounds
        self.parts = parts
        readers = ReaderTable(text, ownsReaders: ownsReaders)
        slack = Self.slack(text)
        scanCost = blockSize / Self.bytesPerEntry
        effort = text.terms.count { $0.question.kind != .group && $0.question.weight >= 0.5 }
        unsafe sums = .allocate(capacity: SlotWindow.size)
        unsafe sums.initialize(repeating: 0, count: SlotWindow.size)
        unsafe own = .allocate(capacity: SlotWindow.size)
        unsafe own.initialize(repeating: 0, count: SlotWindow.size)
        unsafe groups = .allocate(capacity: SlotWindow.size)
        unsafe groups.initialize(repeating: 0, count: SlotWindow.size)
        unsafe found = .allocate(capacity: SlotWindow.size / 64)
        unsafe found.initialize(repeating: 0, count: SlotWindow.size / 64)
    }

    deinit {
        unsafe sums.deallocate()
        unsafe own.deallocate()
        unsafe groups.deallocate()
        unsafe found.deallocate()
    }

    /// Returns the part by which sums in single precision are off at most.
    static func slack(_ text: TextSearch) -> Double { Double(text.terms.count + 16) * 1.2e-7 }

    /// The sum of a slot of the window.
    func sum(_ place: Int) -> Float {
        precondition((0..<SlotWindow.size).contains(place))
        return unsafe sums[place]
    }

    /// The most that the words that were not added up can add to a sum.
    var rest: Double { rests[added] * (1 + slack) }

    /// Adds up the scores of a window.
    ///
    /// - Parameters:
    ///   - slots: Those that matter. Afterwards they are those whose scores may be `needed` or more.
    ///   - needed: With 0 or less, all are.
    ///   - completes: True to complete the sums of these slots. If not, `complete` does so for one.
    func addUp(
        _ window: SlotWindow, _ slots: inout WindowSlots, needed: Double, completes: Bool
    ) throws(StoreError) {
        unsafe sums.update(repeating: 0, count: SlotWindow.size)
        let needed = needed * (1 - slack)
        orderWords(window)
        added = 0
        if slots.count <= Self.fewSlots {
            if completes { try complete(&slots, of: window, needed) }
            return
        }
        var wanted = order.count
        while wanted > 0, rests[wanted - 1] < needed { wanted -= 1 }
        if !completes, needed <= 0 {
            // Nothing is known at first, and then codes do not decide much.
            wanted = needed == -.infinity ? order.count : min(effort, order.count)
        }
        while added < wanted { try addNext(window) }
        while needed > 0 {
            let count = keep(&slots, atLeast: needed - rests[added])
            if count == 0 || added == order.count { return }
            let cost = count * (completes ? Self.lookUpCost : scanCost)
            if cost < expectedCount(order[added].word, window) { break }
            // So many that another look at the sums is worth its time.
            var done = 0
            while added < order.count, done < min(cost, SlotWindow.size / 8) {
                done += expectedCount(order[added].word, window)
                try addNext(window)
            }
        }
        if completes, needed > 0 { try complete(&slots, of: window, needed) }
    }

    /// Completes the sum of a slot of the window that was added up last.
    ///
    /// - Returns: False if it cannot be `needed` or more.
    func complete(
        _ place: Int, of window: SlotWindow, needed: Double
    ) throws(StoreError) -> Bool {
        let lists = text.lists[window.segment]
        let slot = window.first + place
        let needed = needed * (1 - slack)
        var sum = unsafe Double(sums[place])
        var next = added
        while next < order.count, sum + rests[next] >= needed {
            let word = lists.words[order[next].word]
            func part(_ list: Int) throws(StoreError) -> Double {
                let frequency = try readers.reader(list, window.segment).frequency(in: UInt32(slot))
                if frequency == 0 { return 0 }
                return text.terms[lists.readers[list].term].weight
                    * text.formula.part(frequency, lists.lengths[slot])
            }
            var groups = 0.0
            for list in word.groups { groups += try part(list) }
            if let own = word.own { sum += max(try part(own), groups) } else { sum += groups }
            next += 1
        }
        unsafe sums[place] = Float(sum)
        return sum + rests[next] >= needed
    }

    private func complete(
        _ slots: inout WindowSlots, of window: SlotWindow, _ needed: Double
    ) throws(StoreError) {
        for word in 0..<window.words {
            var bits = slots[word]
            while bits != 0 {
                let bit = bits & (0 &- bits)
                bits ^= bit
                let place = word * 64 + bit.trailingZeroBitCount
                if !(try complete(place, of: window, needed: needed)) { slots[word] &= ~bit }
            }
        }
    }

    private func orderWords(_ window: SlotWindow) {
        order.removeAll(keepingCapacity: true)
        for (word, bound) in bounds.words(in: window).enumerated() where bound > 0 {
            order.append((bound / Float(count(of: word, window.segment)), bound, word))
        }
        order.sort { $0.share > $1.share }
        rests.removeAll(keepingCapacity: true)
        rests.append(0)
        var rest = 0.0
        for (_, bound, _) in order.reversed() {
            rest += Double(bound)
            rests.append(rest)
        }
        rests.reverse()
    }

    /// The number of entries of a word's lists.
    private func count(of word: Int, _ segment: Int) -> Int {
        let lists = text.lists[segment]
        return lists.words[word].all.reduce(0) { $0 + lists.readers[$1].reader.count }
    }

    private func expectedCount(_ word: Int, _ window: SlotWindow) -> Int {
        count(of: word, window.segment) * window.count
            / text.lists[window.segment].lengths.count
    }

    /// Keeps the slots whose sums are high enough.
    ///
    /// - Returns: Their number.
    private func keep(_ slots: inout WindowSlots, atLeast least: Double) -> Int {
        // A slot that has no term has a sum of 0, which is never enough.
        let least = max(Float(least * (1 - slack)).nextDown, .leastNonzeroMagnitude)
        unsafe hector_at_least(sums, SlotWindow.size, least, found)
        var count = 0
        for word in 0..<SlotWindow.size / 64 {
            let bits = unsafe slots[word] & found[word]
            slots[word] = bits
            count += bits.nonzeroBitCount
        }
        return count
    }

    /// Adds the next word's part of a window to the sums.
    private func addNext(_ window: SlotWindow) throws(StoreError) {
        let word = text.lists[window.segment].words[order[added].word]
        added += 1
        guard let own = word.own, !word.groups.isEmpty else {
            for list in word.all { unsafe try add(list, window, to: sums) }
            return
        }
        unsafe try add(own, window, to: self.own)
        for list in word.groups { unsafe try add(list, window, to: groups) }
        unsafe hector_add_greater(sums, self.own, groups, SlotWindow.size)
    }

    /// Adds a list's part of a window to numbers.
    private func add(
        _ list: Int, _ window: SlotWindow, to numbers: UnsafeMutablePointer<Float>
    ) throws(StoreError) {
        let reader = readers.reader(list, window.segment)
        let lists = text.lists[window.segment]
        let weight = Float(text.terms[lists.readers[list].term].weight)
        let first = UInt32(window.first)
        try reader.seek(first)
        try unsafe reader.read(before: first + UInt32(window.count)) { slots, frequencies, count in
            // Slots are in the window, and below the number of lengths.
            unsafe parts.withParts(lists.lengths) { parts in
                unsafe hector_add_parts(slots, frequencies, count, parts, weight, first, numbers)
            }
        }
    }

    /// Learns from the number of slots that codes have found in a window.
    func noteHits(_ count: Int, in window: SlotWindow) {
        // If there are many, more words are added up before the next scan.
        if count > window.count / 32 { effort = max(effort, added) }
    }

    /// Adds up more words if that takes less time than to look up as many slots in them.
    ///
    /// - Returns: False if it does not, or if there are no more words.
    func addMore(for slots: Int, _ window: SlotWindow) throws(StoreError) -> Bool {
        var left = 0
        for place in added..<order.count { left += expectedCount(order[place].word, window) }
        let lookUps = min(order.count - added, Self.usualLookUps)
        if slots * lookUps * Self.lookUpCost <= left || added == order.count { return false }
        // So many that another look at the slots is worth its time.
        var done = 0
        while added < order.count, done < slots {
            done += expectedCount(order[added].word, window)
            try addNext(window)
        }
        return true
    }
}

/// The readings of the lists of all segments by one thread, each begun when it is needed.
private final class ReaderTable {
    private let text: TextSearch
    private let ownsReaders: Bool
    private var own: [[PostingReader?]]

    init(_ text: TextSearch, ownsReaders: Bool) {
        self.text = text
        self.ownsReaders = ownsReaders
        own =
            ownsReaders
            ? [] : text.lists.map { [PostingReader?](repeating: nil, count: $0.readers.count) }
    }

    func reader(_ list: Int, _ segment: Int) -> PostingReader {
        if ownsReaders { return text.lists[segment].readers[list].reader }
        if let reader = own[segment][list] { return reader }
        let reader = PostingReader(text.lists[segment].readers[list].reader)
        own[segment][list] = reader
        return reader
    }
}
