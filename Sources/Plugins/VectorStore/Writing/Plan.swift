/// The choice of what a turn of maintenance does.
struct Plan: Equatable {
    /// The record files whose records are moved out.
    private(set) var files: [UInt32] = []
    private(set) var isNeeded: Bool
    /// True if the logs are so long that commits wait for a file to be made of them.
    private(set) var isUrgent = false
    let merging: Merging

    /// The segments that are merged.
    enum Merging {
        /// Those of the log alone, because a file of another one is damaged.
        case log
        case due
        /// All of them, and nothing dead is left.
        case all
    }

    /// The most bytes that are moved in a turn.
    private static let budget = 192 << 20
    /// The bytes of a log, and its commits and records, that become a file: the more, the fewer files
    /// are merged, and the more has a process to read that opens the store.
    private static let logLimit = (least: 256 << 10, most: 32 << 20, commits: 4096, slots: 16_384)
    /// The bytes of a log that are worth a file when the writer ends.
    private static let lastLogLimit = 1 << 20
    /// The part of the bytes, in percent, that may be dead.
    private static let mostDead = 15
    /// Below this number of bytes it does not matter what is dead.
    private static let leastDead = 256 << 10

    /// Plans what is due.
    ///
    /// - Parameters:
    ///   - damaged: Record files that cannot be cleaned.
    ///   - merging: `log` if only the log can be put into files.
    ///   - isLast: True if the writer ends.
    init(
        _ state: State, _ damaged: Set<UInt32>, merging: Merging = .due, isLast: Bool = false
    ) {
        self.merging = merging
        let (live, dead) = state.recordBytes
        let logLimit = min(max(Self.logLimit.least, live / 4), Self.logLimit.most)
        isNeeded =
            state.logSize > (isLast ? Self.lastLogLimit : logLimit)
            || state.log!.count > Self.logLimit.commits
            || state.collections.values.contains { $0.openSlots >= Self.logLimit.slots }
        isUrgent =
            state.logSize > 4 * logLimit || state.log!.count > 4 * Self.logLimit.commits
        if merging == .log { return }
        if dead > Self.leastDead, dead * 100 > (live + dead) * Self.mostDead {
            files = Self.worst(state, least: Self.mostDead * 2 / 3, damaged)
            isNeeded = isNeeded || !files.isEmpty
        }
        isNeeded = isNeeded || state.collections.values.contains(where: Self.hasDeadIndex)
    }

    init(compacting state: State) {
        merging = .all
        let (live, dead) = state.recordBytes
        if dead * 50 > live { files = Self.worst(state, least: 2, []) }
        isNeeded =
            !files.isEmpty || state.log!.end > LogFile.start || !state.olderLogs.isEmpty
            || state.collections.values.contains { $0.compacted() != nil }
    }

    /// Returns the files with the greatest part of dead bytes, as many as fit a turn.
    ///
    /// - Parameter least: The part in percent that is worth moving the rest.
    private static func worst(_ state: State, least: Int, _ damaged: Set<UInt32>) -> [UInt32] {
        func part(_ file: RecordFile) -> Double { Double(file.end - file.live) / Double(file.end) }
        var moved = 0
        var files: [UInt32] = []
        for (number, file) in state.records.sorted(by: { part($0.value) > part($1.value) }) {
            if part(file) * 100 <= Double(least) || damaged.contains(number) { continue }
            if moved > 0, moved + file.live > budget { break }
            moved += file.live
            files.append(number)
        }
        return files
    }

    /// True if segments can be merged while commits go on: the new segment keeps the slots of dead
    /// records, so there must be few of them.
    func isForBackground(_ state: State) -> Bool {
        merging == .due && files.isEmpty && state.olderLogs.isEmpty
            && state.log!.end > Self.leastInBackground
            && state.collections.values.allSatisfy { $0.merges.allSatisfy(Self.hasFewDead) }
    }

    /// A shorter log is a file in no time.
    private static let leastInBackground = 2 << 20

    private static func hasFewDead(_ parts: [LiveSegment]) -> Bool {
        let slots = parts.reduce(0) { $0 + $1.segment.count }
        return slots > parts.reduce(0) { $0 + $1.dead.count } * 8
    }

    private static func hasDeadIndex(_ collection: State.Collection) -> Bool {
        collection.segments.contains { $0.segment.file != nil && $0.isMostlyDead }
    }
}

extension LiveSegment {
    /// The bytes of the index of the records that live.
    var liveSize: Int { segment.count == 0 ? 0 : segment.fileSize * count / segment.count }

    /// True if so much is dead that the segment is written again.
    var isMostlyDead: Bool {
        let dead = segment.fileSize - liveSize
        return dead > 64 << 10 && dead * 5 > segment.fileSize || count == 0
    }
}

extension State.Collection {
    /// The most bytes of a segment, which bound the time that a merge takes.
    private static let mostBytes = 384 << 20
    private static let mostBytesCompacted = 1 << 30
    private static let fanOut = 8

    /// A group of segments that become one. A single one may stay as it is.
    private struct Group {
        var parts: [LiveSegment]
        var isNew: Bool
        var size: Int { parts.reduce(0) { $0 + $1.liveSize } }

        /// Segments of a tier are of about the same size.
        var tier: Int { max(0, Int.bitWidth - (size >> 16).leadingZeroBitCount - 1) / 3 }
    }

    /// Returns the groups of segments that are merged next, those of the log among them.
    var merges: [[LiveSegment]] {
        let log = segments.filter { $0.segment.file == nil }
        var groups = log.isEmpty ? [] : [Group(parts: log, isNew: true)]
        groups += segments.filter { $0.segment.file != nil }.map {
            Group(parts: [$0], isNew: $0.isMostlyDead)
        }
        for tier in 0..<16 {
            let same = groups.filter { $0.tier == tier }.sorted { $0.size < $1.size }
            guard same.count >= Self.fanOut else { continue }
            var merged = Group(parts: [], isNew: true)
            var rest = groups.filter { $0.tier != tier }
            for group in same {
                if merged.size + group.size <= Self.mostBytes {
                    merged.parts += group.parts
                } else {
                    rest.append(group)
                }
            }
            groups = rest + [merged]
        }
        return groups.filter { $0.isNew && !$0.parts.isEmpty }.map(\.parts)
    }

    /// The number of slots of the logs that are in no file.
    var openSlots: Int {
        segments.reduce(0) { $0 + ($1.segment.file == nil ? $1.segment.count : 0) }
    }

    /// The segments of the log, in a group if there are any.
    var logAlone: [[LiveSegment]] {
        let log = segments.filter { $0.segment.file == nil }
        return log.isEmpty ? [] : [log]
    }

    /// Returns the groups of segments that are merged so that as few as possible are left, or nil if
    /// nothing is to be gained.
    func compacted() -> [[LiveSegment]]? {
        var groups: [Group] = []
        for part in segments.sorted(by: { $0.liveSize < $1.liveSize }) {
            if let last = groups.last, last.size + part.liveSize <= Self.mostBytesCompacted {
                groups[groups.count - 1].parts.append(part)
            } else {
                groups.append(Group(parts: [part], isNew: false))
            }
        }
        let changed = groups.filter { group in
            group.parts.count > 1
                || group.parts.contains { $0.segment.file == nil || $0.dead.count > 0 }
        }
        return changed.isEmpty ? nil : changed.map(\.parts)
    }
}
