internal import Synchronization
import Waiting

/// The merging of segments on a thread of its own, while commits go on in another log.
///
/// When it begins, a new catalog names a new log after the one that there is. When it has ended,
/// another catalog names the merged segments, as they were at the beginning, and the new log alone.
/// The commits in that log know slots by the names that they had, which the catalog tells; so the
/// merged segments keep the slots of dead records. A process that is killed in between leaves both
/// logs, and files that the next catalog does not name.
final class BackgroundMerge: Sendable {
    /// Segments of a collection that become one.
    private struct Group {
        let collection: UInt32
        let parts: [LiveSegment]
        let index: (path: String, number: UInt32)
        let places: (path: String, number: UInt32)
    }

    /// The state without commits of the new log.
    private let start: State
    private let groups: [Group]
    /// Nil until all is on the disk.
    private let result = Mutex<Result<[Segment], StoreError>?>(nil)
    private let thread = Mutex<JoinableThread?>(nil)

    /// Begins a new log.
    ///
    /// - Parameters:
    ///   - state: The latest one, which is changed.
    ///   - done: Called on the thread when it has ended.
    init?(
        _ state: inout State, _ folder: Folder, _ keeper: StateKeeper,
        done: @escaping @Sendable () -> Void
    ) throws(StoreError) {
        guard let catalog = keeper.catalog(of: state) else { return nil }
        var next = state
        func newFile(_ kind: Folder.Kind) -> (path: String, number: UInt32) {
            next.nextFile += 1
            return (folder.file(kind, next.nextFile - 1), next.nextFile - 1)
        }
        let log = newFile(.log)
        var groups: [Group] = []
        for (number, collection) in state.collections.sorted(by: { $0.key < $1.key }) {
            for parts in collection.merges {
                groups.append(
                    Group(
                        collection: number, parts: parts, index: newFile(.index),
                        places: newFile(.places)))
            }
        }
        self.groups = groups
        next.generation += 1
        var hasCatalog = false
        do throws(StoreError) {
            next.begin(try LogFile(folder, log.number, .creating))
            try folder.sync()
            try catalog.writeNew(
                generation: next.generation, nextFile: next.nextFile, log: log.number, in: folder)
            // From here on the catalog may count, even if there is an error.
            hasCatalog = true
            try Catalog.adoptNew(in: folder)
            try keeper.adopt(next)
        } catch {
            if !hasCatalog {
                folder.remove(folder.newCatalog)
                folder.remove(log.path)
            }
            throw error
        }
        start = next
        state = next
        thread.withLock { thread in
            thread = JoinableThread { [self] in
                blockFileSizeSignal()
                let result = Result { () throws(StoreError) in try write() }
                self.result.withLock { $0 = result }
                done()
            }
        }
    }

    /// True if nothing is left to be written.
    var isDone: Bool { result.withLock { $0 != nil } }

    /// Waits until nothing is left to be written.
    func wait() {
        let thread = thread.withLock { thread in
            defer { thread = nil }
            return thread
        }
        thread?.join()
    }

    private func write() throws(StoreError) -> [Segment] {
        var segments: [Segment] = []
        for group in groups {
            let layout = start.collections[group.collection]!.layout
            let merge = SegmentMerge(group.parts, layout, keepsDead: true)
            segments.append(try merge.write(layout, group.index, group.places))
        }
        return segments
    }

    /// Puts the merged segments in place of those that they were made of, with a new catalog.
    ///
    /// - Parameter state: The latest one, which is changed.
    func finish(
        _ state: inout State, _ folder: Folder, _ keeper: StateKeeper
    ) throws(StoreError) {
        wait()
        let segments = try result.withLock { $0! }.get()
        // Another process may have done this or other work meanwhile.
        guard state.generation == start.generation else {
            throw StoreError("another process has written a catalog")
        }
        var written = start
        var next = state
        for (group, segment) in zip(groups, segments) {
            guard written.collections[group.collection]!.replace(group.parts, by: segment),
                next.collections[group.collection]?.replace(group.parts, by: segment) != false
            else { throw StoreError("the segments are not those that were merged") }
        }
        next.generation += 1
        next.olderLogs = []
        written.generation = next.generation
        written.nextFile = next.nextFile
        try folder.sync()
        try Catalog.writeNew(written, in: folder)
        try Catalog.adoptNew(in: folder)
        try keeper.adopt(next)
        state = next
        try folder.removeOthers([written, next])
    }

    /// Removes what was written, unless a catalog names it.
    func abandon(_ state: State, _ folder: Folder) {
        wait()
        let kept = Set(state.collections.values.flatMap(\.segments).map(\.segment.file?.number))
        for group in groups where !kept.contains(group.index.number) {
            folder.remove(group.index.path)
            folder.remove(group.places.path)
        }
    }
}

extension State.Collection {
    /// Puts a segment in place of those that it was made of, with all their slots.
    ///
    /// - Returns: False if one of them is not there any more.
    fileprivate mutating func replace(_ parts: [LiveSegment], by new: Segment) -> Bool {
        var dead = SlotSet(universe: new.count)
        var aliases: [LiveSegment.Alias] = []
        var start = 0
        for old in parts {
            guard let place = segments.firstIndex(where: { $0.segment === old.segment }) else {
                return false
            }
            let part = segments.remove(at: place)
            for slot in part.dead { dead.insert(UInt32(start) + slot) }
            aliases.append(
                LiveSegment.Alias(
                    file: part.segment.file?.number ?? 0, first: part.base ?? 0,
                    start: UInt32(start), count: UInt32(part.segment.count)))
            start += part.segment.count
        }
        guard start == new.count else { return false }
        let files = segments.prefix { $0.segment.file != nil }.count
        segments.insert(LiveSegment(new, dead: dead, aliases: aliases), at: files)
        return true
    }
}

extension SegmentMerge {
    /// Writes the files of the segment, and opens them.
    func write(
        _ layout: CodeLayout, _ index: (path: String, number: UInt32),
        _ places: (path: String, number: UInt32)
    ) throws(StoreError) -> Segment {
        var writer = try CheckedFileWriter(index.path, number: index.number)
        try write(to: &writer)
        let checksum = try writer.finish().checksum
        var placesWriter = try CheckedFileWriter(places.path, number: places.number)
        try writePlaces(to: &placesWriter)
        try placesWriter.endSection()
        let placesChecksum = try placesWriter.finish().checksum
        return try Segment(
            layout, CheckedFile(index.path, number: index.number, checksum: checksum),
            places: CheckedFile(places.path, number: places.number, checksum: placesChecksum))
    }
}

extension Folder {
    /// Removes files that were replaced, or left by a process that was killed.
    ///
    /// - Parameter states: Those whose files stay.
    func removeOthers(_ states: [State]) throws(StoreError) {
        var kept: [Kind: Set<UInt32>] = [:]
        for state in states {
            kept[.records, default: []].formUnion(state.records.keys)
            kept[.log, default: []].insert(state.log!.file.number)
            for part in state.collections.values.flatMap(\.segments) {
                guard let file = part.segment.file, let places = part.segment.placesFile else {
                    continue
                }
                kept[.index, default: []].insert(file.number)
                kept[.places, default: []].insert(places.number)
            }
        }
        for (kind, number) in try files() where kept[kind]?.contains(number) != true {
            remove(file(kind, number))
        }
    }
}
