/// A query against the vectors of segments of one dimension.
struct VectorQuery: Sendable {
    let vector: [Float]
    /// The length of `vector`.
    let length: Double
    let codes: Codes

    init(_ vector: [Float], length: Double) {
        self.vector = vector
        self.length = length
        codes = Codes(vector, length: length)
    }
}

extension State {
    /// Returns the cosine of the angle between a record's vector and a query, from the vector
    /// itself; 0 if either has no direction.
    func cosine(
        of slot: Int, in segment: Segment, to query: VectorQuery
    ) throws(StoreError) -> Double {
        let place = try segment.place(of: slot)
        let file = try file(place.file).bytes
        let frame = try file.head(place, dimension: query.vector.count)
        let cosine = frame.withRecord { $0.cosine(to: query.vector, length: query.length) }
        guard let cosine, let cosine else { throw file.damage(place) }
        return cosine
    }

    /// Returns the whole record of a slot.
    func record(of slot: Int, in segment: Segment) throws(StoreError) -> Frame {
        let place = try segment.place(of: slot)
        let file = try file(place.file).bytes
        let frame = try file.record(place)
        guard frame.dimension == segment.layout.dimension else { throw file.damage(place) }
        return frame
    }
}

extension CodeScan {
    /// Looks for vectors of a segment whose similarity to a query may reach its threshold.
    ///
    /// - Parameters:
    ///   - masks: For each query the slots that count, or nil for all that live.
    ///   - isCancelled: Asked about once per MiB of codes.
    ///   - hit: Called with a query, a slot and the bounds of their similarity. Returns the query's
    ///     threshold from then on.
    borrowing func search(
        _ part: LiveSegment, masks: [SlotSet?], isCancelled: () -> Bool,
        hit: (_ query: Int, _ slot: Int, _ bounds: (lower: Float, upper: Float))
            throws(StoreError) -> Float
    ) throws(StoreError) {
        let segment = part.segment
        let blocks = CodeLayout.blocks(for: segment.count)
        let size = layout.blockSize
        let hasOpenMask = masks.contains { $0 == nil }
        func counts(_ block: Int) -> Bool {
            let live = part.liveBits(ofBlock: block)
            if live == 0 || hasOpenMask { return live != 0 }
            return masks.contains { $0!.bits(ofBlock: block) & live != 0 }
        }
        let stepSize = 1 << 20
        var nextStep = 0
        var expected = 0
        var block = 0
        while block < blocks {
            if !counts(block) {
                block += 1
                continue
            }
            if block * size >= nextStep {
                if isCancelled() { throw .cancelled }
                nextStep = block * size + stepSize
            }
            if block * size + stepSize >= expected, hasOpenMask {
                expected = max(expected, block * size)
                segment.codes.expect(expected..<expected + 8 * stepSize)
                expected += 8 * stepSize
            }
            var end = block + 1
            while end < blocks, end - block < mostBlocks, counts(end) { end += 1 }
            let bytes = try segment.codes.bytes(block * size..<end * size)
            scan(bytes)
            for query in masks.indices {
                for found in block..<end {
                    var hits = hits(inBlock: found - block, of: end - block, for: query)
                    if hits == 0 { continue }
                    hits &= part.liveBits(ofBlock: found)
                    if let mask = masks[query] { hits &= mask.bits(ofBlock: found) }
                    let own = bytes.slice((found - block) * size..<(found - block + 1) * size)
                    while hits != 0 {
                        let lane = hits.trailingZeroBitCount
                        hits &= hits - 1
                        setThreshold(
                            try hit(
                                query, found * 16 + lane, bounds(ofLane: lane, in: own, to: query)),
                            of: query)
                    }
                }
            }
            block = end
        }
    }
}
