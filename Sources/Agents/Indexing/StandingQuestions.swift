internal import FilterKit
internal import FilterProcesses
internal import JSON
internal import Stores
internal import Synchronization
internal import Unix
internal import Waiting

/// Puts new and changed chunks through the standing questions of a user.
///
/// A document is due once its records are stored, and stays due until everything about its chunks
/// is printed. So a chunk is shown again rather than never if a run is ended in between.
struct StandingQuestions {
    private let run: IndexRun
    private let watch: [String]

    /// - Parameter watch: The arguments of `hector-search watch`.
    init(_ run: IndexRun, _ watch: [String]) {
        (self.run, self.watch) = (run, watch)
    }

    /// Reads the documents that are due, and prints which of their new chunks answer a question.
    ///
    /// - Throws: `Failure` if the questions could not be asked; the error of the output.
    func answer(_ listing: DocumentListing) async throws {
        let due = Set(try run.state.dueDocuments().map(Name.init))
        if due.isEmpty { return }
        var readAhead = ReadAhead(
            listing.documents.filter { due.contains(Name($0.name)) }, DocumentReader(run.store), nil
        )
        var part = Part()
        while let (reading, _) = try await readAhead.next() {
            switch reading.outcome {
            case .records(let lines, _):
                let before = try run.state.chunks(of: reading.name) ?? []
                part.lines += ChunkDigests.new(lines, besides: before)
                part.asked.append((reading.name, ChunkDigests.of(lines)))
            case .skipped: part.asked.append((reading.name, []))
            case .same, .gone, .problem: continue
            }
            if part.lines.count >= Self.largestPart { try await ask(&part) }
        }
        try await ask(&part)
    }

    /// The size in bytes at which chunks are put through the questions. It bounds the memory, and
    /// how much is shown again after a failure.
    private static let largestPart = 8 << 20

    /// Documents that are asked about together.
    private struct Part {
        /// The new chunks.
        var lines: [UInt8] = []
        var asked: [(name: String, digests: [UInt8])] = []
    }

    private func ask(_ part: inout Part) async throws {
        if !part.lines.isEmpty {
            let notifier = try await Notifier.start(run.store, watch, run.options.onNotice)
            notifier.send(part.lines)
            do { try await notifier.finish() } catch {
                await notifier.cancel()
                throw error
            }
        }
        try run.state.commit(asked: part.asked)
        part = Part()
    }
}

/// The filters that embed chunks and ask the questions.
private final class Notifier: Sendable {
    private let process = LineProcess()
    private let failure = Mutex<(any Error)?>(nil)

    private static let longestLine = 256 << 20

    /// Starts the filters. They embed each text with the cache, so that it is not paid for again.
    ///
    /// - Parameter onNotice: Gets each line of a chunk that answers a question.
    static func start(
        _ store: Store, _ watch: [String], _ onNotice: @escaping @Sendable ([UInt8]) throws -> Void
    ) async throws -> Notifier {
        let notifier = Notifier()
        let embed = try store.embed(encoding: "base64")
        let search = try store.watch(watch)
        let words = [embed, search].map { command in
            ([command.path] + command.arguments).map(quoted).joined(separator: " ")
        }
        let command = FilterCommand(shell: words.joined(separator: " | "))
        do throws(SystemError) {
            try await notifier.process.start(
                command.path, arguments: command.arguments,
                environment: store.environment.map { "\($0)=\($1)" }, takesInput: true,
                longestLine: longestLine,
                onLine: { output, line in
                    switch output {
                    case .standard: notifier.take(Array(line), onNotice)
                    case .errors: Diagnostics.line(String(decoding: line, as: UTF8.self))
                    }
                }, onExit: { _ in })
        } catch {
            throw Failure(.unavailable, "\(error)")
        }
        return notifier
    }

    private func take(_ line: [UInt8], _ onNotice: ([UInt8]) throws -> Void) {
        failure.withLock { failure in
            if failure != nil { return }
            do {
                guard let members = (try? Value(parsing: line))?.object else { return }
                if let message = members["error"]?["message"]?.string {
                    throw Failure(.incomplete, message)
                }
                // It went in with the chunk, so that this is not embedded twice.
                let rest = members.filter { $0.key != "vector" }
                try onNotice(Array("\(Value.object(Members(rest.map { ($0, $1) })))".utf8))
            } catch {
                failure = error
            }
        }
    }

    func send(_ lines: [UInt8]) { _ = process.write(lines) }

    /// Waits until all lines have been put through the questions.
    func finish() async throws {
        process.closeInput()
        let ending = await process.ending.waitRegardless()
        if let error = failure.withLock({ $0 }) { throw error }
        switch ending {
        case .exited(0), .exited(1): return
        case .exited(let status):
            throw Failure(
                ExitStatus(rawValue: status) ?? .unavailable, "hector-search watch \(ending)")
        default: throw Failure(.unavailable, "hector-search watch \(ending)")
        }
    }

    func cancel() async { await process.end(grace: Subprocess.grace) }
}

/// The digests of a document's chunks, by which changed ones are found.
enum ChunkDigests {
    /// The bytes of a digest.
    static let size = 8

    /// Returns the digests of records, one after the other.
    static func of(_ lines: [RecordLine]) -> [UInt8] { lines.flatMap { digest($0) } }

    /// Returns the lines whose digests are not among the known ones.
    static func new(_ lines: [RecordLine], besides known: [UInt8]) -> [UInt8] {
        var there: Set<ArraySlice<UInt8>> = []
        for start in stride(from: 0, to: known.count - size + 1, by: size) {
            there.insert(known[start..<start + size])
        }
        return lines.flatMap { there.contains(digest($0)[...]) ? [] : $0.bytes }
    }

    /// FNV-1a of the text.
    private static func digest(_ line: RecordLine) -> [UInt8] {
        let text = (try? Record(Array(line.bytes.dropLast())))?.value("content")?.string ?? ""
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        for byte in text.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
        return (0..<size).map { UInt8(truncatingIfNeeded: hash >> ($0 * 8)) }
    }
}
