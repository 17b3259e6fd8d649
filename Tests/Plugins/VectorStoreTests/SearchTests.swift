import TestSupport
import Testing
import VectorKernels

@testable import VectorStore

@Suite struct SearchTests {
    @Test(arguments: [1, 3, 4, 64, 65, 384, 1030])
    func `the best are those that sorting all would give`(dimension: Int) async throws {
        var random = SplitMix64(seed: UInt64(dimension))
        let centre = random.vector(dimension)
        let vectors = (0..<500).map { number in
            let vector = random.vector(dimension)
            // Half are close together, where codes cannot distinguish them.
            return number % 2 == 0 ? vector : zip(vector, centre).map { $0 * 0.01 + $1 }
        }
        try await withStore(dimension: dimension) { store in
            try await store.put(
                vectors.enumerated().map { Record(id: String($0), vector: $1) })
            for query in [random.vector(dimension), centre, vectors[7]] {
                let scores = vectors.map { cosine($0, query) }.sorted(by: >)
                let found = try store.find(query, limit: 25)
                #expect(found.count == 25)
                for (match, score) in zip(found, scores) {
                    #expect(abs(Double(match.score) - score) < 1e-6)
                    #expect(abs(cosine(vectors[Int(match.id)!], query) - score) < 1e-12)
                }
                #expect(Set(found.map(\.id)).count == 25)
            }
        }
    }

    @Test func `replaced vectors are found where they are now`() async throws {
        var random = SplitMix64(seed: 12)
        try await withStore(dimension: 16) { store in
            var vectors: [[Float]] = []
            for _ in 0..<3 {
                vectors = (0..<4000).map { _ in random.vector(16) }
                try await store.put(
                    vectors.enumerated().map { Record(id: String($0), vector: $1) })
            }
            let query = random.vector(16)
            let best = vectors.indices.sorted {
                cosine(vectors[$0], query) > cosine(vectors[$1], query)
            }
            try #expect(store.find(query, limit: 5).map(\.id) == best.prefix(5).map(String.init))
        }
    }

    @Test func `several queries in one scan get what each would get alone`() async throws {
        var random = SplitMix64(seed: 5)
        let queries = (0..<11).map { Query(vector: random.vector(20), limit: $0 + 1) }
        try await withStore(dimension: 20) { store in
            try await store.put((0..<300).map { Record(id: String($0), vector: random.vector(20)) })
            let together = try store.search(queries, in: "c").map { try $0.get() }
            let alone = try queries.map { try store.search([$0], in: "c")[0].get() }
            #expect(together == alone)
        }
    }

    @Test(arguments: [hector_portable, hector_avx2, hector_avx512vnni], [1, 4, 7, 100, 384])
    func `a scan leaves out nothing that reaches the threshold`(
        instructions: hector_instructions, dimension: Int
    ) {
        guard instructions.rawValue <= hector_best_instructions().rawValue else { return }
        var random = SplitMix64(seed: 9)
        let layout = CodeLayout(dimension: dimension)
        // Half have exact codes, so that only those of the query are off.
        let vectors = (0..<100).map { number in
            random.vector(dimension).map { number % 2 == 0 ? $0 : $0 < 0 ? -1 : 1 }
        }
        var blocks = CodeBlocks(layout)
        for vector in vectors { blocks.append(Codes(vector, length: length(vector))) }
        let bytes = blocks.take()
        let query = random.vector(dimension)
        let codes = Codes(query, length: length(query))
        let slack = 4.0 / 127 * Double(dimension).squareRoot()
        for slot in stride(from: 0, to: vectors.count, by: max(1, vectors.count / 60)) {
            let threshold = Float(cosine(vectors[slot], query)).nextDown
            let found = scan(bytes, layout, codes, threshold, instructions)
            #expect(found.contains(slot))
            // The scan does not find arbitrary vectors either.
            for other in found {
                #expect(other < vectors.count)
                if other >= vectors.count { continue }
                #expect(cosine(vectors[other], query) > Double(threshold) - slack)
            }
        }
    }

    /// Returns the slots of some blocks that a scan finds.
    private func scan(
        _ blocks: [UInt8], _ layout: CodeLayout, _ codes: Codes, _ threshold: Float,
        _ instructions: hector_instructions
    ) -> Set<Int> {
        // Five queries, so that both ways through the widest kernel are taken.
        let scan = CodeScan(
            [(codes: Codes, threshold: Float)](repeating: (codes, threshold), count: 5), layout,
            instructions)
        let count = blocks.count / layout.blockSize
        var each = [Set<Int>](repeating: [], count: 5)
        for start in stride(from: 0, to: count, by: scan.mostBlocks) {
            let end = min(start + scan.mostBlocks, count)
            BorrowedBytes.with(blocks) {
                scan.scan($0.slice(start * layout.blockSize..<end * layout.blockSize))
            }
            for query in 0..<5 {
                for slot in start * 16..<end * 16 {
                    let hits = scan.hits(
                        inBlock: slot / 16 - start, of: end - start, for: query)
                    if hits >> (slot % 16) & 1 == 1 { each[query].insert(slot) }
                }
            }
        }
        #expect(Set(each).count == 1)
        return each[0]
    }

    @Test func `a filter that is asked for again finds what it found at first`() async throws {
        var random = SplitMix64(seed: 21)
        func records(_ numbers: some Sequence<Int>) -> [Record] {
            numbers.map { number in
                Record(
                    id: String(number), vector: random.vector(20),
                    metadata: ["content": "word\(number % 7)", "part": String(number % 9)])
            }
        }
        try await withStore(dimension: 20) { store in
            for start in stride(from: 0, to: 18_000, by: 6000) {
                try await store.put(records(start..<start + 6000))
            }
            let cache = FilterCache()
            let json = #"{"part": {"$in": [3, 5]}}"#
            func check() throws {
                let vectors = (0..<3).map { _ in random.vector(20) }
                for (text, alpha) in [("", nil), ("word2 word4", 0.3)] {
                    func found(_ filter: CachedFilter?) throws -> [[Match]] {
                        let queries = vectors.map {
                            Query(
                                vector: $0, text: text, alpha: alpha, limit: 40, filter: filter)
                        }
                        return try store.search(queries, in: "c").map { try $0.get() }
                    }
                    let expected = try found(try CachedFilter(json: json))
                    for _ in 0..<3 {
                        #expect(try found(try cache.filter(json: json)) == expected)
                    }
                }
            }
            try check()
            let before = try cache.filter(json: json).size
            // A copy of two ninths of the codes.
            #expect(before > 18_000 * 2 / 9 * 20)
            // What is gone since is not found in the copies.
            try await store.remove((0..<18_000).filter { $0 % 5 == 0 }.map(String.init))
            try await store.put(records(stride(from: 1, to: 18_000, by: 10)))
            try check()
            // Without room there are no copies.
            let small = FilterCache(limit: 10_000)
            for _ in 0..<2 { _ = try small.filter(json: json) }
            let found = try store.search(
                [Query(vector: random.vector(20), limit: 5, filter: small.filter(json: json))],
                in: "c")
            #expect(try found[0].get().count == 5)
            #expect(try small.filter(json: json).size < 18_000)
        }
    }

    @Test func `equal scores are in the order of their ids`() async throws {
        try await withStore { store in
            try await store.put(["d", "b", "e", "a", "c"].map { Record(id: $0, vector: [1, 2]) })
            try #expect(store.find([2, 4], limit: 3).map(\.id) == ["a", "b", "c"])
        }
    }

    @Test func `a vector of zeros is like nothing`() async throws {
        try await withStore { store in
            try await store.put(
                Record(id: "zero", vector: [0, 0]), Record(id: "same", vector: [1, 0]),
                Record(id: "opposite", vector: [-1, 0]))
            try #expect(store.find([3, 0]).map(\.id) == ["same", "zero", "opposite"])
            try #expect(store.find([3, 0]).map(\.score) == [1, 0, -1])
            try #expect(store.find([0, 0]).map(\.score) == [0, 0, 0])
        }
    }

    @Test(arguments: [Float.greatestFiniteMagnitude, 1e-30, .leastNonzeroMagnitude])
    func `length does not matter`(factor: Float) async throws {
        try await withStore { store in
            try await store.put(
                Record(id: "x", vector: [factor, 0]), Record(id: "y", vector: [0, factor]))
            try #expect(store.find([factor, factor / 2]).map(\.id).first == "x")
            try #expect(store.find([0, 1], limit: 1).map(\.score) == [1])
        }
    }

    private func length(_ vector: [Float]) -> Double {
        vector.reduce(0) { $0 + Double($1) * Double($1) }.squareRoot()
    }
}
