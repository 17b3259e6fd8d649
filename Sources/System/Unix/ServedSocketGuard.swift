import CUnix
import Glibc

/// A process that removes what a killed server leaves behind: its socket, the socket beside it, and
/// the folders that this process has made for its plugin. It waits for the end of this process and
/// does nothing else.
package final class ServedSocketGuard: Sendable {
    private let alive: Int32

    /// - Parameters:
    ///   - path: The path at which clients find the server.
    ///   - folderPrefix: The beginning of the names of the folders beside it, before this process's
    ///     id.
    /// - Returns: Nil if no process can be started, as nothing depends on it.
    package init?(path: String, folderPrefix: String) {
        guard let ends = try? openPipe() else { return nil }
        alive = ends.write
        let status = hector_guard(
            ends.read, Path.parent(of: path), "\(folderPrefix)-\(getpid())-", path,
            ServedSocket.settings(of: path))
        close(ends.read)
        if status != 0 {
            close(alive)
            return nil
        }
    }

    /// Ends it without removing anything, as this process cleans up itself.
    package func end() {
        _ = writeAll([0], to: alive)
        close(alive)
    }
}
