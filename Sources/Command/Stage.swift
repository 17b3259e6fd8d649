package import JSON
package import Waiting

/// What a filter does with records.
package protocol Stage: Sendable {
    /// What it does, as error records call it: `embed`.
    var name: String { get }

    /// How much to hand over at a time. Asked before each unit, as a plugin may
    /// turn out to take batches, or not to.
    var capacity: Capacity { get }

    /// True if the order of the input matters, as a record may undo what an earlier one did.
    var dependsOnOrder: Bool { get }

    /// - Parameter ticket: The unit's place in the order of the input, if the stage depends on it:
    ///   tasks of units begin in any order. To be used before anything that takes long, as later
    ///   units wait for that.
    /// - Returns: As many outcomes as records, in their order.
    func process(_ records: [Record], _ ticket: TicketLock.Ticket?) async -> [Outcome]

    /// Why no further record can succeed, once that is so.
    var failure: Failure? { get }

    /// How often a plugin of this stage has been started again. Nil for a stage without one.
    var restarts: Int? { get }
}

extension Stage {
    package var restarts: Int? { nil }

    package var dependsOnOrder: Bool { false }
}

/// How many records a stage can take.
package struct Capacity: Equatable, Sendable {
    /// Records in one unit of work.
    package var unit: Int

    /// Units at once.
    package var parallel: Int

    package init(unit: Int, parallel: Int) {
        self.unit = unit
        self.parallel = parallel
    }
}

/// What became of a record.
package enum Outcome: Sendable {
    /// It goes on, perhaps changed.
    case record(Record)
    /// It ends here, as it should.
    case nothing
    case failure(RecordError)
}
