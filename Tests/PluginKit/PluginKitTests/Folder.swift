import Foundation

/// A fresh directory that is deleted with the last reference to it.
final class Folder: Sendable {
    let path: String

    init() throws {
        // The name is short because of the sockets in it.
        path = "/tmp/kit-\(UInt32.random(in: 0 ... .max))"
        try FileManager.default.createDirectory(
            atPath: path, withIntermediateDirectories: false)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    var names: [String] { (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? [] }
}
