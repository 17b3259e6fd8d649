import Synchronization
import Text
import Unix

/// The directory that the tools share, and the limits on the data that they handle at once.
final class Workspace: Sendable {
    let directory: ConfinedDirectory

    /// In bytes.
    let mostOutput, largestFile: Int

    private let protection: ProtectedPaths

    // Two calls that change the same file would lose the first one's change.
    private let writing = Mutex(())

    init(
        directory: ConfinedDirectory, mostOutput: Int, largestFile: Int, protection: ProtectedPaths
    ) {
        self.directory = directory
        self.mostOutput = mostOutput
        self.largestFile = largestFile
        self.protection = protection
    }

    /// Puts a file where `path` leads, unless it is protected.
    ///
    /// - Returns: True if the file is new.
    @discardableResult
    func replace(
        _ path: String, with bytes: [UInt8], createsDirectories: Bool = false,
        expecting expected: ConfinedFile.Version? = nil
    ) throws(ConfinementError) -> Bool {
        do throws(ConfinementError) {
            return try directory.replace(
                path, with: bytes, createsDirectories: createsDirectories, expecting: expected,
                unless: { protection.protects($0) })
        } catch .protected {
            // It may be a folder on the way, but the file is what the user can allow.
            throw .protected(path)
        }
    }

    /// Runs `body` while no other change is made.
    func whileWriting<R>(_ body: () throws -> R) rethrows -> R {
        try writing.withLock { _ in try body() }
    }

    /// Reads a whole text file.
    func text(_ path: String) throws -> (bytes: [UInt8], version: ConfinedFile.Version) {
        let file: ConfinedFile
        do throws(ConfinementError) { file = try directory.file(path) } catch {
            throw explained(error)
        }
        let bytes = try file.read(largestFile + 1)
        guard bytes.count <= largestFile else {
            throw ToolError(
                "'\(path)' has \(max(file.size, bytes.count)) bytes, more than the \(largestFile) "
                    + "that may be read at once; look for the part you need with grep_search")
        }
        if let reason = reasonNotText(Array(bytes.prefix(16384))) {
            throw ToolError("'\(path)' is no text that can be read: \(reason)")
        }
        return (bytes, file.version)
    }

    /// Returns an error that suggests the intended name, if a file is missing.
    func explained(_ error: ConfinementError) -> any Error {
        guard case .absent(let path) = error else { return error }
        var reached = "."
        for part in path.split(separator: "/") where part != "." {
            let next = "\(reached)/\(part)"
            if part != "..", let names = try? directory.entries(in: reached).map(\.name),
                !names.contains(String(part))
            {
                guard let near = suggestion(for: String(part), among: names) else { break }
                return ToolError("\(error); did you mean '\("\(reached)/\(near)".dropFirst(2))'?")
            }
            reached = next
        }
        return error
    }
}
