/// The records that were sent to a filter and that it has not answered, with the rules that assign
/// a line from the filter to one of them:
///
/// - The first line without `event` of a filter that greets is its greeting.
/// - A line with the id of a pending record belongs to that record, in any order. No other record
///   is sent under that id until the filter has answered.
/// - A line without an id belongs to the record that has waited longest, because a command that
///   drops ids answers in the order of its input.
/// - A line with `event` comes before the answer to its record; any other line is the answer.
/// - A record whose caller has given up stays in the order until it is answered, so that a late
///   answer is not taken for the answer to another record.
/// - A line that belongs to no pending record, such as a second answer, is ignored. A line with an
///   id that was never sent is an error.
package struct Correspondence<Waiter> {
    /// The receiver of a line.
    package enum Addressee {
        case waiter(Waiter)
        case greeting
        /// No caller waits for the line.
        case nobody
        /// The line has an id that was never sent.
        case unknown
    }

    private struct Sent {
        let id: String
        /// Nil once the caller has given up.
        var waiter: Waiter?
    }

    /// The pending records, in the order in which they were sent.
    private var sent: [Sent] = []

    /// All ids that were ever sent.
    private var ids: Set<String> = []

    private var isToGreet: Bool

    /// - Parameter greets: True if the filter writes a line before the first record.
    package init(greets: Bool) { isToGreet = greets }

    package mutating func send(_ id: String, waiter: Waiter) {
        sent.append(Sent(id: id, waiter: waiter))
        ids.insert(id)
    }

    package mutating func giveUp(_ id: String) {
        // The latest record, because an earlier one with this id may have been given up.
        guard let place = sent.lastIndex(where: { $0.id == id }) else { return }
        sent[place].waiter = nil
    }

    /// Gives up all pending records.
    ///
    /// - Returns: The ids and callers of the records that callers still waited for.
    package mutating func giveUpAll() -> [(id: String, waiter: Waiter)] {
        defer { sent = [] }
        return sent.compactMap { sent in sent.waiter.map { (sent.id, $0) } }
    }

    /// Assigns a line to its record. An answer removes the record from the pending ones.
    ///
    /// - Parameters:
    ///   - id: The id of the line, if it has one.
    ///   - isEvent: True if the line comes before the answer.
    package mutating func receive(_ id: String?, isEvent: Bool) -> Addressee {
        if isToGreet, !isEvent {
            isToGreet = false
            return .greeting
        }
        let place: Int?
        if let id {
            // A record with a caller comes before one with the same id that was given up.
            place =
                sent.firstIndex { $0.id == id && $0.waiter != nil }
                ?? sent.firstIndex { $0.id == id }
            if place == nil, !ids.contains(id) { return .unknown }
        } else {
            place = sent.indices.first
        }
        guard let place else { return .nobody }
        let waiter = isEvent ? sent[place].waiter : sent.remove(at: place).waiter
        return waiter.map { .waiter($0) } ?? .nobody
    }
}

extension Correspondence {
    /// True for a stage of tools, which first writes a list of them.
    ///
    /// - Parameter name: The kind of the stage, with a number if there are several.
    package static func greets(stage name: String) -> Bool { name.prefix { $0 != "." } == "tool" }
}
