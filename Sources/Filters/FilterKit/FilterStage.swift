package import JSON
package import Waiting

/// The work of a filter on its records.
package protocol FilterStage: Sendable {
    /// The stage's name in error records, such as `embed`.
    var name: String { get }

    /// The number of records to hand over at a time. It is read before each unit, as a plugin may
    /// turn out to take batches or not.
    var capacity: Capacity { get }

    /// True if the order of the input matters because a record may undo the effect of an earlier
    /// one.
    var dependsOnOrder: Bool { get }

    /// - Parameter ticket: The unit's place in the order of the input, if the stage depends on it,
    ///   as the tasks of units begin in any order. Use it before anything slow, because later units
    ///   wait for it.
    /// - Returns: One outcome for each record, in the same order.
    func process(_ records: [Record], _ ticket: TicketLock.Ticket?) async -> [Outcome]

    /// The reason why no further record can succeed; nil while records can.
    var failure: Failure? { get }

    /// The number of times that a plugin of this stage has been restarted; nil for a stage without
    /// a plugin.
    var restarts: Int? { get }
}

extension FilterStage {
    package var restarts: Int? { nil }

    package var dependsOnOrder: Bool { false }
}

/// The number of records that a stage can take.
package struct Capacity: Equatable, Sendable {
    /// The number of records in one unit of work.
    package var unit: Int

    /// The number of units at once.
    package var parallel: Int

    package init(unit: Int, parallel: Int) {
        self.unit = unit
        self.parallel = parallel
    }
}

/// The result of a stage for one record.
package enum Outcome: Sendable {
    /// The record goes on, possibly changed.
    case record(Record)
    /// Lines to print in place of the record, each with its line end.
    case text([UInt8])
    /// The record ends here, as intended.
    case nothing
    case failure(RecordError)
}
