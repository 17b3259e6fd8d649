import Foundation
import Testing
import Unix

@Suite struct LineReaderTests {
    @Test(arguments: [
        ("\u{feff}a\n\u{feff}b", ["a", "\u{feff}b"]), ("\u{feff}", [""]),
        ("", []), ("a", ["a"]), ("a\n", ["a"]), ("a\n\nb", ["a", "", "b"]), ("\n", [""]),
    ])
    func `a line is what stands before a newline or the end`(text: String, lines: [String])
        async throws
    {
        #expect(try await read(Data(text.utf8)) == lines)
    }

    @Test func `lines longer than a block come whole`() async throws {
        let long = String(repeating: "x", count: 700_000)
        #expect(try await read(Data("a\n\(long)\nb\n\(long)".utf8)) == ["a", long, "b", long])
    }

    @Test func `a line over the limit is skipped and the next ones are numbered on`() async throws {
        let long = String(repeating: "x", count: 700_000)
        let file = try TemporaryFile(Data("a\n\(long)\nb\n".utf8))
        let reader = LineReader(
            descriptor: file.descriptor, separator: UInt8(ascii: "\n"), longest: 1000)
        #expect(try await reader.next() == .bytes(Array("a".utf8)))
        #expect(try await reader.next() == .tooLong)
        #expect(reader.lineNumber == 2)
        #expect(try await reader.next() == .bytes(Array("b".utf8)))
        #expect(reader.lineNumber == 3)
        #expect(try await reader.next() == nil)
    }

    @Test func `with NUL as separator a newline is a byte like others`() async throws {
        #expect(try await read(Data("a\nb\0c".utf8), separator: 0) == ["a\nb", "c"])
    }

    @Test func `reading a directory is an error`() async throws {
        let descriptor = open("/", O_RDONLY)
        defer { close(descriptor) }
        let reader = LineReader(descriptor: descriptor, separator: 10, longest: 10)
        let error = await #expect(throws: SystemError.self) { try await reader.next() }
        #expect(error?.description == "cannot read: Is a directory")
    }

    @Test func `what has not arrived is not ready`() async throws {
        let pipe = Pipe()
        let reader = LineReader(
            descriptor: pipe.fileHandleForReading.fileDescriptor, separator: 10, longest: 10)
        #expect(try reader.nextIfReady() == nil)
        pipe.fileHandleForWriting.write(Data("a\nb\nc".utf8))
        #expect(try await reader.next() == .bytes([97]))
        #expect(try reader.nextIfReady() == .bytes([98]))
        #expect(try reader.nextIfReady() == nil)
        try pipe.fileHandleForWriting.close()
        #expect(try await reader.next() == .bytes([99]))
    }

    @Test func `a reader that waits ends when its task is cancelled`() async throws {
        let pipe = Pipe()
        let descriptor = pipe.fileHandleForReading.fileDescriptor
        let reader = LineReader(descriptor: descriptor, separator: 10, longest: 10)
        let task = Task { try await reader.next() }
        task.cancel()
        #expect(try await task.value == nil)
        try pipe.fileHandleForWriting.close()
        // Its thread reads on until then, and afterwards the descriptor may be another test's.
        #expect(try await reader.next() == nil)
        withExtendedLifetime(pipe) {}
    }

    private func read(_ data: Data, separator: UInt8 = 10) async throws -> [String] {
        let file = try TemporaryFile(data)
        let reader = LineReader(
            descriptor: file.descriptor, separator: separator, longest: 1 << 20)
        var lines: [String] = []
        while case .bytes(let bytes) = try await reader.next() {
            lines.append(String(decoding: bytes, as: UTF8.self))
        }
        return lines
    }
}

@Suite struct LineWriterTests {
    @Test func `everything appended is in the file once it is finished`() async throws {
        let file = try TemporaryFile(Data())
        let writer = LineWriter(descriptor: file.descriptor)
        for number in 0..<100_000 {
            writer.append("\(number)\n".utf8)
            if writer.isFull { try await writer.flush() }
        }
        try await writer.finish()
        let expected = (0..<100_000).map { "\($0)\n" }.joined()
        #expect(try String(contentsOf: file.url, encoding: .utf8) == expected)
    }

    @Test func `a full disk is an error`() async throws {
        let full = open("/dev/full", O_WRONLY)
        defer { close(full) }
        let writer = LineWriter(descriptor: full)
        writer.append("x".utf8)
        let error = await #expect(throws: OutputError.self) { try await writer.finish() }
        #expect(error?.description == "cannot write: No space left on device")
    }

    @Test func `a reader that has gone is distinguished`() async throws {
        prepareSignals()
        let pipe = Pipe()
        try pipe.fileHandleForReading.close()
        let writer = LineWriter(descriptor: pipe.fileHandleForWriting.fileDescriptor)
        writer.append("x".utf8)
        let error = await #expect(throws: OutputError.self) { try await writer.finish() }
        #expect(error == .closed)
    }
}

/// A file of one test, deleted with it.
private final class TemporaryFile {
    let url: URL
    let descriptor: Int32

    init(_ content: Data) throws {
        url = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
        try content.write(to: url)
        descriptor = open(url.path, O_RDWR | O_CLOEXEC)
    }

    deinit {
        close(descriptor)
        unlink(url.path)
    }
}
