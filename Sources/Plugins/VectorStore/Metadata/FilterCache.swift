import Synchronization

/// Filters that were asked for lately, with the slots that pass them in each segment, so that
/// queries with the same filter share one evaluation.
package final class FilterCache: Sendable {
    private let recent = Mutex(Recent())
    private let limit: Int

    private struct Recent {
        /// The last used comes last.
        var filters: [CachedFilter] = []
    }

    /// The most filters that are kept, whatever their size.
    private static let most = 64

    /// - Parameter limit: The memory that slots and codes may take, in bytes.
    package init(limit: Int = 64 << 20) { self.limit = limit }

    /// Returns the filter of a text, which is read only if it is new.
    package func filter(json: String) throws(StoreError) -> CachedFilter {
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
            filter.allowCopies(of: limit - recent.filters.reduce(0) { $0 + $1.size })
            return filter
        }
    }
}

/// A filter with the slots that pass it, as far as they are known, and copies of their codes if it is
/// asked for again.
package final class CachedFilter: Sendable {
    let json: String
    let filter: Filter
    private let known = Mutex<[UInt64: Known]>([:])
    /// The memory that copies of codes may take, in bytes.
    private let room = Atomic(0)

    /// What is known of a segment.
    private struct Known {
        let slots: PassingSlots
        var codes: GatheredCodes?

        var size: Int { slots.size + (codes?.size ?? 0) }
    }

    init(json: String, filter: Filter) {
        self.json = json
        self.filter = filter
    }

    /// Reads a filter that no cache keeps.
    package convenience init(json: String) throws(StoreError) {
        self.init(json: json, filter: try Filter(json: json))
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
        if let slots = known.withLock({ $0[segment]?.slots }) { return slots }
        // Not under the lock: two that come at a time evaluate it twice, and others do not wait.
        let slots = try index.slots(passing: filter, of: count)
        known.withLock { known in
            if known.count >= Self.mostSegments { Self.forgetOldest(&known) }
            known[segment] = Known(slots: slots)
        }
        return slots
    }

    /// Allows copies of the codes of the slots that pass, as the filter has been asked for again.
    fileprivate func allowCopies(of size: Int) { room.store(max(0, size), ordering: .relaxed) }

    /// Returns a copy of the codes of the slots that pass, or nil if it is not worth its memory.
    ///
    /// - Parameter slots: Those that may pass.
    func codes(
        of slots: SlotSet, in segment: Segment
    ) throws(StoreError) -> GatheredCodes? {
        if let codes = known.withLock({ $0[segment.identity]?.codes }) { return codes }
        let room = room.load(ordering: .relaxed)
        if room == 0 { return nil }
        let codes = try GatheredCodes(slots, of: segment, room: room)
        known.withLock { $0[segment.identity]?.codes = codes }
        return codes
    }

    /// More segments than a store has at a time; most of them have been merged.
    private static let mostSegments = 256

    private static func forgetOldest(_ known: inout [UInt64: Known]) {
        for segment in known.keys.sorted().prefix(mostSegments / 2) { known[segment] = nil }
    }

    /// The memory that slots and codes take, in bytes.
    var size: Int { known.withLock { $0.values.reduce(0) { $0 + $1.size } } }
}
