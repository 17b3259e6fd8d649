import CGRPC

/// Calls in flight that may have to be cancelled. Adding and removing one takes a few instructions
/// and, once the table has grown, no memory.
struct CallTable {
    private var calls: [OpaquePointer?] = []
    private var free: [Int] = []

    /// A call and its place in the table.
    struct Entry: @unchecked Sendable {
        // Core lets a call be cancelled from any thread until it is unreffed.
        let call: OpaquePointer
        fileprivate let place: Int
    }

    mutating func add(_ call: OpaquePointer) -> Entry {
        if let place = free.popLast() {
            calls[place] = call
            return Entry(call: call, place: place)
        }
        calls.append(call)
        return Entry(call: call, place: calls.count - 1)
    }

    mutating func remove(_ entry: Entry) {
        calls[entry.place] = nil
        free.append(entry.place)
    }

    func cancel(because reason: String) {
        for case let call? in calls {
            grpc_call_cancel_with_status(call, GRPC_STATUS_CANCELLED, reason, nil)
        }
    }
}
