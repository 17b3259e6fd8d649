internal import Unix
internal import Waiting

/// The wait for a plugin's handshake, and the diagnosis if it does not come.
struct HandshakeReading: Sendable {
    let specification: Specification
    let log: PluginLog

    private var name: String { specification.name }
    private var limits: Specification.Limits { specification.limits }

    /// The longest time to wait for the exit status of a process whose standard output has ended.
    /// The status says more about the reason.
    private static let longestExit = Duration.seconds(2)

    /// - Parameters:
    ///   - path: The plugin's executable.
    ///   - ending: The end of its process.
    func handshake(
        from first: FirstLine, _ path: String, _ ending: Latch<Ending>
    ) async throws(PluginError) -> Handshake {
        var outcome = await first.wait(atMost: limits.start)
        if case .outputEnded? = outcome, let ending = await ending.wait(atMost: Self.longestExit) {
            outcome = .ended(ending)
        }
        let problem: String
        switch outcome {
        case .line(let line)?:
            do { return try Handshake(line: line) } catch { problem = "\(error)" }
        case .unfinished(let text)?:
            do {
                var handshake = try Handshake(line: text)
                handshake.isTerminated = false
                log.note(.warn, "printed no newline after its handshake and was waited for")
                return handshake
            } catch {
                problem = error.description(ofUnfinished: text)
            }
        case .outputEnded?:
            problem = "closed its standard output before its handshake"
        case .ended(let ending)?:
            if isOfAnotherHost {
                // The log is left out, because it only has go-plugin's known message.
                throw PluginError(
                    .unavailable,
                    "plugin '\(name)' \(ending) before its handshake; it expects another magic "
                        + "cookie than Hector's, so it is a plugin of something else")
            }
            var hint = File.hintAtFirstLine(of: path)
            if ending == .exited(0) { hint = hint ?? "is it a plugin at all?" }
            problem = "\(ending) before its handshake" + (hint.map { "; \($0)" } ?? "")
        case nil:
            problem = "printed no handshake within \(limits.start)"
        }
        try specification.throwIfCancelled()
        throw PluginError(.unavailable, "plugin '\(name)' \(problem)\(log.tail)")
    }

    /// True if the plugin printed go-plugin's message for a host that does not send the expected
    /// cookie.
    private var isOfAnotherHost: Bool { log.tail.contains("This binary is a plugin") }
}
