internal import VectorKernels

/// The kernel's scan of codes for several queries, with the memory that it works in.
@safe struct CodeScan: ~Copyable {
    private let instructions: hector_instructions
    let layout: CodeLayout
    private let queryCount: Int
    /// The most blocks of a scan: about as many as a page of checksums has.
    let mostBlocks: Int

    // The kernel keeps the addresses of the codes in the queries, so neither may move.
    private let codes: UnsafeMutablePointer<Int8>
    private let queries: UnsafeMutablePointer<hector_query>
    private let hits: UnsafeMutablePointer<UInt16>
    private let bounds: UnsafeMutablePointer<Float>
    private let offsets: UnsafeMutablePointer<Float>

    /// - Parameter queries: Their codes, of the layout's dimension, and the smallest similarity that
    ///   each is interested in.
    init(
        _ queries: [(codes: Codes, threshold: Float)], _ layout: CodeLayout,
        _ instructions: hector_instructions = hector_best_instructions()
    ) {
        self.instructions = instructions
        self.layout = layout
        queryCount = queries.count
        mostBlocks = max(1, CheckedFile.pageSize / layout.blockSize)
        let width = layout.groups * 4
        unsafe codes = .allocate(capacity: width * queries.count)
        unsafe codes.initialize(repeating: 0, count: width * queries.count)
        unsafe self.queries = .allocate(capacity: queries.count)
        unsafe hits = .allocate(capacity: mostBlocks * queries.count)
        unsafe hits.initialize(repeating: 0, count: mostBlocks * queries.count)
        let lanes = Int(hector_block_vectors) * mostBlocks * queries.count
        unsafe bounds = .allocate(capacity: lanes)
        unsafe bounds.initialize(repeating: 0, count: lanes)
        unsafe offsets = .allocate(capacity: lanes)
        unsafe offsets.initialize(repeating: 0, count: lanes)
        for (place, query) in queries.enumerated() {
            let components = query.codes.components
            precondition(components.count <= width)
            let own = unsafe codes + width * place
            unsafe own.update(from: components, count: components.count)
            unsafe (self.queries + place).initialize(
                to: query.codes.query(own, threshold: query.threshold))
        }
    }

    deinit {
        unsafe codes.deallocate()
        unsafe queries.deallocate()
        unsafe hits.deallocate()
        unsafe bounds.deallocate()
        unsafe offsets.deallocate()
    }

    /// Finds the vectors whose similarity to a query may reach its threshold.
    ///
    /// - Parameter blocks: At most `mostBlocks` blocks.
    func scan(_ blocks: BorrowedBytes) {
        let count = blocks.count / layout.blockSize
        precondition(count * layout.blockSize == blocks.count && count <= mostBlocks)
        unsafe blocks.withRaw { blocks in
            unsafe hector_scan(
                instructions, blocks.baseAddress!, count, layout.groups, queries, queryCount, hits,
                bounds)
        }
    }

    /// One bit for each vector of a block that the last scan found for a query.
    ///
    /// - Parameter count: The number of blocks that were scanned.
    func hits(inBlock block: Int, of count: Int, for query: Int) -> UInt16 {
        precondition(block >= 0 && block < count && count <= mostBlocks)
        precondition(query >= 0 && query < queryCount)
        return unsafe hits[query * count + block]
    }

    func setThreshold(_ threshold: Float, of query: Int) {
        precondition(query >= 0 && query < queryCount)
        unsafe queries[query].threshold = threshold
    }

    /// Gives a query a number for each vector of the blocks that are scanned next, which is added to
    /// its similarity before this is compared with the threshold.
    ///
    /// - Parameter offsets: Are read, times `scale`, by `scan`; nil for none.
    func setOffsets(_ offsets: UnsafePointer<Float>?, times scale: Float, of query: Int) {
        precondition(query >= 0 && query < queryCount)
        unsafe queries[query].offsets = offsets
        unsafe queries[query].offset_scale = scale
    }

    /// Gives a query a number for each vector, as above, of those that `number` returns.
    ///
    /// - Parameters:
    ///   - blocks: At most `mostBlocks`.
    ///   - number: Is called with the place of each vector of the blocks.
    func setOffsets(
        times scale: Float, of query: Int, blocks: Int, _ number: (_ place: Int) -> Float
    ) {
        precondition(query >= 0 && query < queryCount && blocks <= mostBlocks)
        let own = unsafe offsets + query * mostBlocks * Int(hector_block_vectors)
        for place in 0..<blocks * Int(hector_block_vectors) { unsafe own[place] = number(place) }
        unsafe setOffsets(own, times: scale, of: query)
    }

    /// The smallest and the largest similarity that a vector of a block can have to a query which
    /// the last scan found something for there.
    ///
    /// - Parameters:
    ///   - count: The number of blocks that were scanned.
    ///   - bytes: The block.
    func bounds(
        ofLane lane: Int, inBlock block: Int, of count: Int, _ bytes: BorrowedBytes, to query: Int
    ) -> (lower: Float, upper: Float) {
        precondition(bytes.count == layout.blockSize && (0..<hector_block_vectors).contains(lane))
        precondition(block >= 0 && block < count && count <= mostBlocks)
        precondition(query >= 0 && query < queryCount)
        let upper = unsafe bounds[(query * count + block) * Int(hector_block_vectors) + lane]
        let slack = unsafe bytes.withRaw { block in
            unsafe hector_lane_slack(
                block.baseAddress!.assumingMemoryBound(to: UInt8.self), layout.groups,
                Int32(lane), queries + query)
        }
        return (upper - 2 * slack, upper)
    }
}
