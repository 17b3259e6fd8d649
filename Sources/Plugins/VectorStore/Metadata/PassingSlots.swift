/// The slots of a segment whose records pass a filter, as far as its index can tell.
struct PassingSlots: Sendable {
    /// The records that pass.
    var certain: SlotSet

    /// Those, and the records that have to be looked at, because the index does not hold their
    /// values in full.
    var possible: SlotSet

    /// True if no record has to be looked at.
    var isExact: Bool { certain == possible }

    /// The memory that it takes, in bytes.
    var size: Int { certain.size + possible.size }

    /// Replaces this by the records of which the filter's opposite is true.
    mutating func invert() {
        (certain, possible) = (possible, certain)
        certain.invert()
        possible.invert()
    }

    mutating func formUnion(_ other: PassingSlots) {
        certain.formUnion(other.certain)
        possible.formUnion(other.possible)
    }

    mutating func formIntersection(_ other: PassingSlots) {
        certain.formIntersection(other.certain)
        possible.formIntersection(other.possible)
    }
}
