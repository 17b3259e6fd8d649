internal import FilterKit
internal import Unix

/// The history of lines from the prompt, in a file that only the user may read.
@MainActor final class TypedLines {
    private let path: String?
    private var last: String?
    private var hasFailed = false

    /// The most bytes that are read of the file.
    private static let mostBytes = 4 << 20
    private static let most = 10_000

    init(environment: [String: String]) {
        path = BaseDirectories(environment: environment).state.map { "\($0)/hector/history" }
    }

    /// Returns the lines, beginning with the oldest.
    func load() -> [String] {
        guard let path else { return [] }
        do throws(SystemError) {
            let (bytes, file) = try File.readLastLines(
                path, atMost: Self.mostBytes)
            if let danger = file.danger {
                Diagnostics.warn("the history is not used: '\(path)' \(danger)")
                hasFailed = true
                return []
            }
            let lines = bytes.split(separator: UInt8(ascii: "\n")).suffix(Self.most)
                .map { HistoryEntry.decoded($0) }
            last = lines.last
            return lines
        } catch {
            if !error.isAbsence { Diagnostics.warn("\(error)") }
            return []
        }
    }

    /// Adds a line.
    ///
    /// - Returns: True if the line differs from the last one.
    func add(_ line: String) -> Bool {
        if line == last { return false }
        last = line
        guard let path, !hasFailed else { return true }
        do {
            try PrivateFile.append(HistoryEntry.encoded(line), to: path)
        } catch {
            hasFailed = true
            Diagnostics.warn("the history is not kept: \(error)")
        }
        return true
    }
}
