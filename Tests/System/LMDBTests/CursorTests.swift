import LMDB
import TestSupport
import Testing

@Suite struct CursorTests {
    @Test(arguments: [
        ("a", ["a", "c", "e"]), ("b", ["c", "e"]), ("e", ["e"]), ("f", []),
    ])
    func `seek finds the key or the next one`(key: String, found: [String]) throws {
        try withTable(["c", "a", "e"]) { environment, table in
            let keys = try environment.withRead { transaction in
                let cursor = try Cursor(table, in: transaction)
                var keys: [String] = []
                var entry = try cursor.seek(bytes(key))
                while let (key, value) = entry {
                    #expect(Array(value) == Array(key))
                    keys.append(String(decoding: key, as: UTF8.self))
                    entry = try cursor.next()
                }
                return keys
            }
            #expect(keys == found)
        }
    }

    @Test func `deleting under a cursor leaves none out`() throws {
        let names = (0..<500).map { "key \($0)" }
        try withTable(names) { environment, table in
            let deleted = try environment.withWrite { transaction in
                let cursor = try Cursor(table, in: transaction)
                var deleted = 0
                while try cursor.next() != nil {
                    try cursor.delete()
                    deleted += 1
                }
                return deleted
            }
            #expect(deleted == 500)
            let left = try environment.withRead { try $0.count(table) }
            #expect(left == 0)
        }
    }

    @Test func `reserved room is what is stored`() throws {
        try withTable([]) { environment, table in
            try environment.withWrite { transaction in
                let key = bytes("k")
                try key.withUnsafeBytes {
                    try transaction.reserve($0, count: 3, in: table).copyBytes(from: [1, 2, 3])
                }
            }
            let value = try environment.withRead {
                try $0.get(bytes("k"), in: table).map(Array.init)
            }
            #expect(value == [1, 2, 3])
        }
    }

    @Test func `delete says whether there was anything`() throws {
        try withTable(["a"]) { environment, table in
            let answers = try environment.withWrite {
                [try $0.delete(bytes("a"), in: table), try $0.delete(bytes("a"), in: table)]
            }
            #expect(answers == [true, false])
        }
    }

    @Test func `a table that is cleared is empty, and copies outlast it`() throws {
        try withTable(["a", "b"]) { environment, table in
            let (value, first) = try environment.withRead { transaction in
                let cursor = try Cursor(table, in: transaction)
                return (try transaction.bytes(bytes("b"), in: table), try cursor.nextBytes())
            }
            try environment.withWrite { try $0.clear(table) }
            #expect(value == bytes("b"))
            #expect(first?.key == bytes("a") && first?.value == bytes("a"))
            #expect(try environment.withRead { try $0.count(table) } == 0)
            #expect(try environment.withRead { try $0.bytes(bytes("b"), in: table) } == nil)
        }
    }

    /// A table whose values are their keys.
    private func withTable(
        _ keys: [String], _ body: (Environment, Database) throws -> Void
    ) throws {
        try withTemporaryFolder { folder in
            let environment = try Environment(folder: folder, databases: 1)
            let table = try environment.withWrite { transaction in
                let table = try environment.database("t", in: transaction)
                for key in keys { try transaction.put(bytes(key), bytes(key), in: table) }
                return table
            }
            try body(environment, table)
        }
    }
}
