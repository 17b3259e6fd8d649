internal import Chunking
internal import Configuration
internal import Glibc
internal import OpenSSL
internal import Text
internal import Unix

/// Reads documents and makes records of them.
struct DocumentReader: Sendable {
    let store: Store

    /// The store's folder, to run extractors in.
    private let folder: String

    /// True if the store is a single file.
    private let isAlone: Bool

    private static let shell = "/bin/sh"
    private static let longestText = 64 << 20

    /// The age in nanoseconds below which a file may change without a new modification time.
    private static let doubtfulTime = 2_000_000_000

    init(_ store: Store) {
        self.store = store
        switch store.source {
        case .folder(let path, _): (folder, isAlone) = (path, false)
        case .file(let path, _): (folder, isAlone) = (Path.parent(of: path), true)
        case .command: (folder, isAlone) = ("/", false)
        }
    }

    /// - Parameter known: The version that the collection certainly has.
    func read(
        _ document: DocumentListing.Document, known: DocumentEntry.Version?
    ) async throws -> DocumentReading {
        let outcome =
            if let record = document.record {
                Self.outcome(document, record, known)
            } else {
                try await readFile(document, known)
            }
        return DocumentReading(name: document.name, outcome: outcome)
    }

    private static func outcome(
        _ document: DocumentListing.Document, _ record: [UInt8], _ known: DocumentEntry.Version?
    ) -> DocumentReading.Outcome {
        let digest = SHA256.hex(of: record)
        if let known, known.digest == digest { return .same(known) }
        return .records(
            [RecordLine(id: document.name, bytes: record + [UInt8(ascii: "\n")])],
            DocumentEntry.Version(
                size: document.size, modified: nil, digest: digest, content: .records(1)))
    }

    private func readFile(
        _ document: DocumentListing.Document, _ known: DocumentEntry.Version?
    ) async throws -> DocumentReading.Outcome {
        let path = "\(folder)/\(document.name)"
        var bytes: [UInt8]
        let file: File
        do throws(SystemError) {
            (bytes, file) = try readRegular(path)
        } catch {
            // A document that is no longer a regular file counts as removed.
            let isGone = error.isAbsence || [EISDIR, EINVAL, ELOOP].contains(error.code)
            return isGone ? .gone : .problem("\(error)")
        }
        let extractor = extractor(for: document.name)
        let isRecent = file.modified > Timestamp.now.microseconds * 1000 - Self.doubtfulTime
        var version = DocumentEntry.Version(
            size: file.size, modified: isRecent ? nil : file.modified,
            digest: digest(of: bytes, extractor), content: .notText)
        if let known, known.digest == version.digest {
            version.content = known.content
            return .same(version)
        }
        if let extractor {
            switch try await extract(path, extractor) {
            case .success(let text): bytes = text
            case .failure(let problem): return .problem(problem.message)
            }
        } else if reasonNotText(bytes) != nil {
            return .notText(version)
        }
        let lines = chunks(of: bytes, document.name, file, isExtracted: extractor != nil)
        version.content = .records(lines.count)
        return .records(lines, version)
    }

    /// Reads a regular file. Only the store itself may be a link.
    private func readRegular(_ path: String) throws(SystemError) -> (bytes: [UInt8], file: File) {
        try File.readRegular(path, limit: Self.longestText, followsLink: isAlone)
    }

    /// True if a document is the version in the collection, even if its size or time is different.
    func isSame(
        _ document: DocumentListing.Document, _ entry: DocumentEntry?
    ) throws -> Bool {
        guard case .stored(let known)? = entry?.status, document.record == nil else {
            return false
        }
        guard let file = try? readRegular("\(folder)/\(document.name)") else { return false }
        return known.digest == digest(of: file.bytes, extractor(for: document.name))
    }

    /// Returns the digest of a document and of the way in which its text is extracted.
    private func digest(of bytes: [UInt8], _ extractor: String?) -> String {
        SHA256.hex(of: extractor.map { bytes + [0] + $0.utf8 } ?? bytes)
    }

    private func chunks(
        of bytes: [UInt8], _ name: String, _ file: File, isExtracted: Bool
    ) -> [RecordLine] {
        var start = byteOrderMarkLength(bytes)
        var text = bytes[start...]
        if !isExtracted {
            let ending = name.lowercased().split(separator: ".").last ?? ""
            if ["html", "htm", "xhtml"].contains(ending) {
                start = 0
                text = Array(HTMLText.text(of: String(decoding: text, as: UTF8.self)).utf8)[...]
            } else if ["md", "markdown", "mdx", "qmd", "rmd"].contains(ending) {
                start += FrontMatter.length(Array(text))
                text = bytes[start...]
            }
        }
        let source = Source(path: name, modified: file.modified / 1_000_000_000)
        var chunker = Chunker(size: store.chunk.size, overlap: store.chunk.overlap)
        chunker.append(text)
        chunker.finish()
        var lines: [RecordLine] = []
        while let chunk = chunker.next() {
            let id = "\(name)#\(lines.count + 1)"
            var line = Lines()
            line.append(
                chunk.bytes, at: start + chunk.offset, id: id, number: lines.count + 1, of: source)
            lines.append(RecordLine(id: id, bytes: line.bytes))
        }
        return lines
    }

    // MARK: Extractors

    func hasExtractor(for document: DocumentListing.Document) -> Bool {
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
