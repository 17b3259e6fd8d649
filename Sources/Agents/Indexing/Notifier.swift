internal import FilterKit
internal import FilterProcesses
internal import JSON
internal import Stores
internal import Unix
internal import Waiting

/// The standing questions of a user, through which new and changed chunks are put.
final class Notifier: Sendable {
    private let process = LineProcess()

    private static let longestLine = 256 << 20

    /// Starts the filters. They embed each text with the cache, so that it is not paid for again.
    ///
    /// - Parameters:
    ///   - watch: The arguments of `hector-search watch`.
    ///   - onNotice: Gets each line of a chunk that answers a question.
    static func start(
        _ store: Store, _ watch: [String], onNotice: @escaping @Sendable ([UInt8]) -> Void
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
                    case .standard:
                        let error = (try? Record(Array(line)))?.value("error")
                        guard let message = error?["message"]?.string else {
                            return onNotice(Array(line))
                        }
                        Diagnostics.error("cannot ask standing questions: \(message)")
                    case .errors: Diagnostics.line(String(decoding: line, as: UTF8.self))
                    }
                }, onExit: { _ in })
        } catch {
            throw Failure(.unavailable, "\(error)")
        }
        return notifier
    }

    func send(_ lines: [UInt8]) { _ = process.write(lines) }

    /// Waits until all lines have been put through the questions.
    ///
    /// - Throws: `Failure` if they could not be.
    func finish() async throws {
        process.closeInput()
        let ending = await process.ending.waitRegardless()
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
