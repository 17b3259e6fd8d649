import CCurl

/// The transfers under way, each with its handle.
struct Exchanges {
    private let multi: UnsafeMutableRawPointer
    private var all: [ObjectIdentifier: Exchange] = [:]

    init(multi: UnsafeMutableRawPointer) {
        self.multi = multi
    }

    mutating func carryOut(_ order: Loop.Order) {
        switch order {
        case .start(let transfer):
            let exchange = Exchange(transfer)
            curl_multi_add_handle(multi, exchange.easy)
            all[ObjectIdentifier(transfer)] = exchange
        case .resume(let transfer):
            all[ObjectIdentifier(transfer)]?.resume()
        case .stop(let transfer):
            remove(transfer)
        }
    }

    /// Finishes the transfers that libcurl has ended.
    mutating func finishEnded() {
        var left: Int32 = 0
        while let message = curl_multi_info_read(multi, &left) {
            guard message.pointee.msg == CURLMSG_DONE else { continue }
            let easy = message.pointee.easy_handle
            // The message is freed together with its handle.
            let code = message.pointee.data.result
            guard let exchange = all.values.first(where: { $0.easy == easy }) else { continue }
            exchange.transfer.finish(exchange.failure(code))
            remove(exchange.transfer)
        }
    }

    /// Cancels the transfers whose server has been silent for too long.
    mutating func finishSilent() {
        let now = ContinuousClock.now
        for exchange in all.values where exchange.deadline.map({ $0 <= now }) ?? false {
            exchange.transfer.finish(exchange.silence)
            remove(exchange.transfer)
        }
    }

    mutating func finishAll(_ failure: HTTPError) {
        for exchange in all.values {
            exchange.transfer.finish(failure)
            remove(exchange.transfer)
        }
    }

    /// The longest time to wait for something to arrive.
    var millisecondsToWait: Int32 {
        guard let first = all.values.compactMap(\.deadline).min() else { return 3_600_000 }
        let left = (first - .now) / .milliseconds(1)
        return Int32(min(max(left.rounded(.up), 0), 3_600_000))
    }

    private mutating func remove(_ transfer: Transfer) {
        guard let exchange = all.removeValue(forKey: ObjectIdentifier(transfer)) else { return }
        curl_multi_remove_handle(multi, exchange.easy)
    }
}
