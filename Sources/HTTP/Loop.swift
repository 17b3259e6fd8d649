import CCurl
import Glibc
import Synchronization
import Waiting

/// The thread that all transfers of a client run on, and the way to talk to it.
final class Loop: Sendable {
    enum Order: Sendable {
        case start(Transfer)
        /// Its reader has room again.
        case resume(Transfer)
        case stop(Transfer)
    }

    private struct Orders {
        var waiting: [Order] = []
        var isClosed = false

        /// Whether the handle may still be used for waking the thread.
        var hasEnded = false
    }

    private let orders = Mutex(Orders())

    // Only `curl_multi_wakeup` is called on other threads than the loop's, which it is made for.
    nonisolated(unsafe) private let multi: OpaquePointer

    init() {
        _ = Self.isReady
        multi = OpaquePointer(curl_multi_init()!)
        // libcurl would keep four for each transfer under way, and close the rest whenever there
        // are few for a moment.
        hector_curl_multi_set_long(
            UnsafeMutableRawPointer(multi), CURLMOPT_MAXCONNECTS, Self.mostConnections)
        detachThread { self.run() }
    }

    /// As many connections stay open for later requests.
    private static let mostConnections = 1024

    // Not safe beside itself; a static is made once.
    private static let isReady = curl_global_init(Int(CURL_GLOBAL_DEFAULT)) == CURLE_OK

    func post(_ order: Order) {
        let isTaken = orders.withLock { orders in
            guard !orders.isClosed else { return false }
            orders.waiting.append(order)
            // More orders before the thread looks need no more waking.
            if orders.waiting.count == 1 { curl_multi_wakeup(UnsafeMutableRawPointer(multi)) }
            return true
        }
        if !isTaken, case .start(let transfer) = order { transfer.finish(Self.closed) }
    }

    /// Ends every transfer, and the thread.
    func close() {
        orders.withLock { orders in
            orders.isClosed = true
            if !orders.hasEnded { curl_multi_wakeup(UnsafeMutableRawPointer(multi)) }
        }
    }

    private static let closed = HTTPError(.cancelled, "the client is closed")

    // MARK: On the thread

    private func run() {
        // Writing to a connection that was closed raises it in the thread that writes.
        var signals = sigset_t()
        sigemptyset(&signals)
        sigaddset(&signals, SIGPIPE)
        pthread_sigmask(SIG_BLOCK, &signals, nil)

        let multi = UnsafeMutableRawPointer(self.multi)
        var exchanges = Exchanges(multi: multi)
        // Nobody asks, but libcurl before version 8 writes it anyway.
        var running: Int32 = 0
        while true {
            let (new, isClosed) = orders.withLock { orders in
                defer { orders.waiting = [] }
                return (orders.waiting, orders.isClosed)
            }
            if isClosed {
                for case .start(let transfer) in new { transfer.finish(Self.closed) }
                break
            }
            for order in new { exchanges.carryOut(order) }
            curl_multi_perform(multi, &running)
            exchanges.finishEnded()
            exchanges.finishSilent()
            curl_multi_poll(multi, nil, 0, exchanges.millisecondsToWait, nil)
        }
        exchanges.finishAll(Self.closed)
        orders.withLock { $0.hasEnded = true }
        curl_multi_cleanup(multi)
    }
}
