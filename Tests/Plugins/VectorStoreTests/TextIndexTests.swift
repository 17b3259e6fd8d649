import Testing
import TextAnalysis

@testable import VectorStore

@Suite struct TextIndexTests {
    /// The terms of documents as an index has them.
    private func contents(_ documents: [[Int: UInt32]]) -> [UInt64: [UInt32: UInt32]] {
        var contents: [UInt64: [UInt32: UInt32]] = [:]
        for (slot, document) in documents.enumerated() {
            for (term, frequency) in document {
                let number = TextIndexWriter.number(of: RandomTexts.hash(term))
                contents[number, default: [:]][UInt32(slot)] = frequency
            }
        }
        return contents
    }

    @Test(arguments: [0, 1, 2, 127, 128, 129, 3000])
    func `an index has what was added`(count: Int) throws {
        var numbers = Numbers(UInt64(count))
        let texts = RandomTexts(count, terms: 500, &numbers)
        let index = try texts.index()
        #expect(try index.contents() == contents(texts.documents))
        #expect(index.slots == count)
        #expect(index.statistics.documents == texts.documents.filter { !$0.isEmpty }.count)
        for (term, slots) in contents(texts.documents) {
            #expect(try index.entry(of: term)?.count == slots.count)
        }
        #expect(try index.entry(of: 12345) == nil)
        #expect(try TextIndex(.empty).entry(of: 1) == nil)
    }

    @Test func `a reading jumps forth and back`() throws {
        var numbers = Numbers(3)
        let texts = RandomTexts(5000, terms: 20, &numbers)
        let index = try texts.index()
        for term in [0, 5, 19] {
            let number = TextIndexWriter.number(of: RandomTexts.hash(term))
            let reader = try PostingReader(index, try #require(try index.entry(of: number)))
            for _ in 0..<500 {
                let slot = Int.random(in: 0..<5000, using: &numbers)
                let expected = texts.documents[slot][term] ?? 0
                #expect(try reader.frequency(in: UInt32(slot)) == expected)
            }
        }
    }

    @Test func `a merged index is that of the documents that live`() throws {
        var numbers = Numbers(4)
        let parts = [700, 0, 40, 2000].map { RandomTexts($0, terms: 300, &numbers) }
        var next: UInt32 = 0
        var living: [[Int: UInt32]] = []
        var sources: [(index: TextIndex, slots: [UInt32])] = []
        for part in parts {
            let slots = part.documents.map { document -> UInt32 in
                if Int.random(in: 0..<3, using: &numbers) == 0 { return .max }
                living.append(document)
                next += 1
                return next - 1
            }
            sources.append((try part.index(), slots))
        }
        var merged = MemorySink()
        try TextIndex.merge(sources, slots: Int(next), to: &merged)
        #expect(try merged.bytes == RandomTexts.bytes(living))
        #expect(try TextIndex(Section(merged.bytes)).contents() == contents(living))
    }

    @Test(arguments: [1, 5, 500, 20_000])
    func `an index of several texts is that of those that live`(count: Int) throws {
        var numbers = Numbers(UInt64(count))
        var parts: [TextInversion.Part] = []
        var next: UInt32 = 0
        var living: [[Int: UInt32]] = []
        for size in [count, 1, count / 3 + 1] {
            let documents = RandomTexts(size, terms: 5000, &numbers).documents
            let slots = documents.map { document -> UInt32 in
                if Int.random(in: 0..<5, using: &numbers) == 0 { return .max }
                living.append(document)
                next += 1
                return next - 1
            }
            if let texts = try RandomTexts.texts(documents) { parts.append((texts, slots)) }
            if parts.last?.slots != slots {
                for (slot, document) in zip(slots, documents) where slot != .max {
                    #expect(document.isEmpty)
                }
            }
        }
        var sink = MemorySink()
        try TextInversion(parts, slots: living.count).write(to: &sink)
        #expect(try TextIndex(Section(sink.bytes)).contents() == contents(living))
    }

    @Test func `a search before there is an index finds the same`() throws {
        var numbers = Numbers(8)
        var parts: [SegmentText.Part] = []
        var documents: [[Int: UInt32]] = []
        for size in [40, 1, 300] {
            let new = RandomTexts(size, terms: 80, &numbers).documents
            parts.append((try RandomTexts.texts(new), new.count))
            let empty = [[Int: UInt32]](repeating: [:], count: 3)
            parts.append((try RandomTexts.texts(empty), empty.count))
            documents += new + empty
        }
        let whole = try TextIndex(Section(RandomTexts.bytes(documents)))
        let text = SegmentText(parts)
        for round in 0..<12 {
            let question = RandomTexts.question([round, 79, 3, 90])
            let index = try text.index(for: question)
            #expect(index.slots == documents.count)
            #expect(index.statistics == whole.statistics)
            let found = try TextSearch([.init(index)], question)
            let expected = try TextSearch([.init(whole)], question)
            #expect(found.greatestScore == expected.greatestScore)
            for slot in 0..<UInt32(documents.count) {
                let place = SlotReference(segment: 0, slot: slot)
                #expect(try found.score(of: place) == expected.score(of: place))
            }
        }
        #expect(try text.index().contents() == contents(documents))
        #expect(SegmentText([(nil, 7)]).isEmpty)
    }

    @Test func `damaged texts of the log are an error and never end the process`() throws {
        var numbers = Numbers(9)
        var writer = ByteWriter()
        let documents = RandomTexts(60, terms: 60, &numbers).documents
        ForwardTexts.append(
            documents.map { ForwardText(RandomTexts.analyzed($0)) }, to: &writer)
        var errors = 0
        for round in 0..<500 {
            var damaged = writer.bytes
            if round % 5 == 0 { damaged.removeLast(Int.random(in: 1..<20, using: &numbers)) }
            for _ in 0..<3 {
                let place = Int.random(in: 0..<(round % 2 == 0 ? 300 : damaged.count))
                damaged[place] = UInt8.random(in: 0...255, using: &numbers)
            }
            do {
                let texts = try ForwardTexts(Section(damaged))
                let text = SegmentText([(texts, texts.slots)])
                _ = try text.index(for: RandomTexts.question([1, 2]))
                _ = try text.index().contents()
            } catch is StoreError {
                errors += 1
            }
        }
        #expect(errors > 200)
    }

    @Test func `numbers of any width are packed`() throws {
        var numbers = Numbers(5)
        for width in 0...32 {
            for rare in [0, 1, 9, 128] {
                let values = (0..<128).map { place -> UInt32 in
                    let bits = place < rare ? 32 : width
                    return UInt32(truncatingIfNeeded: numbers.next() & (1 << UInt64(bits) - 1))
                }
                var buffer = ByteBuffer()
                PackedNumbers.append(values, to: &buffer)
                let bytes = buffer.bytes
                var found = [UInt32](repeating: 0, count: 128)
                var place = 0
                let isRead = BorrowedBytes.with(bytes) {
                    PackedNumbers.read($0, &place, into: &found)
                }
                #expect(isRead)
                #expect(found == values)
                #expect(place == bytes.count)
            }
        }
    }

    @Test func `a length as a byte is off by 1 in 32 at most`() {
        var last: UInt8 = 0
        for length: UInt32 in 0..<100_000 {
            let code = DocumentLength.code(length)
            #expect(code >= last)
            last = code
            let found = Double(DocumentLength.length(code))
            #expect(abs(found - Double(length)) <= Double(length) / 32)
        }
        #expect(DocumentLength.code(.max) == 255)
    }

    @Test func `damaged bytes are an error and never end the process`() throws {
        var numbers = Numbers(6)
        let texts = RandomTexts(900, terms: 60, &numbers)
        let bytes = try texts.bytes()
        let question = RandomTexts.question(Array(0..<30))
        var errors = 0
        for round in 0..<1500 {
            var damaged = bytes
            if round % 5 == 0 {
                damaged.removeLast(Int.random(in: 1..<bytes.count, using: &numbers))
            }
            for _ in 0..<Int.random(in: 1...4, using: &numbers) where !damaged.isEmpty {
                // Half of the damage is done to the dictionary and the footer.
                let from = round % 2 == 0 ? 0 : damaged.count * 9 / 10
                let place = Int.random(in: from..<damaged.count, using: &numbers)
                damaged[place] = UInt8.random(in: 0...255, using: &numbers)
            }
            do {
                try read(damaged, question, round)
            } catch is StoreError {
                errors += 1
            }
        }
        #expect(errors > 300)
    }

    /// Uses all of an index.
    private func read(_ bytes: [UInt8], _ question: [QuestionWord], _ round: Int) throws {
        let index = try TextIndex(Section(bytes))
        let search = try TextSearch([.init(index)], question)
        let parts = PartTable(search.formula)
        let bounds = try TextBounds(search, parts)
        let sums = TextSums(
            search, bounds, parts, blockSize: 448, ownsReaders: round % 2 == 0)
        for number in 0..<SlotWindow.count(for: index.slots) {
            let window = SlotWindow(number, ofSegment: 0, slots: index.slots)
            var slots = WindowSlots()
            for word in 0..<window.words { slots[word] = .max }
            try sums.addUp(window, &slots, needed: Double(round % 3), completes: round % 4 < 2)
        }
        _ = try search.score(of: SlotReference(segment: 0, slot: 17))
        var sink = MemorySink()
        let slots = (0..<UInt32(min(index.slots, 1000))).map { $0 }
        try TextIndex.merge([(index, slots)], slots: slots.count, to: &sink)
    }
}
