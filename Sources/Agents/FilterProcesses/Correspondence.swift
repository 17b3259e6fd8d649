/// The records that a filter was sent and has not answered yet, and the rule by which a line that it
/// writes belongs to one of them:
///
/// - The first record of a filter that greets is its greeting; nothing else is.
/// - A line with the id of a record that is under way belongs to that record, in any order. The filter
///   is asked nothing else under that id until it has answered.
/// - A line without an id belongs to the record that has waited longest: a command that loses ids
///   answers in the order in which it is asked.
/// - A line with `event` comes before the answer to its record; any other is the answer.
/// - A record whose caller has given up stays in the order until it is answered, so that an
///   answer that comes late is not taken for another's.
/// - A line that belongs to nothing, such as a second answer, is left out; one with an id that was never
///   sent is a fault.
package struct Correspondence<Waiter> {
    /// The place where a line belongs.
    package enum Addressee {
        case waiter(Waiter)
        case greeting
        /// No caller that still waits.
        case nobody
        /// Nowhere: it has an id that was never sent.
        case unknown
    }

    private struct Sent {
        let id: String
        /// Nil once it was given up.
        var waiter: Waiter?
    }

    /// In the order in which they were sent.
    private var sent: [Sent] = []

    /// Every id that was ever sent.
    private var ids: Set<String> = []

    private var isToGreet: Bool

    /// - Parameter greets: True if it writes a line before the first record.
    package init(greets: Bool) { isToGreet = greets }

    package mutating func send(_ id: String, waiter: Waiter) {
        sent.append(Sent(id: id, waiter: waiter))
        ids.insert(id)
    }

    package mutating func giveUp(_ id: String) {
        // The latest, if it was sent before and given up.
        guard let place = sent.lastIndex(where: { $0.id == id }) else { return }
        sent[place].waiter = nil
    }

    /// Gives up all that is under way.
    ///
    /// - Returns: The records that were waited for, by their ids.
    package mutating func giveUpAll() -> [(id: String, waiter: Waiter)] {
        defer { sent = [] }
        return sent.compactMap { sent in sent.waiter.map { (sent.id, $0) } }
    }

    /// Finds out where a line belongs. An answer ends what is under way.
    ///
    /// - Parameters:
    ///   - id: The id of the line, if it has one.
    ///   - isEvent: True if more lines come before the answer.
    package mutating func receive(_ id: String?, isEvent: Bool) -> Addressee {
        if isToGreet, !isEvent {
            isToGreet = false
            return .greeting
        }
        let place: Int?
        if let id {
            // One that is waited for goes before one of the same id that was given up.
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
    /// True for a stage of tools, which says first which it has.
    ///
    /// - Parameter name: Its kind, and a number if there are several.
    package static func greets(stage name: String) -> Bool { name.prefix { $0 != "." } == "tool" }
}
