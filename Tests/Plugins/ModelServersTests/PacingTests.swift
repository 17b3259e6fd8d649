import Testing

@testable import ModelServers

/// The pacing of requests to simulated servers, on a simulated clock.
@Suite struct PacingTests {
    /// A server that allows a number of requests per second.
    private struct Server {
        enum Kind { case bucket, window }

        let kind: Kind
        let rate: Double
        private var tokens: Double
        private var at = 0.0

        init(_ kind: Kind, _ rate: Double) {
            self.kind = kind
            self.rate = rate
            tokens = rate
        }

        mutating func allows(at time: Double) -> Bool {
            switch kind {
            case .bucket: tokens = min(rate, tokens + (time - at) * rate)
            case .window: if Int(time) != Int(at) { tokens = rate }
            }
            at = time
            if tokens < 1 { return false }
            tokens -= 1
            return true
        }
    }

    private struct Run {
        var requests = 0
        var seconds = 0.0
    }

    /// - Parameters:
    ///   - asked: Seconds that the server asks for with each refusal.
    ///   - latency: Seconds from a request to its answer.
    ///   - start: The time within the server's second when the run begins.
    private func run(
        _ server: Server, asked: Double, latency: Double, records: Int, jobs: Int, start: Double
    ) -> Run {
        var server = server
        let zero = ContinuousClock.now
        func instant(_ time: Double) -> ContinuousClock.Instant { zero + .seconds(time) }
        var pacing = Pacing(now: instant(start))
        var run = Run()
        var time = start
        var done = 0
        var ends: [(time: Double, isRefused: Bool, pass: Pacing.Pass)] = []
        while done < records {
            var wake: Double?
            // New records start as answers leave.
            while ends.count < min(jobs, records - done) {
                switch pacing.start(now: instant(time)) {
                case .go(let pass):
                    run.requests += 1
                    let isAllowed = server.allows(at: time)
                    ends.append((time + (isAllowed ? latency : 0) + 0.002, !isAllowed, pass))
                    // Making a request takes a little time.
                    time += 0.0002
                    continue
                case .wait(let until): wake = until.map { ($0 - zero) / .seconds(1) + 1e-6 }
                }
                break
            }
            let next = ends.map(\.time).min()
            time = max(time, min(next ?? .infinity, wake ?? .infinity))
            for end in ends where end.time <= time {
                if !end.isRefused { done += 1 }
                pacing.end(
                    end.pass,
                    end.isRefused ? .refused(pause: .seconds(asked * 1.05)) : .answered,
                    now: instant(time))
            }
            ends.removeAll { $0.time <= time }
        }
        run.seconds = time - start
        return run
    }

    @Test(arguments: [
        (20.0, 2.0, 0.0, 1000, 64), (20, 2, 1, 1000, 64), (20, 1, 0.2, 1000, 64),
        (50, 2, 0.1, 3000, 64), (10, 1, 0, 600, 16), (100, 1, 0, 6000, 64),
    ])
    func `uses a server's rate and is seldom refused`(
        rate: Double, asked: Double, latency: Double, records: Int, jobs: Int
    ) {
        for (kind, start) in [(Server.Kind.bucket, 0.0), (.window, 0.1), (.window, 0.6)] {
            let run = run(
                Server(kind, rate), asked: asked, latency: latency, records: records, jobs: jobs,
                start: start)
            let share = Double(records) / rate / run.seconds
            #expect(share >= 0.9, "\(kind) from \(start): \(run)")
            #expect(Double(run.requests) <= 1.1 * Double(records), "\(kind) from \(start): \(run)")
        }
    }

    @Test func `a wrong guess of the rate is mended`() {
        // The run begins just before a new second, in which the server takes as many again.
        let run = run(
            Server(.window, 20), asked: 2, latency: 0, records: 4000, jobs: 64, start: 0.99)
        #expect(4000 / 20 / run.seconds >= 0.85, "\(run)")
        #expect(run.requests <= 4400, "\(run)")
    }

    @Test func `all pause together, and half as many are under way afterwards`() {
        var now = ContinuousClock.now
        var pacing = Pacing(now: now)
        func start() -> Pacing.Pass? {
            if case .go(let pass) = pacing.start(now: now) { pass } else { nil }
        }
        let passes = (0..<8).compactMap { _ in start() }
        #expect(passes.count == 8)
        let later = now + .seconds(2)
        // Requests that are refused together count as one refusal.
        for pass in passes.prefix(4) {
            pacing.end(pass, .refused(pause: .seconds(2)), now: now)
        }
        #expect(pacing.isHopeless(after: 0) == false)
        for pass in passes.suffix(4) { pacing.end(pass, .failed, now: now) }
        #expect(pacing.isHopeless(after: 0))
        #expect(!pacing.isHopeless(after: 1))
        now = later - .milliseconds(1)
        let early = start()
        #expect(early == nil)
        // The rate lets one go at a time, and no more than four are under way.
        var underWay: [Pacing.Pass] = []
        for second in 0..<20 {
            now = later + .seconds(second)
            if let pass = start() { underWay.append(pass) }
        }
        #expect(underWay.count == 4)
        pacing.end(underWay[0], .answered, now: now)
        #expect(!pacing.isHopeless(after: 0))
        // One more than before, and the one that the rate held back.
        let (fifth, sixth) = (start(), start())
        #expect(fifth != nil)
        #expect(sixth != nil)
        now += .seconds(20)
        let seventh = start()
        #expect(seventh == nil)
        #expect(pacing.underWay == 5)
    }

    @Test func `after a moment's overload everything is as fast as before`() {
        var now = ContinuousClock.now
        var pacing = Pacing(now: now)
        var passes: [Pacing.Pass] = []
        for _ in 0..<10 {
            if case .go(let pass) = pacing.start(now: now) { passes.append(pass) }
        }
        for pass in passes { pacing.end(pass, .refused(pause: .seconds(1)), now: now) }
        let start = now
        var last = 0
        // Five minutes in steps of a millisecond.
        for step in 0..<300_000 {
            now = start + .milliseconds(step)
            if case .go(let pass) = pacing.start(now: now) {
                pacing.end(pass, .answered, now: now)
                if step >= 299_000 { last += 1 }
            }
        }
        #expect(last > 100, "\(last)")
    }

    @Test func `an allowance that is used up is the rate`() {
        var now = ContinuousClock.now
        var pacing = Pacing(now: now)
        guard case .go(let pass) = pacing.start(now: now) else {
            Issue.record("nothing holds it up")
            return
        }
        pacing.exhaust(rate: 10, now: now)
        pacing.end(pass, .answered, now: now)
        var sent = 0
        for _ in 0..<10_000 {
            now += .milliseconds(1)
            if case .go(let pass) = pacing.start(now: now) {
                sent += 1
                pacing.end(pass, .answered, now: now)
            }
        }
        #expect((90...100).contains(sent), "\(sent)")
    }
}
