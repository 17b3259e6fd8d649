internal import VectorKernels

/// The kernel's scan of segments for several queries, with the memory that it works in.
@safe struct SegmentScan: ~Copyable {
    private let instructions: hector_instructions
    private let layout: SegmentLayout
    private let queryCount: Int

    // The kernel keeps the addresses of the codes in the queries, so neither may move.
    private let codes: UnsafeMutablePointer<Int8>
    private let queries: UnsafeMutablePointer<hector_query>
    private let hits: UnsafeMutablePointer<UInt16>

    /// - Parameter queries: Their codes, of the layout's dimension, and the smallest similarity that
    ///   each is interested in.
    init(
        _ queries: [(codes: Codes, threshold: Float)], _ layout: SegmentLayout,
        _ instructions: hector_instructions
    ) {
        self.instructions = instructions
        self.layout = layout
        queryCount = queries.count
        let width = layout.groups * 4
        unsafe codes = .allocate(capacity: width * queries.count)
        unsafe codes.initialize(repeating: 0, count: width * queries.count)
        unsafe self.queries = .allocate(capacity: queries.count)
        unsafe hits = .allocate(capacity: layout.blocks * queries.count)
        unsafe hits.initialize(repeating: 0, count: layout.blocks * queries.count)
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
    }

    /// Finds the vectors of a segment whose similarity to a query may reach its threshold.
    ///
    /// - Parameter segment: Of the layout's size.
    func scan(_ segment: BorrowedBytes) {
        precondition(segment.count == layout.size)
        unsafe segment.withRaw { segment in
            unsafe hector_scan(
                instructions, segment.baseAddress! + SegmentLayout.headerSize, layout.blocks,
                layout.groups, queries, queryCount, hits)
        }
    }

    /// One bit for each vector of a block that the last scan found for a query.
    func hits(inBlock block: Int, of query: Int) -> UInt16 {
        precondition(block >= 0 && block < layout.blocks && query >= 0 && query < queryCount)
        return unsafe hits[query * layout.blocks + block]
    }

    func setThreshold(_ threshold: Float, of query: Int) {
        precondition(query >= 0 && query < queryCount)
        unsafe queries[query].threshold = threshold
    }
}

extension Codes {
    /// A query for the kernel.
    ///
    /// - Parameter padded: The components, followed by zeros to the end of their group.
    func query(_ padded: UnsafePointer<Int8>, threshold: Float) -> hector_query {
        unsafe hector_query(
            codes: padded, bias: 128 * components.reduce(0) { $0 + Int32($1) }, scale: scale,
            // This includes the loss through single precision in the scan.
            error: error + 1e-5, threshold: threshold)
    }
}
