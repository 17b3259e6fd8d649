import CCurl
import Glibc
import Synchronization
import Waiting

/// The thread on which all transfers of a client run, and the orders for it.
final class Loop: Sendable {
    enum Order: Sendable {
        case start(Transfer)
        /// The reader of the transfer has room again.
        case resume(Transfer)
        case stop(Transfer)
    }

    private struct Orders {
        var waiting: [Order] = []
        var isClosed = false

        /// True once the handle must no longer be used for waking the thread.
        var hasEnded = false
    }

    private let orders = Mutex(Orders())

    // Other threads than the loop's call only `curl_multi_wakeup`, which is made for that.
    nonisolated(unsafe) private let multi: OpaquePointer

    init() {
        _ = Self.isReady
        multi = OpaquePointer(curl_multi_init()!)
        // By default libcurl keeps four for each transfer under way, and closes the rest whenever
        // there are few transfers for a moment.
        hector_curl_multi_set_long(
            UnsafeMutableRawPointer(multi), CURLMOPT_MAXCONNECTS, Self.mostConnections)
        detachThread { self.run() }
    }

    /// The number of connections that stay open for later requests.
    private static let mostConnections = 1024

    // The function must not run twice at a time; a static is initialized once.
    private static let isReady = curl_global_init(Int(CURL_GLOBAL_DEFAULT)) == CURLE_OK

    func post(_ order: Order) {
        let isTaken = orders.withLock { orders in
            guard !orders.isClosed else { return false }
            orders.waiting.append(order)
            // The thread need not be woken again for orders that come before it looks.
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
        // Writing to a closed connection raises it in the thread that writes.
        var signals = sigset_t()
        sigemptyset(&signals)
        sigaddset(&signals, SIGPIPE)
        pthread_sigmask(SIG_BLOCK, &signals, nil)

        let multi = UnsafeMutableRawPointer(self.multi)
        var exchanges = Exchanges(multi: multi)
        // The number is not used, but libcurl before version 8 always writes it.
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
