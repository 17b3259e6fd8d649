import Foundation
import LMDB
import TestSupport
import Testing

func bytes(_ text: String) -> [UInt8] { Array(text.utf8) }

@Suite struct EnvironmentTests {
    @Test func `what was committed is there after opening again`() throws {
        try withTemporaryFolder { folder in
            try open(folder) { environment, table in
                try environment.withWrite { try $0.put(bytes("k"), bytes("v"), in: table) }
            }
            try open(folder) { environment, table in
                try #expect(value("k", in: table, of: environment) == bytes("v"))
            }
        }
    }

    @Test func `a transaction that throws changes nothing`() throws {
        struct Stop: Error {}
        try withTemporaryFolder { folder in
            try open(folder) { environment, table in
                #expect(throws: Stop.self) {
                    try environment.withWrite {
                        try $0.put(bytes("k"), bytes("v"), in: table)
                        throw Stop()
                    }
                }
                try #expect(value("k", in: table, of: environment) == nil)
            }
        }
    }

    @Test func `a reader keeps its view while a writer commits`() throws {
        try withTemporaryFolder { folder in
            try open(folder) { environment, table in
                try environment.withWrite { try $0.put(bytes("k"), bytes("old"), in: table) }
                try environment.withRead { reader in
                    let written = DispatchSemaphore(value: 0)
                    Thread.detachNewThread {
                        try? environment.withWrite {
                            try $0.put(bytes("k"), bytes("new"), in: table)
                        }
                        written.signal()
                    }
                    written.wait()
                    let seen = try reader.get(bytes("k"), in: table).map(Array.init)
                    #expect(seen == bytes("old"))
                }
                try #expect(value("k", in: table, of: environment) == bytes("new"))
            }
        }
    }

    @Test func `the map grows when it is full`() throws {
        try withTemporaryFolder { folder in
            try open(folder, mapSize: 1 << 16) { environment, table in
                let value = [UInt8](repeating: 7, count: 100_000)
                for number in 0..<20 {
                    try environment.withWrite { try $0.put([UInt8(number)], value, in: table) }
                }
                #expect(environment.mapSize >= 2_000_000)
                let count = try environment.withRead { try $0.count(table) }
                #expect(count == 20)
                let length = try environment.withRead { try $0.get([19], in: table)?.count }
                #expect(length == 100_000)
            }
        }
    }

    @Test func `the map grows while others read`() throws {
        try withTemporaryFolder { folder in
            try open(folder, mapSize: 1 << 16) { environment, table in
                try environment.withWrite { try $0.put([0], [0], in: table) }
                let stop = DispatchSemaphore(value: 0)
                let stopped = DispatchSemaphore(value: 0)
                for _ in 0..<2 {
                    Thread.detachNewThread {
                        while stop.wait(timeout: .now()) == .timedOut {
                            _ = try? environment.withRead { try $0.get([0], in: table)?.first }
                        }
                        stopped.signal()
                    }
                }
                let value = [UInt8](repeating: 7, count: 50_000)
                for number in 1..<40 {
                    try environment.withWrite { try $0.put([UInt8(number)], value, in: table) }
                }
                for _ in 0..<2 { stop.signal() }
                for _ in 0..<2 { stopped.wait() }
                let count = try environment.withRead { try $0.count(table) }
                #expect(count == 40)
            }
        }
    }

    @Test func `space of replaced values is used again`() throws {
        try withTemporaryFolder { folder in
            try open(folder) { environment, table in
                var sizes: [Int] = []
                for round in 0..<200 {
                    let value = [UInt8](repeating: UInt8(round), count: 20_000)
                    try environment.withWrite { try $0.put(bytes("k"), value, in: table) }
                    sizes.append(try size(of: folder))
                }
                #expect(sizes[199] == sizes[20])
            }
        }
    }

    @Test(arguments: [
        ("garbage", [UInt8](repeating: 0x5a, count: 8192), "it is not an LMDB file"),
        ("a few bytes", bytes("hello"), "it is not an LMDB file"),
    ])
    func `refuses`(what: String, content: [UInt8], reason: String) throws {
        try withTemporaryFolder { folder in
            try Data(content).write(to: URL(filePath: folder + "/data.mdb"))
            let error = #expect(throws: LMDBError.self) {
                _ = try Environment(folder: folder, databases: 1)
            }
            #expect(error?.isUnusableFile == true)
            #expect(error?.description == "cannot open '\(folder)/data.mdb': \(reason)")
        }
    }

    @Test func `refuses a file that was cut short`() throws {
        try withTemporaryFolder { folder in
            try open(folder) { environment, table in
                let value = [UInt8](repeating: 1, count: 100_000)
                try environment.withWrite { try $0.put(bytes("k"), value, in: table) }
            }
            let file = try #require(FileHandle(forUpdatingAtPath: folder + "/data.mdb"))
            try file.truncate(atOffset: 40_960)
            try file.close()
            let error = #expect(throws: LMDBError.self) {
                _ = try Environment(folder: folder, databases: 1)
            }
            #expect(error?.isUnusableFile == true)
            try #expect(size(of: folder) == 40_960)
        }
    }

    @Test func `opens a file whose last pages were never written`() throws {
        try withTemporaryFolder { folder in
            try open(folder) { environment, table in
                // Free pages, from which the last commit takes all except those of its value.
                for count in [100_000, 100_000, 100_000, 1_000_000] {
                    let value = [UInt8](repeating: 1, count: count)
                    try environment.withWrite { transaction in
                        try transaction.put(bytes("l"), value, in: table)
                        try transaction.delete(bytes("l"), in: table)
                    }
                }
            }
            let short = try size(of: folder)
            _ = try Environment(folder: folder, databases: 1)
            // The pages exist now, so this did test something.
            try #expect(size(of: folder) > short)
            try open(folder) { environment, table in
                try environment.withWrite { try $0.put(bytes("k"), bytes("v"), in: table) }
                try #expect(value("k", in: table, of: environment) == bytes("v"))
            }
        }
    }

    @Test func `a folder that is not there is named`() {
        let error = #expect(throws: LMDBError.self) {
            _ = try Environment(folder: "/nonexistent/folder", databases: 1)
        }
        #expect(
            error?.description
                == "cannot open '/nonexistent/folder/data.mdb': No such file or directory")
    }

    /// Closes the environment before it returns, so that the folder can be opened again.
    private func open(
        _ folder: String, mapSize: Int = 1 << 24,
        _ body: (Environment, Database) throws -> Void
    ) throws {
        let environment = try Environment(folder: folder, databases: 1, mapSize: mapSize)
        let table = try environment.withWrite { try environment.database("t", in: $0) }
        try body(environment, table)
    }

    private func value(
        _ key: String, in table: Database, of environment: Environment
    ) throws -> [UInt8]? {
        try environment.withRead { try $0.get(bytes(key), in: table).map(Array.init) }
    }

    private func size(of folder: String) throws -> Int {
        try URL(filePath: folder + "/data.mdb").resourceValues(forKeys: [.fileSizeKey]).fileSize!
    }
}
