import JSON

/// The tool calls of a run: what they were, how often each was made, and what came of it.
///
/// Kept as one JSON text in the strategy's state, which anybody may store, edit and hand back:
/// what cannot be read there is forgotten.
package struct Attempts: Equatable, Sendable {
    private(set) var attempts: [Attempt] = []

    /// Where they are in the strategy's state.
    package static let key = "attempts"

    /// Where the reason is if the strategy stops a run whose model wants to go on.
    package static let stoppedKey = "stopped"

    /// How many are kept; the oldest are forgotten first.
    static let most = 64

    package init() {}

    package init(savedIn state: [String: String]) {
        guard let json = state[Self.key], let value = try? Value(parsing: Array(json.utf8)) else {
            return
        }
        attempts = (value.array ?? []).compactMap(Attempt.init)
    }

    /// Leaves what is not its own as it is.
    package func save(in state: inout [String: String]) {
        state[Self.key] =
            attempts.isEmpty ? nil : Value.array(attempts.map(\.value)).description
        if attempts.isEmpty { state[Self.stoppedKey] = nil }
    }

    /// - Parameter error: Why the call failed, or nil if it did not.
    package mutating func note(
        _ name: String, _ arguments: String, result: String, error: String?
    ) {
        var attempt = Attempt(
            name: name, arguments: canonical(arguments), error: error.map(clipped),
            digest: digest(of: result + "\u{0}" + (error ?? "")))
        if let index = attempts.firstIndex(where: { $0.isSameCall(as: attempt) }) {
            let last = attempts.remove(at: index)
            // What has another result now, as when waiting for something, is not in vain.
            attempt.repetitions = last.digest == attempt.digest ? last.repetitions + 1 : 0
        }
        attempts.append(attempt)
        attempts.removeFirst(max(0, attempts.count - Self.most))
    }

    /// Whether a call was made again twice, and each time with the same result.
    package func isFutile(_ name: String, _ arguments: String) -> Bool {
        let arguments = canonical(arguments)
        return attempts.contains {
            $0.name == name && $0.arguments == arguments && $0.repetitions >= 2
        }
    }

    /// For the model to read: what was tried, and what to do if that goes in circles.
    package var report: String {
        guard !attempts.isEmpty else { return "" }
        var lines = ["Tool calls so far, oldest first; their results are in the conversation:"]
        lines += attempts.suffix(Self.mostReported).map(\.line)
        let repeated = attempts.filter { $0.repetitions > 0 }
        if !repeated.isEmpty {
            let names = repeated.map { "\($0.name) \(clipped($0.arguments))" }
            lines.append("")
            lines.append(
                "You have repeated \(names.joined(separator: " and ")) and got the same result "
                    + "again. Do not make that call any more: answer with what you know, or try "
                    + "something else.")
        }
        if repeated.contains(where: { $0.repetitions >= 2 }) {
            lines.append("The run ends if you ask for nothing else.")
        }
        return lines.joined(separator: "\n")
    }

    private static let mostReported = 20
}

/// A tool call and what came of it last.
struct Attempt: Equatable {
    let name: String

    /// JSON with the members of objects in the order of their names.
    let arguments: String

    /// Why it failed, or nil if it did not.
    let error: String?

    /// Of the result: equal results have equal ones.
    let digest: String

    /// How often it was made again with the same result.
    var repetitions = 0

    func isSameCall(as other: Attempt) -> Bool {
        name == other.name && arguments == other.arguments
    }

    fileprivate var line: String {
        let times = repetitions == 0 ? "" : ", \(repetitions + 1) times with the same result"
        let outcome = error.map { "failed: \($0.isEmpty ? "no reason given" : $0)" } ?? "done"
        return "- \(name) \(clipped(arguments)): \(outcome)\(times)"
    }
}

extension Attempt {
    init?(_ value: Value) {
        guard let name = value["name"]?.string, let arguments = value["arguments"]?.string,
            let digest = value["digest"]?.string, let repetitions = value["repetitions"]?.int,
            repetitions >= 0
        else { return nil }
        self.init(
            name: name, arguments: arguments, error: value["error"]?.string, digest: digest,
            repetitions: repetitions)
    }

    var value: Value {
        var members: Members = ["name": .string(name), "arguments": .string(arguments)]
        if let error { members.append("error", .string(error)) }
        members.append("digest", .string(digest))
        members.append("repetitions", .number(String(repetitions)))
        return .object(members)
    }
}

/// One line of limited length.
private func clipped(_ text: String) -> String {
    let line = text.split(whereSeparator: \.isNewline).joined(separator: " ")
    return line.count > 200 ? line.prefix(200) + "\u{2026}" : line
}

private func canonical(_ arguments: String) -> String {
    if arguments.isEmpty { return "{}" }
    return (try? Value(parsing: Array(arguments.utf8)))?.sorted.description ?? arguments
}

/// FNV-1a of 64 bits (Fowler, Noll and Vo).
private func digest(of text: String) -> String {
    let hash = text.utf8.reduce(0xCBF2_9CE4_8422_2325 as UInt64) {
        ($0 ^ UInt64($1)) &* 0x0000_0100_0000_01B3
    }
    return String(hash, radix: 16)
}
