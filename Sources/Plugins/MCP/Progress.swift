internal import JSON
internal import Synchronization

/// A server's report of its progress with a call.
package struct CallProgress: Equatable, Sendable {
    /// The amount done, in the server's own units.
    package let done: Double

    /// The total; nil if the server does not know it.
    package let total: Double?

    /// A text for people; may be empty.
    package let message: String

    init(_ params: Value) {
        done = params["progress"]?.double ?? 0
        total = params["total"]?.double
        message = params["message"]?.string ?? ""
    }

    /// Returns the same report with its text changed.
    func mapText(_ change: (String) -> String) -> CallProgress {
        var params: Members = ["progress": .number("\(done)"), "message": .string(change(message))]
        if let total { params.append("total", .number("\(total)")) }
        return CallProgress(.object(params))
    }
}

/// A receiver of a server's reports about one request.
final class ProgressWatch: Sendable {
    /// The longest time that the request may take, whatever is reported.
    let longest: Duration

    private let receiver: @Sendable (CallProgress) -> Void
    private let last = Mutex<ContinuousClock.Instant?>(nil)

    init(longest: Duration, _ receiver: @escaping @Sendable (CallProgress) -> Void) {
        self.longest = longest
        self.receiver = receiver
    }

    /// The time of the last report, or nil before the first.
    var lastReport: ContinuousClock.Instant? { last.withLock { $0 } }

    func receive(_ params: Value) {
        last.withLock { $0 = .now }
        receiver(CallProgress(params))
    }
}

/// The watches of a link's requests, by their progress tokens, which are the requests' ids.
struct ProgressWatches {
    private var watches: [Int: ProgressWatch] = [:]

    static let method = "notifications/progress"

    subscript(id: Int) -> ProgressWatch? {
        get { watches[id] }
        set { watches[id] = newValue }
    }

    /// Returns the watch that a notification is for.
    func watch(for params: Value?) -> ProgressWatch? {
        let token = params?["progressToken"]
        return (token?.int ?? token?.string.flatMap { Int($0) }).flatMap { watches[$0] }
    }
}

extension Request {
    /// Returns the parameters, with the request's id as its progress token if reports are wanted.
    func params(id: Int) -> Members {
        guard progress != nil else { return params }
        var all = Members()
        var meta = Members()
        for (key, value) in params {
            if key == "_meta" { meta = value.object ?? [:] } else { all.append(key, value) }
        }
        meta.append("progressToken", .number(String(id)))
        all.append("_meta", .object(meta))
        return all
    }
}
