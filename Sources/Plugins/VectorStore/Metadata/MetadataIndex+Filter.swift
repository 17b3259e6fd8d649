extension MetadataIndex {
    /// Returns the records that pass a filter.
    ///
    /// - Parameter count: The number of slots of the segment.
    func slots(passing filter: Filter, of count: Int) throws(StoreError) -> PassingSlots {
        switch filter {
        case .all(let filters):
            var passing = PassingSlots(certain: .all(count), possible: .all(count))
            for filter in filters {
                passing.formIntersection(try slots(passing: filter, of: count))
            }
            return passing
        case .any(let filters):
            var passing = PassingSlots(
                certain: SlotSet(universe: count), possible: SlotSet(universe: count))
            for filter in filters { passing.formUnion(try slots(passing: filter, of: count)) }
            return passing
        case .not(let filter):
            var passing = try slots(passing: filter, of: count)
            passing.invert()
            return passing
        case .value(let key, let condition):
            return try slots(with: condition, at: key, of: count)
        }
    }

    private func slots(
        with condition: Filter.Condition, at name: [UInt8], of count: Int
    ) throws(StoreError) -> PassingSlots {
        var found = SlotSet(universe: count)
        var unsure = SlotSet(universe: count)
        var missing = SlotSet.all(count)
        if let key = try key(name) {
            var present = SlotSet(universe: count)
            try key.addSlots(to: &present)
            missing.subtract(present)
            switch condition {
            case .exists: found = present
            case _ where !key.isIndexed: unsure = present
            default:
                var search = ValueSearch(key: key, found: found, unsure: unsure)
                try search.find(condition)
                (found, unsure) = (search.found, search.unsure)
            }
        }
        // If there is no value under `a.b`, it is the member `b` of the value under `a`.
        var end = name.count
        while let dot = name[..<end].lastIndex(of: UInt8(ascii: ".")) {
            end = dot
            guard let key = try key(Array(name[..<dot])) else { continue }
            var members = MemberSearch(
                path: Array(name[(dot + 1)...]), condition: condition, without: missing)
            try members.find(in: key)
            found.formUnion(members.found)
            unsure.formUnion(members.unsure)
            missing = members.missing
        }
        if condition.acceptsMissing { found.formUnion(missing) }
        unsure.formUnion(found)
        return PassingSlots(certain: found, possible: unsure)
    }
}

/// A search for the members of objects that pass a condition, which reads each object of the index
/// once, however many records have it.
private struct MemberSearch {
    let path: [UInt8]
    let condition: Filter.Condition
    /// The records for which no value has been found yet.
    private(set) var missing: SlotSet
    private(set) var found: SlotSet
    private(set) var unsure: SlotSet
    private let searched: SlotSet

    init(path: [UInt8], condition: Filter.Condition, without missing: SlotSet) {
        self.path = path
        self.condition = condition
        self.missing = missing
        searched = missing
        found = SlotSet(universe: missing.universe)
        unsure = found
    }

    mutating func find(in key: KeyIndex) throws(StoreError) {
        guard key.isIndexed else {
            try key.addSlots(to: &unsure)
            unsure.formIntersection(searched)
            missing.subtract(unsure)
            return
        }
        for brace in "[{".utf8 {
            var values = OrderedTexts(key.texts, from: [brace], to: [brace + 1], readsTexts: true)
            while try values.next() {
                guard values.cursor.kind == .plain else {
                    try values.cursor.skipSlots()
                    continue
                }
                try look(at: &values.cursor)
            }
        }
        found.formIntersection(searched)
        unsure.formIntersection(searched)
    }

    private mutating func look(at value: inout ValueCursor) throws(StoreError) {
        var slots: [UInt32] = []
        if value.isShortened {
            try value.appendSlots(to: &slots)
            for slot in slots { try add(slot, to: \.unsure) }
            return
        }
        let member = BorrowedBytes.with(value.text) { Filter.member(at: path[...], of: $0) }
        guard let member else {
            try value.skipSlots()
            return
        }
        let passes = BorrowedBytes.with(member) { condition.accepts($0) }
        try value.appendSlots(to: &slots)
        for slot in slots {
            if passes { try add(slot, to: \.found) }
            guard slot < missing.universe else { throw .damagedMetadata }
            missing.remove(slot)
        }
    }

    private mutating func add(
        _ slot: UInt32, to set: WritableKeyPath<MemberSearch, SlotSet>
    ) throws(StoreError) {
        guard slot < missing.universe else { throw .damagedMetadata }
        self[keyPath: set].insert(slot)
        missing.remove(slot)
    }
}
