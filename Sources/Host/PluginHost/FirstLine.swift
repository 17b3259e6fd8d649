import Synchronization
internal import Unix
internal import Waiting

/// The output of a plugin until its handshake is known, and the wait for it.
final class FirstLine: Sendable {
    /// The end of the wait for a handshake.
    enum Outcome: Sendable {
        case line([UInt8])
        /// The plugin has printed this without a newline, and is not expected to print the rest.
        case unfinished([UInt8])
        /// The standard output has ended while the process still runs.
        case outputEnded
        case ended(Ending)
    }

    private let outcome = Latch<Outcome>()

    /// A latch that is set by the first byte, or by the end of the wait without one.
    private let beginning = Latch<Void>()

    private let unfinished = Mutex<Unfinished?>(nil)

    private struct Unfinished {
        var bytes: [UInt8]
        var begin: ContinuousClock.Instant
        var lastChange: ContinuousClock.Instant
    }

    private let needsCertificate: Bool

    /// - Parameter needsCertificate: True if a handshake without a certificate may still get one.
    init(needsCertificate: Bool) { self.needsCertificate = needsCertificate }

    /// The line, if the wait has ended with one.
    var line: [UInt8]? {
        switch outcome.value {
        case .line(let bytes), .unfinished(let bytes): bytes
        case .outputEnded, .ended, nil: nil
        }
    }

    var isKnown: Bool { outcome.value != nil }

    func set(_ value: Outcome) {
        outcome.set(value)
        beginning.set(())
    }

    /// Takes all the text printed so far, while it does not contain a newline.
    func set(unfinished bytes: ArraySlice<UInt8>) {
        let now = ContinuousClock.now
        unfinished.withLock { unfinished in
            unfinished = Unfinished(
                bytes: Array(bytes), begin: unfinished?.begin ?? now, lastChange: now)
        }
        beginning.set(())
    }

    /// - Returns: Nil if the plugin did not print anything in time, and if the task is cancelled.
    func wait(atMost limit: Duration) async -> Outcome? {
        let end = ContinuousClock.now + limit
        guard await beginning.wait(atMost: limit) != nil else { return nil }
        while true {
            if let value = outcome.value { return value }
            guard
                let (bytes, longestWait) = unfinished.withLock({ $0.map { ($0.bytes, until($0)) } })
            else { return nil }
            let moment = min(end, longestWait)
            if moment <= .now {
                outcome.set(.unfinished(bytes))
                continue
            }
            // This may return nil before the end, as there may be more text by then.
            _ = await outcome.wait(atMost: moment - .now)
            if Task.isCancelled { return nil }
        }
    }

    /// Returns the time at which text without a newline is taken for complete, unless more comes.
    private func until(_ unfinished: Unfinished) -> ContinuousClock.Instant {
        let quiet: Duration
        switch Handshake.beginning(unfinished.bytes, needsCertificate: needsCertificate) {
        // Only the newline can be missing.
        case .complete: quiet = .seconds(1)
        // Some plugins write their line in pieces.
        case .incomplete: quiet = .seconds(10)
        // More text cannot help, and the text so far is quoted.
        case .hopeless:
            return min(unfinished.lastChange + .seconds(1), unfinished.begin + .seconds(5))
        }
        return unfinished.lastChange + quiet
    }
}

extension Handshake {
    /// The state of a handshake in text without a newline.
    enum Beginning: Equatable { case complete, incomplete, hopeless }

    /// - Parameter needsCertificate: True if a handshake without a certificate is incomplete.
    static func beginning(_ bytes: some Collection<UInt8>, needsCertificate: Bool) -> Beginning {
        if let handshake = try? Handshake(line: bytes),
            handshake.certificate != nil || !needsCertificate
        {
            return .complete
        }
        if TextEncoding(betrayedBy: bytes) != nil { return .hopeless }
        let text = String(decoding: bytes, as: UTF8.self)
        let fields = text.drop(while: \.isWhitespace)
            .split(separator: "|", omittingEmptySubsequences: false)
        let expected = [["1"], ["\(version)"], ["unix", "tcp"], nil, ["grpc"], nil, nil]
        if fields.count > expected.count { return .hopeless }
        for (index, field) in fields.enumerated() {
            guard let allowed = expected[index] else { continue }
            let isLast = index == fields.count - 1
            if !allowed.contains(where: { isLast ? $0.hasPrefix(field) : $0 == field }) {
                return .hopeless
            }
        }
        return .incomplete
    }
}
