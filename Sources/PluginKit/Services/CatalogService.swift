import GRPC
import Messages
import SwiftProtobuf

func catalogHandlers(_ plugin: some CatalogDatabaseProvider) -> [Handler] {
    [
        unary(DatabaseCatalogMethod.listCollections) {
            (request: Hector_Plugin_ListCollectionsRequest) in
            var response = Hector_Plugin_ListCollectionsResponse()
            response.error = try await errorTextOrStatus {
                let collections = try await plugin.collections(prefix: request.prefix)
                response.collections = collections.map { Hector_Plugin_CollectionInfo($0) }
            }
            return response
        },
        unary(DatabaseCatalogMethod.getRecords) { (request: Hector_Plugin_GetRecordsRequest) in
            var response = Hector_Plugin_GetRecordsResponse()
            response.error = try await errorTextOrStatus {
                let records = try await plugin.records(
                    request.ids, in: request.collection, includesVectors: request.includeVectors)
                response.records = records.map { Hector_Plugin_StoredRecord($0) }
            }
            return response
        },
        .serverStreaming(DatabaseCatalogMethod.scanRecords) { bytes, stream, _ in
            let request: Hector_Plugin_ScanRecordsRequest = try read(bytes)
            let error = try await errorTextOrStatus {
                try await plugin.scan(ScanRequest(request)) { records in
                    let response = Hector_Plugin_ScanRecordsResponse.with {
                        $0.records = records.map { Hector_Plugin_StoredRecord($0) }
                    }
                    try await stream.send(response.serializedBytes())
                }
            }
            if error.isEmpty { return }
            try await stream.send(
                Hector_Plugin_ScanRecordsResponse.with { $0.error = error }.serializedBytes())
        },
        unary(DatabaseCatalogMethod.moveCollection) {
            (request: Hector_Plugin_MoveCollectionRequest) in
            let error = try await errorTextOrStatus {
                try await plugin.moveCollection(
                    request.from, to: request.to, replaces: request.replace)
            }
            return Hector_Plugin_MoveCollectionResponse.with {
                $0.success = error.isEmpty
                $0.error = error
            }
        },
    ]
}

func maintenanceHandlers(_ plugin: some MaintainedDatabaseProvider) -> [Handler] {
    [
        .serverStreaming(DatabaseCatalogMethod.verify) { bytes, stream, _ in
            let request: Hector_Plugin_VerifyRequest = try read(bytes)
            let error = try await errorTextOrStatus {
                try await plugin.verify(request.collection) { report in
                    let response = Hector_Plugin_VerifyReport.with {
                        $0.problem = report.problem
                        $0.bytes = UInt64(clamping: report.bytes)
                    }
                    try await stream.send(response.serializedBytes())
                }
            }
            if error.isEmpty { return }
            try await stream.send(
                Hector_Plugin_VerifyReport.with { $0.error = error }.serializedBytes())
        },
        unary(DatabaseCatalogMethod.compact) { (request: Hector_Plugin_CompactRequest) in
            var response = Hector_Plugin_CompactResponse()
            response.error = try await errorTextOrStatus {
                let (before, after) = try await plugin.compact(request.collection)
                response.bytesBefore = UInt64(clamping: before)
                response.bytesAfter = UInt64(clamping: after)
            }
            response.success = response.error.isEmpty
            return response
        },
    ]
}

extension ScanRequest {
    fileprivate init(_ request: Hector_Plugin_ScanRecordsRequest) {
        self.init(
            collection: request.collection, after: request.afterID, filter: request.filterJson,
            includesVectors: request.includeVectors)
    }
}

extension Hector_Plugin_CollectionInfo {
    fileprivate init(_ info: CollectionInfo) {
        self = .with {
            $0.name = info.name
            $0.vectorSize = UInt64(clamping: info.dimension)
            $0.count = UInt64(clamping: info.count)
            $0.bytes = UInt64(clamping: info.bytes)
            $0.properties = info.properties
        }
    }
}

extension Hector_Plugin_StoredRecord {
    fileprivate init(_ document: StoredDocument) {
        self = .with {
            $0.id = document.id
            $0.vector = document.vector
            $0.metadata = document.metadata
        }
    }
}
