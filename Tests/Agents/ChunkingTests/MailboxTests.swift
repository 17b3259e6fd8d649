import Documents
import Testing

@testable import Chunking

@Suite struct MailboxTests {
    private func passages(_ mailbox: String, block: Int = .max) throws -> [String] {
        var chunker = DocumentChunker(
            name: "a.mbox", ChunkSettings(size: 2000, overlap: 0, hasContext: true))
        var found: [Passage] = []
        var rest = Array(mailbox.utf8)[...]
        repeat {
            let piece = Array(rest.prefix(block))
            rest = rest.dropFirst(block)
            found += try chunker.append(piece, isLast: rest.isEmpty)
        } while !rest.isEmpty
        return found.map { String(decoding: $0.content, as: UTF8.self) }
    }

    private let mark = "From a@b Tue May  7 10:00:00 2024\n"

    @Test(arguments: [
        "From now on, we meet at nine.", "From Monday on we meet at 9:30.", "From May to June",
        "From the Tue meeting in May", "From x",
    ])
    func `a line of text begins no message`(line: String) throws {
        let mailbox = "\(mark)Subject: x\n\nHello,\n\n\(line)\nBye.\n\n\(mark)Subject: y\n\nz\n"
        for block in [Int.max, 1, 7] {
            let found = try passages(mailbox, block: block)
            #expect(found.count == 2 && found[0].contains("\(line)\nBye."), "\(found)")
        }
    }

    @Test(arguments: [
        "From a@b Tue May  7 10:00:00 2024", "From - Tue, 7 May 2024 10:00:00 +0200",
        "From a at b  Tue May  7 10:00 2024\r", "From MAILER-DAEMON Tue May  7 10:00:00 CEST 2024",
    ])
    func `a line with a date begins a message`(line: String) throws {
        #expect(try passages("\(mark)Subject: x\n\na\n\n\(line)\nSubject: y\n\nb\n").count == 2)
    }

    @Test func `a damaged message is a text, and the others are read`() throws {
        let found = try passages(
            "\(mark)Subject: x\n\nfirst\n\n\(mark)\nno header here\n\n\(mark)Subject: y\n\nlast\n")
        #expect(found.count == 3 && found[1].contains("no header here"), "\(found)")
    }

    @Test func `only the beginning of a message that is too long is read`() {
        let long = "\(mark)Subject: long\n\n" + String(repeating: "line\n", count: 40_000) + "\n"
        let mailbox = Array("\(mark)Subject: x\n\na\n\n\(long)\(mark)Subject: y\n\nb\n".utf8)
        for block in [mailbox.count, 1000, 4096] {
            var splitter = MailboxSplitter(longest: 100_000)
            var messages: [MailboxSplitter.Message] = []
            for start in stride(from: 0, to: mailbox.count, by: block) {
                let end = min(start + block, mailbox.count)
                messages += splitter.append(
                    Array(mailbox[start..<end]), isLast: end == mailbox.count)
            }
            #expect(messages.count == 3)
            #expect(block == mailbox.count || messages[1].isCutOff)
            #expect(String(decoding: messages[2].bytes, as: UTF8.self).hasSuffix("y\n\nb\n"))
            #expect(messages[2].range.upperBound == mailbox.count)
        }
    }
}
