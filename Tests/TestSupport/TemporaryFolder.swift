package import Foundation

/// A folder of one test's own, deleted with the last reference to it.
package final class TemporaryFolder: Sendable {
    package let path: String

    package init() throws { path = try Self.make() }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    package var names: [String] {
        (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []
    }

    /// Makes a folder for this user only, with a path that is short enough for sockets in it.
    ///
    /// - Returns: The path. The caller deletes the folder.
    package static func make() throws -> String {
        let path = FileManager.default.temporaryDirectory
            .appendingPathComponent("ht-\(UUID().uuidString.prefix(8))").path
        try FileManager.default.createDirectory(
            atPath: path, withIntermediateDirectories: false,
            attributes: [.posixPermissions: 0o700])
        return path
    }

    /// Writes a file.
    ///
    /// - Returns: The file's path.
    @discardableResult
    package func write(_ data: Data, to name: String) throws -> String {
        try data.write(to: URL(fileURLWithPath: "\(path)/\(name)"))
        return "\(path)/\(name)"
    }

    @discardableResult
    package func write(_ text: String, to name: String) throws -> String {
        try write(Data(text.utf8), to: name)
    }
}

/// Runs `body` with a folder that is deleted when this returns.
package func withTemporaryFolder<R>(_ body: (String) throws -> R) throws -> R {
    let path = try TemporaryFolder.make()
    defer { try? FileManager.default.removeItem(atPath: path) }
    return try body(path)
}

/// Runs `body` with a folder that is deleted when this returns.
package func withTemporaryFolder<R>(_ body: (String) async throws -> R) async throws -> R {
    let path = try TemporaryFolder.make()
    defer { try? FileManager.default.removeItem(atPath: path) }
    return try await body(path)
}
