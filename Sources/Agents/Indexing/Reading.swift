internal import Chunking
internal import Configuration
internal import Glibc
internal import OpenSSL
internal import Text
internal import Unix

/// The result of reading a document.
struct Reading: Sendable {
    let name: String
    var result: Result

    enum Result: Sendable {
        /// Records, each a line, and the entry to store once they are in the collection.
        case records([Line], Entry)
        /// The document is unchanged, although it looked changed.
        case same(Entry)
        /// The document exists and has no records.
        case nothing(Entry)
        /// The document has gone since it was listed.
        case gone
        case problem(String)
    }

    struct Line: Sendable {
        let id: String

        /// The line with its newline.
        let bytes: [UInt8]
    }
}

/// Reads documents and makes records of them.
struct Reader: Sendable {
    let store: Store

    /// The store's folder, to run extractors in.
    private let folder: String

    /// True if the store is only a file.
    private let isAlone: Bool

    private static let shell = "/bin/sh"
    private static let longestText = 64 << 20

    /// The age, in nanoseconds, below which a file's time may not show that it has changed again.
    private static let doubtfulTime = 2_000_000_000

    init(_ store: Store) {
        self.store = store
        switch store.source {
        case .folder(let path, _): (folder, isAlone) = (path, false)
        case .file(let path, _): (folder, isAlone) = (Path.parent(of: path), true)
        case .command: (folder, isAlone) = ("/", false)
        }
    }

    /// - Parameter known: The entry of the collection's records, if it is certain.
    func read(_ document: Listing.Document, known: Entry?) async throws -> Reading {
        let result =
            if let record = document.record {
                Self.reading(document, record, known)
            } else {
                try await readFile(document, known)
            }
        return Reading(name: document.name, result: result)
    }

    private static func reading(
        _ document: Listing.Document, _ record: [UInt8], _ known: Entry?
    ) -> Reading.Result {
        let entry = Entry(
            size: document.size, modified: -1, digest: SHA256.hex(of: record), chunks: 1)
        if let known, known.digest == entry.digest { return .same(known) }
        return .records(
            [Reading.Line(id: document.name, bytes: record + [UInt8(ascii: "\n")])], entry)
    }

    private func readFile(
        _ document: Listing.Document, _ known: Entry?
    ) async throws -> Reading.Result {
        let path = "\(folder)/\(document.name)"
        var bytes: [UInt8]
        let file: File
        do throws(SystemError) {
            (bytes, file) = try readRegular(path)
        } catch {
            // A path that is no longer a regular file is no longer a document.
            let isGone = error.isAbsence || [EISDIR, EINVAL, ELOOP].contains(error.code)
            return isGone ? .gone : .problem("\(error)")
        }
        let extractor = extractor(for: document.name)
        var entry = Entry(size: file.size, modified: file.modified)
        if file.modified > Timestamp.now.microseconds * 1000 - Self.doubtfulTime {
            entry.modified = -1
        }
        entry.digest = digest(of: bytes, extractor)
        if var known, known.digest == entry.digest {
            known.size = entry.size
            known.modified = entry.modified
            return .same(known)
        }
        if let extractor {
            switch try await extract(path, extractor) {
            case .success(let text): bytes = text
            case .failure(let problem): return .problem(problem.message)
            }
        } else if reasonNotText(bytes) != nil {
            entry.skipped = .notText
            return .nothing(entry)
        }
        let lines = chunks(of: bytes, document.name, file, isExtracted: extractor != nil)
        entry.chunks = lines.count
        return .records(lines, entry)
    }

    /// Reads a file as it was listed: only the store itself may be a link.
    private func readRegular(_ path: String) throws(SystemError) -> (bytes: [UInt8], file: File) {
        try File.readRegular(path, limit: Self.longestText, followsLink: isAlone)
    }

    /// True if a document is unchanged, whatever its size and time are.
    func isSame(_ document: Listing.Document, _ known: Entry?) throws -> Bool {
        guard let known, !known.isDirty, document.record == nil else { return false }
        guard let file = try? readRegular("\(folder)/\(document.name)") else { return false }
        return known.digest == digest(of: file.bytes, extractor(for: document.name))
    }

    /// Returns the digest of a document and of the way in which its text is extracted.
    private func digest(of bytes: [UInt8], _ extractor: String?) -> String {
        SHA256.hex(of: extractor.map { bytes + [0] + $0.utf8 } ?? bytes)
    }

    private func chunks(
        of bytes: [UInt8], _ name: String, _ file: File, isExtracted: Bool
    ) -> [Reading.Line] {
        var start = byteOrderMarkLength(bytes)
        var text = bytes[start...]
        if !isExtracted {
            let ending = name.lowercased().split(separator: ".").last ?? ""
            if ["html", "htm", "xhtml"].contains(ending) {
                start = 0
                text = Array(Markup.text(ofHTML: String(decoding: text, as: UTF8.self)).utf8)[...]
            } else if ["md", "markdown", "mdx", "qmd", "rmd"].contains(ending) {
                start += Markup.lengthOfFrontMatter(Array(text))
                text = bytes[start...]
            }
        }
        let source = Source(path: name, modified: file.modified / 1_000_000_000)
        var chunker = Chunker(size: store.chunk.size, overlap: store.chunk.overlap)
        chunker.append(text)
        chunker.finish()
        var lines: [Reading.Line] = []
        while let chunk = chunker.next() {
            let id = "\(name)#\(lines.count + 1)"
            var line = Lines()
            line.append(
                chunk.bytes, at: start + chunk.offset, id: id, number: lines.count + 1, of: source)
            lines.append(Reading.Line(id: id, bytes: line.bytes))
        }
        return lines
    }

    // MARK: Extractors

    func hasExtractor(for document: Listing.Document) -> Bool {
        document.record == nil && extractor(for: document.name) != nil
    }

    /// Returns the command that prints a file's text: the last one whose pattern matches.
    private func extractor(for name: String) -> String? {
        if store.extractors.isEmpty { return nil }
        let path = Array(name.utf8)
        let last = path.lastIndex(of: UInt8(ascii: "/")).map { $0 + 1 } ?? 0
        return store.extractors.last {
            $0.pattern.matches(path[...], name: Array(path[last...]), isFolder: false)
        }?.command
    }

    private func extract(
        _ path: String, _ command: String
    ) async throws -> Result<[UInt8], Problem> {
        let script = ExtractorScript(command).text
        let (folder, store) = (folder, store)
        func problem(_ reason: String) -> Result<[UInt8], Problem> {
            .failure(Problem(name: path, message: "cannot extract text of '\(path)': \(reason)"))
        }
        let execution: Execution
        do {
            execution = try await Interruption.onThread { interruption in
                try Execution.run(
                    Self.shell, arguments: ["sh", "-c", script, "sh", path],
                    environment: store.environment.map { "\($0)=\($1)" },
                    in: try ConfinedDirectory(folder), timeout: store.extractorTimeout,
                    mostOutput: 2 * Self.longestText, until: interruption)
            }
        } catch let error as SystemError {
            return problem("\(error)")
        } catch let error as ConfinementError {
            return problem("\(error)")
        }
        try Task.checkCancellation()
        if execution.isTimedOut {
            return problem(
                "\(command) took longer than \(store.extractorTimeout); see extractor_timeout in "
                    + "hector.yaml(5)")
        }
        guard execution.ending == .exited(0) else {
            let words =
                String(decoding: execution.errors.beginning, as: UTF8.self)
                .split(whereSeparator: \.isNewline).last.map { ": \($0.prefix(200))" } ?? ""
            return problem("\(command) \(execution.ending)\(words)")
        }
        let output = execution.output
        if output.omitted > 0 || output.count > Self.longestText {
            return problem("\(command) printed more than 64 MiB")
        }
        let text = output.beginning + output.end
        if let reason = reasonNotText(text) { return problem("what \(command) printed: \(reason)") }
        return .success(text)
    }
}
