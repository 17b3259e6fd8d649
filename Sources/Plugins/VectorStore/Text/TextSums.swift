internal import TextAnalysis
internal import VectorKernels

/// The adding up of a question's scores in one window after the other. It belongs to one thread.
///
/// Some of the words are added up for all slots of the window. The others, which cannot reach what is
/// needed together, are only looked up for slots that have enough already (Turtle and Flood's
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
    /// The scores of one word.
    private let wordSums: UnsafeMutablePointer<Float>

    /// The words of the window, with what they can add there, and that for each entry of their lists,
    /// the most first.
    private var order: [(share: Float, bound: Float, entries: Int, word: TextSearch.WordLists)] = []
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
        effort = text.words.count
        unsafe sums = .allocate(capacity: SlotWindow.size)
        unsafe sums.initialize(repeating: 0, count: SlotWindow.size)
        unsafe found = .allocate(capacity: SlotWindow.size / 64)
        unsafe found.initialize(repeating: 0, count: SlotWindow.size / 64)
        unsafe wordSums = .allocate(capacity: SlotWindow.size)
        unsafe wordSums.initialize(repeating: 0, count: SlotWindow.size)
    }

    deinit {
        unsafe sums.deallocate()
        unsafe found.deallocate()
        unsafe wordSums.deallocate()
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
        // Where a filter leaves few slots, their words are looked up.
        let costOfEach = completes ? Self.lookUpCost : scanCost
        let costOfAll = slots.count * costOfEach
        while added < wanted, costOfAll >= expectedCount(added, window) { try addNext(window) }
        if added < wanted {
            if completes { try complete(&slots, of: window, needed) }
            return
        }
        while needed > 0 {
            let count = keep(&slots, atLeast: needed - rests[added])
            if count == 0 || added == order.count { return }
            let cost = count * costOfEach
            if cost < expectedCount(added, window) { break }
            // So many that another look at the sums is worth its time.
            var done = 0
            while added < order.count, done < min(cost, SlotWindow.size / 8) {
                done += expectedCount(added, window)
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
        let slot = window.first + place
        let needed = needed * (1 - slack)
        var sum = unsafe Double(sums[place])
        var next = added
        while next < order.count, sum + rests[next] >= needed {
            sum += try score(order[next].word, slot, window)
            next += 1
        }
        unsafe sums[place] = Float(sum)
        return sum + rests[next] >= needed
    }

    /// Looks up what a word adds to the score of a slot.
    private func score(
        _ word: TextSearch.WordLists, _ slot: Int, _ window: SlotWindow
    ) throws(StoreError) -> Double {
        let lists = text.lists[window.segment]
        func score(_ list: Int) throws(StoreError) -> Double {
            let frequency = try readers.reader(list, window.segment).frequency(in: UInt32(slot))
            if frequency == 0 { return 0 }
            return text.terms[lists.readers[list].term].weight
                * text.formula.part(frequency, lists.lengths[slot])
        }
        var own = 0.0
        if let list = word.own {
            own = try score(list)
            if own >= Double(bounds.bound(ofGroups: word, in: window)) { return own }
        }
        var groups = 0.0
        for list in word.groups { groups += try score(list) }
        return max(own, groups)
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
        let lists = text.lists[window.segment]
        for word in lists.words {
            let bound = bounds.bound(of: word, in: window)
            if bound == 0 { continue }
            let own = word.own.map { lists.readers[$0].reader.count } ?? 0
            let entries = lists.readers[word.groups].reduce(own) { $0 + $1.reader.count }
            order.append((bound / Float(entries), bound, entries, word))
        }
        order.sort { $0.share > $1.share }
        rests.removeAll(keepingCapacity: true)
        rests.append(0)
        var rest = 0.0
        for word in order.reversed() {
            rest += Double(word.bound)
            rests.append(rest)
        }
        rests.reverse()
    }

    /// The number of entries that a word has in a window, about.
    private func expectedCount(_ place: Int, _ window: SlotWindow) -> Int {
        order[place].entries * window.count / text.lists[window.segment].lengths.count
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
        let word = order[added].word
        added += 1
        guard let own = word.own, bounds.bound(ofGroups: word, in: window) > 0 else {
            if let own = word.own { try unsafe read(own, of: window, sums, hector_add_parts) }
            for list in word.groups { try unsafe read(list, of: window, sums, hector_add_parts) }
            return
        }
        unsafe wordSums.update(repeating: 0, count: SlotWindow.size)
        for list in word.groups { try unsafe read(list, of: window, wordSums, hector_add_parts) }
        try unsafe read(own, of: window, wordSums, hector_raise_to_parts)
        unsafe hector_add_numbers(wordSums, SlotWindow.size, sums)
    }

    private typealias Kernel = (
        UnsafePointer<UInt32>?, UnsafePointer<UInt32>?, Int, UnsafePointer<hector_parts>?, Float,
        UInt32, UnsafeMutablePointer<Float>?
    ) -> Void

    /// Reads a list's part of a window into numbers of its slots.
    @inline(__always)
    private func read(
        _ list: Int, of window: SlotWindow, _ numbers: UnsafeMutablePointer<Float>,
        _ kernel: Kernel
    ) throws(StoreError) {
        let reader = readers.reader(list, window.segment)
        let lists = text.lists[window.segment]
        let weight = Float(text.terms[lists.readers[list].term].weight)
        let first = UInt32(window.first)
        try reader.seek(first)
        try unsafe reader.read(before: first + UInt32(window.count)) { slots, frequencies, count in
            // Slots are in the window, and below the number of lengths.
            unsafe parts.withParts(lists.lengths) { parts in
                unsafe kernel(slots, frequencies, count, parts, weight, first, numbers)
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
        for place in added..<order.count { left += expectedCount(place, window) }
        let lookUps = min(order.count - added, Self.usualLookUps)
        if slots * lookUps * Self.lookUpCost <= left || added == order.count { return false }
        // So many that another look at the slots is worth its time.
        var done = 0
        while added < order.count, done < slots {
            done += expectedCount(added, window)
            try addNext(window)
        }
        return true
    }
}
