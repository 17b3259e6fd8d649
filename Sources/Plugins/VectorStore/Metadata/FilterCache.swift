import Synchronization

/// Filters that were asked for lately, with the slots that pass them in each segment, so that
/// queries with the same filter share one evaluation.
final class FilterCache: Sendable {
    private let recent = Mutex(Recent())
    private let limit: Int

    private struct Recent {
        /// The last used comes last.
        var filters: [CachedFilter] = []
    }

    /// The most filters that are kept, whatever their size.
    private static let most = 64

    /// - Parameter limit: The memory that the slots may take, in bytes.
    init(limit: Int = 64 << 20) { self.limit = limit }

    /// Returns the filter of a text, which is read only if it is new.
    func filter(json: String) throws(StoreError) -> CachedFilter {
        if let known = find(json) { return known }
        let filter = CachedFilter(json: json, filter: try Filter(json: json))
        recent.withLock { recent in
            recent.filters.append(filter)
            if recent.filters.count > Self.most { recent.filters.removeFirst() }
            var size = 0
            let kept = recent.filters.reversed().prefix { filter in
                size += filter.size
                return size <= limit
            }
            recent.filters.removeFirst(recent.filters.count - max(1, kept.count))
        }
        return filter
    }

    private func find(_ json: String) -> CachedFilter? {
        recent.withLock { recent in
            guard let place = recent.filters.firstIndex(where: { $0.json == json }) else {
                return nil
            }
            let filter = recent.filters.remove(at: place)
            recent.filters.append(filter)
            return filter
        }
    }

    /// Forgets the slots of segments that are no longer in use.
    func keep(only segments: Set<UInt64>) {
        let filters = recent.withLock { $0.filters }
        for filter in filters { filter.keep(only: segments) }
    }
}

/// A filter with the slots that pass it, as far as they are known.
final class CachedFilter: Sendable {
    let json: String
    let filter: Filter
    private let known = Mutex<[UInt64: PassingSlots]>([:])

    init(json: String, filter: Filter) {
        self.json = json
        self.filter = filter
    }

    /// Returns the slots of a segment that pass.
    ///
    /// - Parameters:
    ///   - segment: A number that no other segment of this process ever has.
    ///   - index: The segment's index.
    ///   - count: The number of its slots.
    func slots(
        of segment: UInt64, _ index: MetadataIndex, count: Int
    ) throws(StoreError) -> PassingSlots {
        if let slots = known.withLock({ $0[segment] }) { return slots }
        // Not under the lock: two that come at a time evaluate it twice, and others do not wait.
        let slots = try index.slots(passing: filter, of: count)
        known.withLock { $0[segment] = slots }
        return slots
    }

    /// The memory that the slots take, in bytes.
    var size: Int { known.withLock { $0.values.reduce(0) { $0 + $1.size } } }

    func keep(only segments: Set<UInt64>) {
        known.withLock { known in known = known.filter { segments.contains($0.key) } }
    }
}
