package import Foundation

/// True if a process exists and is not a zombie.
package func isRunning(_ process: pid_t) -> Bool {
    guard let status = try? String(contentsOfFile: "/proc/\(process)/stat", encoding: .utf8) else {
        return false
    }
    return !status.contains(") Z ")
}

/// Waits until something is so that nothing reports. The test's time limit ends what never comes.
package func waitUntil(_ condition: () async throws -> Bool) async throws {
    while try await !condition() { try await Task.sleep(for: .milliseconds(5)) }
}
