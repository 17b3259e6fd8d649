import JSON

/// The tool calls of a run: the calls, the number of times that each was made, and the results.
///
/// They are kept as one JSON text in the strategy's state, which other programs may store, edit and
/// pass back. Parts that cannot be read are forgotten.
package struct Attempts: Equatable, Sendable {
    private(set) var attempts: [Attempt] = []

    /// The key under which they are in the strategy's state.
    package static let key = "attempts"

    /// The key of the reason why the strategy stops a run whose model wants to go on.
    package static let stoppedKey = "stopped"

    /// The number of calls to keep; the oldest are forgotten first.
    static let most = 64

    package init() {}

    package init(savedIn state: [String: String]) {
        guard let json = state[Self.key], let value = try? Value(parsing: Array(json.utf8)) else {
            return
        }
        attempts = (value.array ?? []).compactMap(Attempt.init)
    }

    /// Saves the calls, and leaves the rest of the state as it is.
    package func save(in state: inout [String: String]) {
        state[Self.key] =
            attempts.isEmpty ? nil : Value.array(attempts.map(\.value)).description
        if attempts.isEmpty { state[Self.stoppedKey] = nil }
    }

    /// - Parameter error: The reason why the call failed, or nil if it succeeded.
    package mutating func note(
        _ name: String, _ arguments: String, result: String, error: String?
    ) {
        var attempt = Attempt(
            name: name, arguments: canonical(arguments), error: error.map(clipped),
            digest: digest(of: result + "\u{0}" + (error ?? "")))
        if let index = attempts.firstIndex(where: { $0.isSameCall(as: attempt) }) {
            let last = attempts.remove(at: index)
            // A call whose result has changed, as when waiting for something, is not futile.
            attempt.repetitions = last.digest == attempt.digest ? last.repetitions + 1 : 0
        }
        attempts.append(attempt)
        attempts.removeFirst(max(0, attempts.count - Self.most))
    }

    /// Returns true if a call was repeated twice, each time with the same result.
    package func isFutile(_ name: String, _ arguments: String) -> Bool {
        let arguments = canonical(arguments)
        return attempts.contains {
            $0.name == name && $0.arguments == arguments && $0.repetitions >= 2
        }
    }

    /// A text for the model: the calls tried so far, and advice if they go in circles.
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

/// A tool call and its last result.
struct Attempt: Equatable {
    let name: String

    /// The arguments as JSON, with the members of objects in the order of their names.
    let arguments: String

    /// The reason why it failed, or nil if it succeeded.
    let error: String?

    /// The digest of the result: equal results have equal digests.
    let digest: String

    /// The number of times that it was repeated with the same result.
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

/// Returns the text as one line of limited length.
private func clipped(_ text: String) -> String {
    let line = text.split(whereSeparator: \.isNewline).joined(separator: " ")
    return line.count > 200 ? line.prefix(200) + "\u{2026}" : line
}

private func canonical(_ arguments: String) -> String {
    if arguments.isEmpty { return "{}" }
    return (try? Value(parsing: Array(arguments.utf8)))?.sorted.description ?? arguments
}

/// Returns the FNV-1a hash of 64 bits (Fowler, Noll and Vo).
private func digest(of text: String) -> String {
    let hash = text.utf8.reduce(0xCBF2_9CE4_8422_2325 as UInt64) {
        ($0 ^ UInt64($1)) &* 0x0000_0100_0000_01B3
    }
    return String(hash, radix: 16)
}
