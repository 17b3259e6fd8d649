import Foundation
import TestSupport

/// Runs a program found on PATH with files for its streams, so that no amount of output can make it
/// and the test wait for each other.
///
/// - Returns: The standard output.
@discardableResult
func run(_ command: String, _ arguments: String..., input: String = "") throws -> String {
    let folder = try TemporaryFolder()
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
