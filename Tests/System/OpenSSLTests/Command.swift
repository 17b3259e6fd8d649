import Foundation

/// Runs a program found on PATH with files for its streams, so that no amount of output can make it
/// and the test wait for each other.
///
/// - Returns: The standard output.
@discardableResult
func run(_ command: String, _ arguments: String..., input: String = "") throws -> String {
    let folder = try Folder()
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = [command] + arguments
    process.standardInput = try FileHandle(
        forReadingFrom: URL(fileURLWithPath: folder.write(input, to: "in")))
    let output = try folder.write("", to: "out")
    let errors = try folder.write("", to: "err")
    process.standardOutput = try FileHandle(forWritingTo: URL(fileURLWithPath: output))
    process.standardError = try FileHandle(forWritingTo: URL(fileURLWithPath: errors))
    try process.run()
    process.waitUntilExit()
    guard process.terminationStatus == 0 else {
        throw CommandError(
            status: process.terminationStatus,
            errors: try String(contentsOfFile: errors, encoding: .utf8))
    }
    return try String(contentsOfFile: output, encoding: .utf8)
}

struct CommandError: Error {
    let status: Int32
    let errors: String
}

/// A fresh directory that is deleted with the last reference to it.
final class Folder {
    let path: String

    init() throws {
        let url = FileManager.default.temporaryDirectory
            .appendingPathComponent("certificates-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: false)
        path = url.path
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    /// - Returns: The file's path.
    func write(_ text: String, to name: String) throws -> String {
        try write(Data(text.utf8), to: name)
    }

    func write(_ data: Data, to name: String) throws -> String {
        let path = "\(path)/\(name)"
        try data.write(to: URL(fileURLWithPath: path))
        return path
    }
}
