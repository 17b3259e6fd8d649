/// A part of a file whose bytes are not those that were written.
package struct Damage: Sendable, Equatable, CustomStringConvertible {
    package let path: String
    /// The offset of the first byte that is not right, if that is known.
    package let place: Int?
    package let problem: String
    /// The things that cannot be read any more, as a phrase.
    package let affected: String

    package var description: String {
        "'\(path)'" + (place.map { ", byte \($0)" } ?? "") + ": \(problem); affected: \(affected)"
    }
}

/// A reading of every byte of a store.
struct Verification {
    private let folder: Folder
    private(set) var found: [Damage] = []

    init(_ folder: Folder) { self.folder = folder }

    /// - Throws: An error if the system does not let the files be read.
    mutating func run() throws(StoreError) {
        guard folder.exists(folder.catalog) || !folder.exists(folder.oldData) else { return }
        let catalog: Catalog
        do throws(StoreError) {
            guard let read = try Catalog(in: folder) else {
                // This throws if there are files without a catalog.
                _ = try StateKeeper(folder).current()
                return
            }
            catalog = read
        } catch {
            try add(error, folder.catalog, "all collections")
            return
        }
        try checkIndexes(catalog)
        do throws(StoreError) {
            guard let state = try StateKeeper(folder).current() else { return }
            try checkRecords(state)
        } catch {
            let log = folder.file(.log, catalog.logs.last!)
            // Damage of the index has been found above.
            if found.isEmpty { try add(error, log, "the latest changes of all collections") }
        }
    }

    private mutating func add(
        _ error: StoreError, _ path: String, _ affected: String
    ) throws(StoreError) {
        if error.kind == .other { throw error }
        found.append(
            Damage(
                path: error.finding?.path ?? path, place: nil,
                problem: error.finding?.problem ?? error.description, affected: affected))
    }

    private mutating func checkIndexes(_ catalog: Catalog) throws(StoreError) {
        for collection in catalog.collections {
            let affected = "collection '\(collection.facts.nameText)'"
            for segment in collection.segments {
                for (kind, file) in [
                    (Folder.Kind.index, segment.index), (.places, segment.places),
                ] {
                    let path = folder.file(kind, file.number)
                    do throws(StoreError) {
                        let file = try CheckedFile(
                            path, number: file.number, checksum: file.checksum)
                        for range in try file.damagedRanges() {
                            found.append(
                                Damage(
                                    path: path, place: range.lowerBound,
                                    problem: "bytes up to \(range.upperBound - 1) are not those "
                                        + "that were written", affected: affected))
                        }
                    } catch {
                        try add(error, path, affected)
                    }
                }
            }
        }
    }

    /// A record that lives.
    private struct Owner {
        let place: Place
        let collection: State.Collection
        let segment: Segment
        let slot: Int
    }

    private mutating func checkRecords(_ state: State) throws(StoreError) {
        var owners: [UInt32: [Owner]] = [:]
        for collection in state.collections.values {
            for part in collection.segments {
                for slot in 0..<part.segment.count where !part.dead.contains(UInt32(slot)) {
                    let place = try part.segment.place(of: slot)
                    owners[place.file, default: []].append(
                        Owner(
                            place: place, collection: collection, segment: part.segment,
                            slot: slot))
                }
            }
        }
        for (number, file) in state.records.sorted(by: { $0.key < $1.key }) {
            let own = (owners.removeValue(forKey: number) ?? []).sorted {
                $0.place.offset < $1.place.offset
            }
            do throws(StoreError) {
                try file.bytes.checkSize(file.end)
                let live = own.reduce(RecordBytes.start) { $0 + Int($1.place.length) }
                if live != file.live {
                    found.append(
                        Damage(
                            path: folder.catalog, place: nil,
                            problem: "'\(file.bytes.path)' has \(live) bytes that live, "
                                + "not \(file.live)", affected: "no record"))
                }
            } catch {
                try add(error, file.bytes.path, "\(own.count) records")
            }
            try check(own, in: file)
        }
        for (number, own) in owners {
            found.append(
                Damage(
                    path: folder.file(.records, number), place: nil,
                    problem: "the catalog does not have this file",
                    affected: "\(own.count) records"))
        }
    }

    /// Checks the records of a file and those between them, which have been replaced.
    private mutating func check(_ own: [Owner], in file: RecordFile) throws(StoreError) {
        var end = RecordBytes.start
        for owner in own {
            do throws(StoreError) {
                try checkDead(end..<max(end, Int(owner.place.offset)), in: file)
                let frame = try file.bytes.record(owner.place)
                let id = try owner.segment.ids.id(of: owner.slot)
                let isRight = frame.withRecord { record in
                    record.idBytes == id && record.dimension == owner.collection.dimension
                }
                if isRight != true { throw file.bytes.damage(owner.place) }
            } catch  where error.kind == .damage {
                let id = try owner.segment.ids.id(of: owner.slot).string
                found.append(
                    Damage(
                        path: file.bytes.path, place: Int(owner.place.offset),
                        problem: "the record is not the one that was written",
                        affected: "record '\(id)' of collection '\(owner.collection.nameText)'"))
            } catch  where error.kind == .missing {
                // It was found above.
                return
            }
            end = Int(owner.place.offset) + Int(owner.place.length)
        }
        if (try? file.bytes.checkSize(file.end)) != nil {
            try checkDead(end..<max(end, file.end), in: file)
        }
    }

    private mutating func checkDead(_ range: Range<Int>, in file: RecordFile) throws(StoreError) {
        guard let place = try file.bytes.firstDamage(in: range) else { return }
        found.append(
            Damage(
                path: file.bytes.path, place: place,
                problem: "a record that was replaced or deleted is not the one that was written",
                affected: "no record"))
    }
}

extension VectorStore {
    /// Reads every byte of the store, and returns the parts that are damaged.
    ///
    /// - Throws: An error if the system does not let the files be read.
    package func verify() throws(StoreError) -> [Damage] {
        let folder = snapshots.keeper.folder
        while true {
            let before = try? Catalog(in: folder)?.generation
            var verification = Verification(folder)
            try verification.run()
            // A writer may have replaced files meanwhile.
            let after = try? Catalog(in: folder)?.generation
            if verification.found.isEmpty || before == after { return verification.found }
        }
    }
}
