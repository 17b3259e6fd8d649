internal import Chunking
internal import Configuration
internal import Documents
internal import Glibc
internal import OpenSSL
internal import Unix

/// Reads documents and makes records of them.
struct DocumentReader: Sendable {
    let store: Store

    /// The store's folder, to run extractors in.
    private let folder: String

    /// True if the store is a single file.
    private let isAlone: Bool

    private static let shell = "/bin/sh"
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
        let name = document.path ?? document.name
        let path = "\(folder)/\(name)"
        let bytes: [UInt8]
        let file: File
        do throws(SystemError) {
            (bytes, file) = try readRegular(path)
        } catch {
            // A document that is no longer a regular file counts as removed.
            let isGone = error.isAbsence || [EISDIR, EINVAL, ELOOP].contains(error.code)
            return isGone ? .gone : .problem("\(error)")
        }
        let command = extractor(for: name)
        let isRecent = file.modified > Timestamp.now.microseconds * 1000 - Self.doubtfulTime
        var version = DocumentEntry.Version(
            size: file.size, modified: isRecent ? nil : file.modified,
            digest: digest(of: bytes, command), content: .skipped(.notText))
        // What could not be read then may be read now.
        if let known, known.digest == version.digest, !known.isSkipped {
            version.content = known.content
            return .same(version)
        }
        do throws(SkipReason) {
            let source = try await text(of: bytes, path, name, command)
            let lines = try chunks(of: source, document.name, name, file)
            version.content = .records(lines.count)
            return .records(lines, version)
        } catch {
            try Task.checkCancellation()
            if error.code == .extractorFailed {
                return .problem("cannot extract text of '\(path)': \(error)")
            }
            version.content = .skipped(error.code)
            return .skipped(error, version)
        }
    }

    /// The text of a document, or what an extractor has printed.
    private struct DocumentSource {
        let bytes: [UInt8]

        /// Nil if the document itself says what it is.
        var kind: DocumentKind?
        var extractor: String?
    }

    private func text(
        of bytes: [UInt8], _ path: String, _ name: String, _ command: String?
    ) async throws(SkipReason) -> DocumentSource {
        if let command {
            let text = try await extract(path, command)
            // Its name says what the file is, not what the extractor prints.
            let found = DocumentKind(name: "", start: text)
            let program = command.split(whereSeparator: \.isWhitespace).first.map(String.init)
            return DocumentSource(
                bytes: text, kind: found == .html ? .html : .text,
                extractor: program.map(Path.name(of:)))
        }
        let extraction = try Extraction(name, start: bytes, recognizesText: store.recognizesText)
        guard let extraction else { return DocumentSource(bytes: bytes) }
        let (folder, store) = (folder, store)
        let text = await Interruption.onThread { interruption -> Result<[UInt8], SkipReason> in
            do throws(SkipReason) {
                return .success(
                    try extraction.text(
                        of: path, in: folder, environment: store.environment.map { "\($0)=\($1)" },
                        timeout: store.extractorTimeout, until: interruption))
            } catch {
                return .failure(error)
            }
        }
        return DocumentSource(
            bytes: try text.get(), kind: extraction.kind, extractor: extraction.program)
    }

    /// Reads a regular file. Only the store itself may be a link.
    private func readRegular(_ path: String) throws(SystemError) -> (bytes: [UInt8], file: File) {
        try File.readRegular(
            path, limit: max(store.extractorMaxFileSize, Extraction.longestText),
            followsLink: isAlone)
    }

    /// True if a document is the version in the collection, even if its size or time is different.
    func isSame(
        _ document: DocumentListing.Document, _ entry: DocumentEntry?
    ) throws -> Bool {
        guard case .stored(let known)? = entry?.status, document.record == nil else {
            return false
        }
        let name = document.path ?? document.name
        guard let file = try? readRegular("\(folder)/\(name)") else { return false }
        return known.digest == digest(of: file.bytes, extractor(for: name))
    }

    /// Returns the digest of a document and of the way in which its text is extracted.
    private func digest(of bytes: [UInt8], _ extractor: String?) -> String {
        let text = "\(SHA256.hex(of: bytes)) \(DocumentChunker.version) \(extractor ?? "")"
        return SHA256.hex(of: Array(text.utf8))
    }

    private func chunks(
        of source: DocumentSource, _ document: String, _ name: String, _ file: File
    ) throws(SkipReason) -> [RecordLine] {
        let settings = ChunkSettings(
            size: store.chunk.size, overlap: store.chunk.overlap,
            hasContext: store.chunk.hasContext)
        var chunker = DocumentChunker(
            name: name, settings, as: source.kind, extractor: source.extractor)
        let place = Source(path: name, modified: file.modified / 1_000_000_000)
        return try chunker.append(source.bytes, isLast: true).enumerated().map { index, passage in
            let id = "\(document)#\(index + 1)"
            var line = Lines()
            line.append(
                passage, id: id, number: index + 1, of: place, hasContext: settings.hasContext)
            return RecordLine(id: id, bytes: line.bytes)
        }
    }

    // MARK: Extractors

    func hasExtractor(for document: DocumentListing.Document) -> Bool {
        document.record == nil
            && (extractor(for: document.path ?? document.name) != nil
                || Extraction.mayRead(
                    document.path ?? document.name, recognizesText: store.recognizesText))
    }

    /// The extractor of a document, as far as its name tells; nil if it is read as it is.
    func extractorName(of document: DocumentListing.Document) -> String? {
        if document.record != nil { return nil }
        let name = document.path ?? document.name
        return extractor(for: name)
            ?? Extraction.program(of: name, recognizesText: store.recognizesText)
    }

    /// Returns the command that prints a file's text: the last one whose pattern matches.
    private func extractor(for name: String) -> String? {
        if store.extractors.isEmpty { return nil }
        let path = RawPath.bytes(of: name)
        let last = path.lastIndex(of: UInt8(ascii: "/")).map { $0 + 1 } ?? 0
        return store.extractors.last {
            $0.pattern.matches(path[...], name: Array(path[last...]), isFolder: false)
        }?.command
    }

    private func extract(_ path: String, _ command: String) async throws(SkipReason) -> [UInt8] {
        let script = ExtractorScript(command).text
        let (folder, store) = (folder, store)
        let result = await Interruption.onThread { interruption -> Result<[UInt8], SkipReason> in
            do throws(SkipReason) {
                return .success(
                    try Extraction.output(
                        of: command, Self.shell, ["sh", "-c", script, "sh", path],
                        environment: store.environment.map { "\($0)=\($1)" }, in: folder,
                        timeout: store.extractorTimeout,
                        advice: "; see extractor_timeout in hector.yaml(5)", until: interruption))
            } catch {
                return .failure(error)
            }
        }
        let text = try result.get()
        if text.contains(0) {
            throw SkipReason(.extractorFailed, "what \(command) printed: it is binary")
        }
        return text
    }
}
