import Chunking
import FilterKit
import Unix
internal import Waiting

/// The totals of a run.
struct Totals {
    var files = 0
    var records = 0
    var skipped = 0

    func summary(after duration: Duration) -> String {
        let milliseconds = (duration / .milliseconds(1)).rounded()
        return """
            {"stage":"chunk","files":\(files),"records":\(records),"failed":\(skipped),\
            "seconds":\(milliseconds / 1000)}
            """
    }
}

/// Reads several files at once and writes their records in the order of their paths.
struct ChunkRun {
    private let cutting: Cutting
    private let jobs: Int
    private let failFast: Bool
    private let output = LineWriter()
    private let errorFile: OutputFile?
    private let errors: LineWriter?
    private let progress: Progress?
    private(set) var totals = Totals()

    /// Files whose first block is being read, in the order of their paths.
    private var begun: [Latch<Step>] = []

    /// The records of one block of a file.
    private struct Step: Sendable {
        var lines = Lines()
        /// The part that has not been read yet.
        var rest: Document?
        var skipped: Skipped?

        static func first(of path: Paths.Path, _ cutting: Cutting) -> Step {
            do throws(Skipped) {
                return next(of: try Document(path, cutting))
            } catch {
                return Step(skipped: error)
            }
        }

        static func next(of document: consuming Document) -> Step {
            do throws(Skipped) {
                let lines = try document.next()
                return Step(lines: lines, rest: document.isAtEnd ? nil : document)
            } catch {
                return Step(skipped: error)
            }
        }
    }

    /// - Parameters:
    ///   - jobs: The number of files to read at once.
    ///   - path: The file to write a record to for each skipped file; nil for none.
    ///   - progress: The place to show how many files are done.
    init(
        _ cutting: Cutting, jobs: Int, failFast: Bool, errors path: String?, progress: Progress?
    ) throws(SystemError) {
        self.progress = progress
        self.cutting = cutting
        self.jobs = jobs
        self.failFast = failFast
        errorFile = if let path { try OutputFile(creating: path) } else { nil }
        errors = errorFile.map { LineWriter($0) }
    }

    mutating func read(_ paths: consuming Paths) async throws {
        while true {
            while begun.count < jobs, let path = try paths.nextIfReady() { begin(path) }
            if begun.isEmpty {
                guard let path = try await paths.next() else { break }
                begin(path)
            }
            guard let step = await begun.removeFirst().wait() else { break }
            totals.files += 1
            if let skipped = try await write(step) {
                try await note(skipped)
                if failFast { break }
            }
            progress?.show(report)
        }
        progress?.finish(report)
        try await output.finish()
        try await errors?.finish()
        try Task.checkCancellation()
    }

    private var report: Report { Report(records: totals.files, failed: totals.skipped) }

    private mutating func begin(_ path: Paths.Path) {
        begun.append(Latch.onThread { [cutting] in Step.first(of: path, cutting) })
    }

    /// Writes the records of a file, of which only the first ones have been made so far.
    ///
    /// - Returns: The reason why it is skipped, if it is.
    private mutating func write(_ first: consuming Step) async throws -> Skipped? {
        var step = first
        while true {
            totals.records += step.lines.count
            output.append(step.lines.bytes)
            try await output.flush()
            guard let rest = step.rest.take() else { return step.skipped }
            let coming = Latch.onThread { Step.next(of: rest) }
            guard let next = await coming.wait() else { return nil }
            step = next
        }
    }

    private mutating func note(_ skipped: Skipped) async throws {
        totals.skipped += 1
        if skipped.isMinor {
            Diagnostics.warn(skipped.message)
        } else {
            Diagnostics.error(skipped.message)
        }
        errors?.append(skipped.record)
        try await errors?.flush()
    }
}
