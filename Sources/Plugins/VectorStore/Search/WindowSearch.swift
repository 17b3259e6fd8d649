/// The search of one window after the other for the queries of a pass, by one thread.
struct WindowSearch: ~Copyable {
    private let pass: SearchPass
    private var runs: [QueryRun]
    /// The queries to which vectors matter, in the order of the scan.
    private let scanned: [Int]
    private let scan: CodeScan

    /// The most blocks without a slot of interest that are read between others.
    private static let gap = 2

    /// - Parameter ownsReaders: True to read with the texts' own readings, which no other thread
    ///   may use meanwhile.
    init(_ pass: SearchPass, ownsReaders: Bool) {
        self.pass = pass
        runs = pass.queries.indices.map { QueryRun(pass, $0, ownsReaders: ownsReaders) }
        scanned = pass.queries.indices.filter { pass.queries[$0].codes != nil }
        scan = CodeScan(
            scanned.map { (pass.queries[$0].codes!, threshold: -.infinity) }, pass.layout)
    }

    /// The candidates of each query.
    var candidates: [Candidates] { runs.map(\.candidates) }

    mutating func search(_ window: SlotWindow) throws(StoreError) {
        let part = pass.segments[window.segment]
        for query in runs.indices { try runs[query].begin(window, part) }
        if scanned.isEmpty { return }
        var wanted = WindowSlots()
        for (place, query) in scanned.enumerated() {
            if runs[query].isOpen { wanted.formUnion(runs[query].slots) }
            unsafe scan.setOffsets(
                runs[query].sums?.sums, times: runs[query].offsetScale, of: place)
        }
        if let gathered = gathered(for: window) {
            try scan(gathered, of: window)
        } else {
            try scanCodes(of: window, part.segment, wanted)
        }
        for query in scanned where runs[query].isOpen { try runs[query].end(window) }
    }

    /// Returns the copy of the codes that has all slots that are of interest to any query.
    private func gathered(for window: SlotWindow) -> GatheredCodes? {
        var common: GatheredCodes?
        for query in scanned where runs[query].isOpen {
            guard let own = pass.queries[query].gathered[window.segment],
                common == nil || common === own
            else { return nil }
            common = own
        }
        return common
    }

    /// Scans copies of the codes of a window.
    private mutating func scan(
        _ gathered: GatheredCodes, of window: SlotWindow
    ) throws(StoreError) {
        let size = pass.layout.blockSize
        let blocks = gathered.blocks(of: window)
        for first in stride(from: blocks.lowerBound, to: blocks.upperBound, by: scan.mostBlocks) {
            let end = min(blocks.upperBound, first + scan.mostBlocks)
            let bytes = try gathered.blocks.bytes(first * size..<end * size)
            for (place, query) in scanned.enumerated() {
                scan.setThreshold(runs[query].codeThreshold, of: place)
                guard let sums = runs[query].sums else { continue }
                scan.setOffsets(
                    times: runs[query].offsetScale, of: place, blocks: end - first
                ) { gathered.place(ofVector: first * 16 + $0).map(sums.sum) ?? 0 }
            }
            scan.scan(bytes)
            try takeHits(first..<end, bytes, window, gathered)
        }
    }

    /// Scans the blocks of a window that have a slot of interest.
    private mutating func scanCodes(
        of window: SlotWindow, _ segment: Segment, _ wanted: WindowSlots
    ) throws(StoreError) {
        let size = pass.layout.blockSize
        let codes = segment.codes
        let first = window.firstBlock
        var block = 0
        if wanted.count > window.count / 2 {
            codes.expect(first * size..<(first + window.blocks) * size)
        }
        while block < window.blocks {
            if wanted.bits(ofBlock: block) == 0 {
                block += 1
                continue
            }
            // A gap of a few blocks is read faster than jumped over.
            var end = block + 1
            var next = end
            while next < min(window.blocks, block + scan.mostBlocks), next - end <= Self.gap {
                next += 1
                if wanted.bits(ofBlock: next - 1) != 0 { end = next }
            }
            let bytes = try codes.bytes((first + block) * size..<(first + end) * size)
            for (place, query) in scanned.enumerated() {
                scan.setThreshold(runs[query].codeThreshold, of: place)
                if let sums = runs[query].sums {
                    unsafe scan.setOffsets(
                        sums.sums + block * 16, times: runs[query].offsetScale, of: place)
                }
            }
            scan.scan(bytes)
            try takeHits(block..<end, bytes, window, nil)
            block = end
        }
    }

    /// Takes what the last scan has found.
    ///
    /// - Parameters:
    ///   - blocks: The blocks that were scanned: of the window, or of the copy.
    ///   - bytes: The blocks.
    ///   - gathered: The copy of which they are.
    private mutating func takeHits(
        _ blocks: Range<Int>, _ bytes: BorrowedBytes, _ window: SlotWindow,
        _ gathered: GatheredCodes?
    ) throws(StoreError) {
        let size = pass.layout.blockSize
        for (place, query) in scanned.enumerated() where runs[query].isOpen {
            for block in 0..<blocks.count {
                var hits = scan.hits(inBlock: block, of: blocks.count, for: place)
                if hits == 0 { continue }
                let found = blocks.lowerBound + block
                let own = bytes.slice(block * size..<(block + 1) * size)
                while hits != 0 {
                    let lane = hits.trailingZeroBitCount
                    hits &= hits - 1
                    var slot: Int? = found * 16 + lane
                    if let gathered { slot = gathered.place(ofVector: found * 16 + lane) }
                    guard let slot, runs[query].slots.contains(slot) else { continue }
                    let bounds = scan.bounds(
                        ofLane: lane, inBlock: block, of: blocks.count, own, to: place)
                    try runs[query].take(slot, bounds, window)
                }
            }
        }
    }
}
