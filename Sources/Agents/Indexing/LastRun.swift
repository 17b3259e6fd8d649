internal import JSON

/// The result of the last run over a store.
struct LastRun: Equatable, Sendable {
    /// The time as in RFC 3339.
    let ended: String

    /// The number of documents that failed in the run.
    let failures: Int
}

extension LastRun {
    var json: [UInt8] {
        let value: Value = ["ended": .string(ended), "failures": .number("\(failures)")]
        return Array(value.description.utf8)
    }

    init?(json: [UInt8]) {
        guard let value = try? Value(parsing: json), let ended = value["ended"]?.string,
            let failures = value["failures"]?.int
        else { return nil }
        self.init(ended: ended, failures: failures)
    }
}
