package import Documents
internal import JSON
internal import Text

/// Reads and cuts a document that arrives in blocks.
///
/// Plain text, source code, tables and lines of JSON may have any size: only the last block is held.
/// Other kinds are parsed as a whole.
package struct DocumentChunker: Sendable {
    /// The number of the rules for reading and cutting. It goes up whenever a document gets other
    /// chunks than before, so that what keeps chunks makes them again.
    package static let version = 1

    private let name: String
    private let settings: ChunkSettings
    private let extractor: String?
    private var kind: DocumentKind?
    private var state = State.start([])

    private enum State {
        /// The beginning of the text, which is too short to know what it is.
        case start([UInt8])
        case reading(TextDecoder, Reader)
    }

    private enum Reader {
        case chunks(Chunker)
        case rows(RowChunker)
        case lines(JSONLineChunker)
        case mailbox(MailboxSplitter)
        /// The text so far.
        case whole([UInt8])
        /// The text so far of a document that becomes one record.
        case one([UInt8])
    }

    /// The number of bytes from which the kind and the encoding are known.
    private static let blockSize = 256 * 1024

    /// The most bytes of one record, which is the default limit of other filters.
    package static let longestRecord = 64 << 20

    /// - Parameters:
    ///   - name: The path, whose ending says what the document is.
    ///   - kind: The kind of the text if it was made by an extractor.
    ///   - extractor: The program that made the text, if one did.
    package init(
        name: String, _ settings: ChunkSettings, as kind: DocumentKind? = nil,
        extractor: String? = nil
    ) {
        self.name = name
        self.settings = settings
        self.kind = kind
        self.extractor = extractor
    }

    /// Adds the next block of the document, and returns the passages that end in it.
    ///
    /// - Parameter isLast: True for the last block, which may be empty.
    /// - Throws: The reason why the document is skipped, perhaps after some of its passages.
    package mutating func append(
        _ block: [UInt8], isLast: Bool
    ) throws(SkipReason) -> [Passage] {
        var passages: [Passage] = []
        var rest = block[...]
        // The size of blocks must not matter for what is found in them.
        repeat {
            let piece = rest.prefix(Self.blockSize)
            rest = rest.dropFirst(Self.blockSize)
            passages += try take(Array(piece), isLast: isLast && rest.isEmpty)
        } while !rest.isEmpty
        return passages
    }

    private mutating func take(_ block: [UInt8], isLast: Bool) throws(SkipReason) -> [Passage] {
        var state = State.start([])
        swap(&state, &self.state)
        switch consume state {
        case .start(var start):
            start += block
            guard isLast || start.count >= Self.blockSize else {
                self.state = .start(start)
                return []
            }
            let kind = kind ?? DocumentKind(name: name, start: start)
            let decoder = try TextDecoder(start, kind)
            self.kind = kind
            start.removeFirst(decoder.markLength)
            return try read(start, isLast: isLast, decoder, reader(kind))
        case .reading(let decoder, let reader):
            return try read(block, isLast: isLast, decoder, reader)
        }
    }

    private func reader(_ kind: DocumentKind) -> Reader {
        guard let sizes = settings.sizes else { return .one([]) }
        switch kind {
        case .text, .xml: return .chunks(Chunker(size: sizes.size, overlap: sizes.overlap))
        case .code:
            return .chunks(Chunker(size: sizes.size, overlap: sizes.overlap, isCode: true))
        case .table(let separator): return .rows(RowChunker(separator: separator, sizes))
        case .jsonLines: return .lines(JSONLineChunker(sizes))
        case .mailbox: return .mailbox(MailboxSplitter())
        case .markdown, .html, .notebook, .mail, .manual: return .whole([])
        }
    }

    private mutating func read(
        _ block: [UInt8], isLast: Bool, _ decoder: consuming TextDecoder, _ reader: consuming Reader
    ) throws(SkipReason) -> [Passage] {
        var decoder = decoder
        // Parts of a message have encodings of their own.
        let isMail = kind == .mail || kind == .mailbox
        let text = isMail ? block : try decoder.decode(block, isLast: isLast)
        var passages: [Passage] = []
        switch consume reader {
        case .chunks(var chunker):
            chunker.append(text)
            if isLast { chunker.finish() }
            while let chunk = chunker.next() {
                passages.append(Passage(content: chunk.bytes, range: chunk.range))
            }
            state = .reading(decoder, .chunks(chunker))
        case .rows(var rows):
            passages = rows.append(text, isLast: isLast)
            state = .reading(decoder, .rows(rows))
        case .lines(var lines):
            passages = lines.append(text, isLast: isLast)
            state = .reading(decoder, .lines(lines))
        case .mailbox(var splitter):
            for message in splitter.append(text, isLast: isLast) {
                passages += try cut(message.bytes, .mail, in: message.range)
            }
            try checkSize(splitter.pending, most: Self.longestRecord)
            state = .reading(decoder, .mailbox(splitter))
        case .whole(var whole):
            whole += text
            if whole.count > DocumentPart.largest, kind == .markdown {
                // A large one is still text.
                var chunker = Chunker(
                    size: settings.sizes?.size ?? 1, overlap: settings.sizes?.overlap ?? 0)
                chunker.append(whole)
                if isLast { chunker.finish() }
                while let chunk = chunker.next() {
                    passages.append(Passage(content: chunk.bytes, range: chunk.range))
                }
                state = .reading(decoder, .chunks(chunker))
                break
            }
            // The attachments of a message are not parsed.
            try checkSize(
                whole.count, most: kind == .mail ? Self.longestRecord : DocumentPart.largest)
            if isLast { passages = try cut(whole, kind!, in: nil) }
            state = .reading(decoder, .whole(whole))
        case .one(var whole):
            whole += text
            guard whole.count <= Self.longestRecord else {
                throw SkipReason(
                    .tooLarge,
                    "it is longer than 64 MiB, too long for one record; leave out --whole")
            }
            if isLast { passages = try one(whole) }
            state = .reading(decoder, .one(whole))
        }
        return passages.map { finished($0, decoder) }
    }

    private func checkSize(
        _ count: Int, most: Int = DocumentPart.largest
    ) throws(SkipReason) {
        if count > most {
            throw SkipReason(
                .tooLarge, "it has more than \(most >> 20) MiB, the most that is parsed")
        }
    }

    /// Cuts a text that is there as a whole.
    ///
    /// - Parameter place: The place of a message in its mailbox.
    private func cut(
        _ text: [UInt8], _ kind: DocumentKind, in place: Range<Int>?
    ) throws(SkipReason) -> [Passage] {
        guard let sizes = settings.sizes else { return [] }
        var passages: [Passage] = []
        for part in try DocumentPart.parts(of: text, kind, name: name) {
            var chunker = StructuredChunker(
                part.text, part.structure, from: part.start, size: sizes.size,
                overlap: sizes.overlap)
            while let chunk = chunker.next() {
                var passage = Passage(
                    content: chunk.opening + chunk.bytes,
                    range: place ?? chunk.offset..<(chunk.offset + chunk.bytes.count))
                passage.title = part.title
                passage.headings = chunk.headings
                passage.properties = part.properties
                passages.append(passage)
            }
        }
        return passages
    }

    /// Makes one passage of a whole document.
    private func one(_ text: [UInt8]) throws(SkipReason) -> [Passage] {
        guard text.contains(where: { $0 > 0x20 }) else { return [] }
        var passage = Passage(content: text, range: 0..<text.count)
        switch kind! {
        case .text, .xml, .code, .table, .jsonLines: break
        case .mailbox:
            var splitter = MailboxSplitter()
            var content: [UInt8] = []
            for message in splitter.append(text, isLast: true) {
                for part in try DocumentPart.parts(of: message.bytes, .mail, name: name) {
                    content += part.text
                }
            }
            passage.content = content
            passage.range = 0..<content.count
        case let kind:
            if kind == .markdown, text.count > DocumentPart.largest { break }
            try checkSize(text.count)
            let parts = try DocumentPart.parts(of: text, kind, name: name)
            passage.content = kind == .markdown ? text : parts.flatMap(\.text)
            passage.range = 0..<passage.content.count
            passage.title = parts.first?.title
            passage.properties = parts.first?.properties ?? Members()
        }
        return [passage]
    }

    private func finished(_ passage: Passage, _ decoder: borrowing TextDecoder) -> Passage {
        var passage = passage
        let mark = decoder.isOwn ? decoder.markLength : 0
        if mark > 0 {
            passage.range = (passage.range.lowerBound + mark)..<(passage.range.upperBound + mark)
        }
        if let encoding = decoder.encoding {
            passage.properties.append("encoding", .string(encoding))
        }
        if let extractor { passage.properties.append("extractor", .string(extractor)) }
        return passage
    }
}
