package import GRPC
package import PluginHost

/// The result of a check.
package enum Verdict: Sendable {
    case keepsTheContract
    case breaksTheContract
    /// The plugin did not start, for this reason.
    case didNotStart(PluginError)
}

/// Checks the contract of a plugin's kind and writes the results in the Test Anything Protocol.
///
/// - Throws: The errors of `write`, and `PluginError` when the task is cancelled.
package func examine(
    _ subject: Subject, queue: PluginQueue, tap version: TAPVersion,
    log: @escaping @Sendable (LogLine) -> Void, write: @escaping @Sendable (String) throws -> Void
) async throws -> Verdict {
    let tap = TAPWriter(version, write)
    try tap.begin()
    return try await Examination(subject, queue, log, tap).run()
}

/// Writes that a manifest cannot be read. Without it, the points to check are unknown.
package func reportBrokenManifest(
    _ problems: [String], tap version: TAPVersion,
    write: @escaping @Sendable (String) throws -> Void
) throws {
    let tap = TAPWriter(version, write)
    try tap.begin()
    try tap.failed(manifestDescription, manifestFinding(problems))
    try tap.end()
}

/// One pass through all points.
private final class Examination {
    private let subject: Subject
    private let queue: PluginQueue
    private let log: @Sendable (LogLine) -> Void
    private let tap: TAPWriter

    private let kind: KindPoints
    private let points: [Point]

    /// The index of the next point.
    private var next = 0

    /// The number of processes that have been lost unexpectedly.
    private var losses = 0
    private static let mostLosses = 3

    init(
        _ subject: Subject, _ queue: PluginQueue, _ log: @escaping @Sendable (LogLine) -> Void,
        _ tap: TAPWriter
    ) {
        self.subject = subject
        self.queue = queue
        self.log = log
        self.tap = tap
        kind = KindPoints(subject)
        points = beginningPoints(subject) + kind.points + transportPoints(subject) + kind.lastPoints
    }

    func run() async throws -> Verdict {
        try await report(manifestPoint(subject))
        do {
            try await walk()
        } catch let error as PluginError where error.code != .cancelled {
            return .didNotStart(error)
        } catch let mismatch as Mismatch {
            let message = "plugin '\(subject.specification.name)' \(mismatch.problem)"
            try tap.failed("the plugin is of the kind \(subject.kind)", Finding(message))
            try tap.bailOut(message)
            return .didNotStart(PluginError(.configuration, message))
        }
        for point in settingPoints(subject, queue, log) { try await report(point) }
        try tap.end()
        return tap.failures == 0 ? .keepsTheContract : .breaksTheContract
    }

    /// Checks all points, with a new process whenever one is lost.
    private func walk() async throws {
        var isFirst = true
        var reason = "the plugin was lost \(Self.mostLosses) times before"
        while losses < Self.mostLosses {
            do {
                try await walk(isFirst: isFirst)
                if next == points.count { return }
            } catch let error as PluginError where error.code != .cancelled {
                if isFirst {
                    try tap.failed(Self.start, Finding(error.message))
                    try tap.bailOut(error.message)
                    throw error
                }
                losses = Self.mostLosses
                reason = "the plugin would not start again: \(error.message)"
            }
            isFirst = false
        }
        for point in points[next...] + endingPoints(subject) {
            try tap.failed(point.description, Finding(reason))
        }
    }

    private static let start = "the plugin starts and shakes hands"

    /// Continues with one process, to the end or until it is lost.
    private func walk(isFirst: Bool) async throws {
        try await withBareProcess(of: subject.specification, queue: queue, log: log) { process in
            let caller = Caller(
                process: process, service: subject.specification.service, timeout: subject.timeout)
            if isFirst {
                try tap.passed(Self.start, notes: notes(on: process.handshake))
                try await requireKind(caller)
            }
            do {
                // The first process was initialized as one of the points.
                if next > 0 { try await initialize(caller, subject.specification.configuration) }
                while next < points.count {
                    let finding = try await report(points[next], caller)
                    next += 1
                    if let finding, try await isLost(process, caller, finding) { return }
                }
                if let usage = process.usage { try tap.comment("the plugin has \(usage)") }
                for point in endingPoints(subject) { _ = try await report(point, caller) }
            } catch {
                let cleanUp = kind.cleanUp
                // This task may be cancelled, and then its calls would be cancelled too.
                await Task { await cleanUp(caller) }.value
                throw error
            }
        }
    }

    private func notes(on handshake: Handshake) -> [String] {
        handshake.isTerminated
            ? [] : ["there is no newline after the handshake, so that each start waits for it"]
    }

    /// The error that the points of the kind do not make sense.
    private struct Mismatch: Error {
        /// The problem, worded to follow the plugin's name.
        let problem: String
    }

    /// - Throws: `Mismatch` if the plugin does not serve the kind.
    private func requireKind(_ caller: Caller) async throws {
        let limit = min(caller.timeout, subject.specification.limits.health)
        guard
            let problem = await mismatch(
                of: caller.process.channel, with: caller.service, timeout: limit)
        else { return }
        // It may lack all methods except Initialize, which may be called only once per process.
        let hasInitialize = try await withBareProcess(
            of: subject.specification, queue: queue, log: log
        ) { process in
            let caller = Caller(process: process, service: caller.service, timeout: caller.timeout)
            do throws(GRPCError) {
                _ = try await caller.send("/\(caller.service)/Initialize", [])
                return true
            } catch {
                return error.code != .unimplemented
            }
        }
        try Self.throwIfCancelled()
        if !hasInitialize { throw Mismatch(problem: problem) }
    }

    private func isLost(
        _ process: BareProcess, _ caller: Caller, _ finding: Finding
    ) async throws -> Bool {
        if await process.ending(within: .zero) == nil {
            guard finding.isSilence, await !answers(caller) else { return false }
            try tap.comment("the plugin is frozen and has been killed")
            process.kill()
        }
        losses += 1
        return true
    }

    private func report(_ point: Point, _ caller: Caller) async throws -> Finding? {
        try await report(point.description) { try await point.check(caller) }
    }

    private func report(_ point: StandalonePoint) async throws {
        try await report(point.description, point.check)
    }

    /// - Returns: The problem, if there is one.
    @discardableResult
    private func report(
        _ description: String, _ check: () async throws -> [String]
    ) async throws -> Finding? {
        do {
            let notes = try await check()
            try Self.throwIfCancelled()
            try tap.passed(description, notes: notes)
        } catch let reason as Inapplicable {
            try tap.skipped(description, reason.reason)
        } catch let finding as Finding {
            // A call also fails when the task is cancelled.
            try Self.throwIfCancelled()
            try tap.failed(description, finding)
            return finding
        }
        return nil
    }

    private static func throwIfCancelled() throws {
        if Task.isCancelled { throw PluginError(.cancelled, "interrupted") }
    }
}
