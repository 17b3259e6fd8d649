internal import Documents
internal import FilterKit
internal import JSON
internal import Unix
internal import VectorCache

/// A look at what a run would do. Documents are read as the run would read them, so that both agree;
/// nothing is changed.
final class Assessment {
    private let store: Store
    private let listing: DocumentListing
    private let state: IndexState?
    private let isRebuild: Bool
    private let isRetry: Bool

    /// The plan of a run; nil if all documents are to be made again.
    private(set) var plan: Plan?
    private var stale: Set<Name> = []

    init(
        _ store: Store, _ listing: DocumentListing, _ state: IndexState?,
        _ provenance: Provenance?, isRebuild: Bool = false, isRetry: Bool = false
    ) {
        self.store = store
        self.listing = listing
        // During a swap, the collection may have any part of its records.
        self.state = provenance?.isSwapping == false ? state : nil
        self.isRebuild = isRebuild
        self.isRetry = isRetry
    }

    /// True if a run would change the document, or reads it for the first time.
    func isStale(_ name: String) -> Bool { stale.contains(Name(name)) }

    /// Returns the summary of the run.
    ///
    /// - Parameters:
    ///   - cost: Gets the records that would be embedded; nil if that is of no interest.
    ///   - onDocument: Gets each document that is to be added (+), changed (~) or removed (-), and
    ///     its size.
    func summary(
        cost: PlanCost? = nil, onDocument: (Character, String, Int?) throws -> Void = { _, _, _ in }
    ) async throws -> Summary {
        var summary = Summary(store.name)
        summary.problems = listing.problems
        summary.tooLarge = listing.tooLarge
        var documents = listing.documents
        if let state, !isRebuild {
            let provenance = try state.provenance
            let plan = try Plan(
                listing, state,
                trusts: provenance?.extractorsFingerprint == store.extractorsFingerprint,
                failures: isRetry ? [:] : try state.failures(), settings: store.failureSettings)
            self.plan = plan
            summary = Summary(plan, of: store, listing)
            (summary.added, summary.removed) = (0, plan.removed.count)
            documents = plan.added + plan.changed
        }
        var sizes: [Name: Int] = [:]
        for document in documents { sizes[Name(document.name)] = document.size }
        var vanished: [String] = []
        var readAhead = ReadAhead(
            documents, DocumentReader(store), isRebuild ? nil : state)
        while let (reading, known) = try await readAhead.next() {
            switch reading.outcome {
            case .same(let version):
                if version.isSkipped {
                    summary.skipped += 1
                } else {
                    summary.unchanged += 1
                }
            case .gone: break
            case .problem(let problem):
                stale.insert(Name(reading.name))
                summary.problems.append(Problem(name: reading.name, message: problem))
            case .skipped(let reason, _):
                stale.insert(Name(reading.name))
                summary.skipped += 1
                summary.newlySkipped.append(
                    SkippedFile(name: reading.name, reason: reason))
                if known?.isDocument == true { vanished.append(reading.name) }
            case .records(let lines, _):
                stale.insert(Name(reading.name))
                let size = sizes[Name(reading.name)] ?? 0
                summary.bytes += size
                cost?.add(lines)
                if known?.isDocument == true {
                    summary.changed += 1
                    try onDocument("~", reading.name, size)
                } else {
                    summary.added += 1
                    try onDocument("+", reading.name, size)
                }
            }
        }
        summary.removed += vanished.count
        for name in vanished + (plan?.removed ?? []) { try onDocument("-", name, nil) }
        return summary
    }
}

/// The cost of a run that is planned.
package final class PlanCost {
    package private(set) var documents = 0
    package private(set) var chunks = 0

    /// The number of different texts that are not in the cache of vectors, and their bytes.
    package private(set) var texts = 0
    package private(set) var bytes = 0

    private let cache: VectorCache?
    private let maker: VectorCache.Maker?
    private let model: String?
    private var seen: Set<[UInt8]> = []

    /// - Parameter maker: The embedder; nil if its vectors are not kept.
    init(_ maker: VectorCache.Maker?, environment: [String: String]) {
        self.maker = maker
        let folder = VectorCache.folder(environment)
        let exists = folder.map { (try? File("\($0)/data.mdb")) != nil } ?? false
        let cache =
            maker != nil && exists ? folder.flatMap { try? VectorCache(folder: $0) } : nil
        self.cache = cache
        model = maker.flatMap { maker in cache.flatMap { try? $0.model(of: maker) } }
    }

    func add(_ lines: [RecordLine]) {
        documents += 1
        chunks += lines.count
        var keys: [[UInt8]] = []
        var sizes: [Int] = []
        for line in lines {
            guard let text = (try? Record(Array(line.bytes.dropLast())))?.value("content")?.string
            else { continue }
            let key =
                maker.map { VectorCache.key(text, maker: $0, model: model ?? "") }
                ?? Array(text.utf8)
            if maker != nil, !seen.insert(key).inserted { continue }
            keys.append(key)
            sizes.append(text.utf8.count)
        }
        let known = model == nil ? [] : (try? cache?.vectors(keys)) ?? []
        for (place, size) in sizes.enumerated()
        where place >= known.count || known[place] == nil {
            texts += 1
            bytes += size
        }
    }

    /// The number of tokens, roughly: a model's tokens have about four bytes of English.
    package var tokens: Int { (bytes + 3) / 4 }
}
