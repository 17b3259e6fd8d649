import Foundation
import LMDB

@testable import VectorStore

/// Writes a store of format 1, as versions before this one did, without what only they read.
func writeOldStore(
    _ folder: String, _ collections: [(name: String, dimension: Int, records: [Record])]
) throws {
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    let environment = try Environment(folder: folder, databases: 8)
    try environment.withWrite { transaction in
        let store = try environment.database("store", in: transaction)
        try transaction.put(Array("format".utf8), [1, 0, 0, 0], in: store)
        let rows = try environment.database("collections", in: transaction)
        let records = try environment.database("records", in: transaction)
        for (number, collection) in collections.enumerated() {
            var row = ByteWriter()
            row.append(UInt32(number + 1))
            row.append(UInt32(collection.dimension))
            row.append(UInt32(collection.records.count))
            row.append(UInt64(collection.records.count))
            try transaction.put(Array(collection.name.utf8), row.bytes, in: rows)
            for (slot, record) in collection.records.enumerated() {
                var key = ByteWriter()
                key.append(UInt32(number + 1).byteSwapped)
                key.append(UInt32(slot).byteSwapped)
                let length = record.vector.reduce(0) { $0 + Double($1) * Double($1) }.squareRoot()
                try transaction.put(
                    key.bytes, StoredRecord.encode(record, length: length), in: records)
            }
        }
    }
}
