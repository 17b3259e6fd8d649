import Foundation
import TestSupport
import Testing

@testable import Unix

@Suite struct PrivateFileTests {
    @Test func `a file that a killed process has left is not in the way, and can be removed`()
        throws
    {
        try withTemporaryFolder { folder in
            let path = folder + "/KEY"
            for name in ["KEY.\(getpid()).new", "KEY.3k.new", "OTHER.1.new"] {
                try Data("old".utf8).write(to: URL(fileURLWithPath: "\(folder)/\(name)"))
            }
            try PrivateFile.replace(path, by: [65])
            #expect(try File.read(path, limit: 9).bytes == [65])
            PrivateFile.removeLeftovers(of: path)
            #expect(try Directory.names(in: folder) == ["KEY", "OTHER.1.new"])
        }
    }

    @Test func `lines that come while a file is changed are kept`() async throws {
        try await withTemporaryFolder { folder in
            let path = folder + "/lines"
            try PrivateFile.append([UInt8(ascii: "0")], to: path)
            try await withThrowingTaskGroup { group in
                for number in 1...50 {
                    group.addTask { try PrivateFile.append(Array("\(number)".utf8), to: path) }
                    group.addTask {
                        // The file is another one after each change.
                        try PrivateFile.change(path, limit: 1 << 20) { $0 }
                    }
                }
                try await group.waitForAll()
            }
            let lines = String(decoding: try File.read(path, limit: 1 << 20).bytes, as: UTF8.self)
                .split(separator: "\n").compactMap { Int($0) }
            #expect(lines.sorted() == Array(0...50))
            #expect(try File(path).mode == 0o600)
            #expect(try Directory.names(in: folder) == ["lines"])
        }
    }

    @Test func `a change that is not made leaves the file`() throws {
        try withTemporaryFolder { folder in
            let path = folder + "/file"
            #expect(throws: SystemError.self) { try PrivateFile.change(path, limit: 9) { $0 } }
            try PrivateFile.replace(path, by: [65])
            let before = try FileIdentity(path)
            try PrivateFile.change(path, limit: 9) { _ in nil }
            #expect(try FileIdentity(path) == before)
        }
    }
}
