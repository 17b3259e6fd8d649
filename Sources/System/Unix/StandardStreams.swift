import CUnix
import Glibc
import Synchronization
import Text

/// Writes all of a text that is not a stream of records to standard output. A terminal gets it as
/// visible text.
package func writeToStandardOutput(_ text: String) throws(OutputError) {
    try writeControls(isStandardOutputTerminal ? VisibleText(lines: text).description : text)
}

/// Writes a text with control sequences of this program around text that is already visible text.
package func writeControls(_ text: String) throws(OutputError) {
    if let error = writeAll(Array(text.utf8), to: STDOUT_FILENO) { throw error }
}

extension VisibleText {
    /// Returns a name for a line of standard output, which is one line on a terminal, too.
    package static func output(name: String) -> String {
        isStandardOutputTerminal ? VisibleText(name).description : name
    }
}

/// Writes a message to standard error as visible text. Failures are ignored.
package func writeToStandardError(_ text: String) {
    writeControlsToStandardError(VisibleText(lines: text).description)
}

/// Writes a text with control sequences of this program to standard error.
package func writeControlsToStandardError(_ text: String) {
    _ = writeAll(Array(text.utf8), to: STDERR_FILENO)
}

/// True if the terminal can only print, or if its abilities are unknown.
package var isTerminalDumb: Bool {
    let kind = Environment.current["TERM"] ?? ""
    return kind.isEmpty || kind == "dumb"
}

package var isStandardInputTerminal: Bool { isatty(STDIN_FILENO) == 1 }

/// True if there is something on standard input that can be read at once: in a pipe or socket, or a
/// regular file that has not been read yet. A file that has been read in part belongs to a shell
/// loop.
package var hasStandardInputToRead: Bool {
    var status = stat()
    guard !isTaken(STDIN_FILENO), fstat(STDIN_FILENO, &status) == 0,
        fcntl(STDIN_FILENO, F_GETFL) & O_ACCMODE != O_WRONLY
    else { return false }
    return switch status.st_mode & S_IFMT {
    case S_IFIFO, S_IFSOCK: hector_bytes_to_read(STDIN_FILENO) > 0
    case S_IFREG: status.st_size > 0 && lseek(STDIN_FILENO, 0, SEEK_CUR) == 0
    default: false
    }
}

package var isStandardOutputTerminal: Bool { isatty(STDOUT_FILENO) == 1 }

package var isStandardErrorTerminal: Bool { isatty(STDERR_FILENO) == 1 }

/// The width of standard error's terminal in columns; nil if it is not a terminal or the width is
/// unknown.
package var terminalWidth: Int? {
    let columns = Int(hector_terminal_width(STDERR_FILENO))
    return columns > 0 ? columns : nil
}

/// The position, counted from 1, of an argument that is not UTF-8 and would be changed in a
/// `String`; nil if there are none.
package var positionOfArgumentNotUTF8: Int? {
    for position in 1..<max(1, Int(CommandLine.argc)) {
        guard let argument = CommandLine.unsafeArgv[position] else { return nil }
        if String(validatingCString: argument) == nil { return position }
    }
    return nil
}

/// Ends the process without waiting for threads that still work. The exit handlers of libraries do
/// not run: OpenSSL and gRPC core would free memory that those threads use.
package func endProcess(_ status: Int32) -> Never {
    fflush(nil)
    _exit(status)
}

/// Ends as `cat` does when its output has no reader.
package func dieOfBrokenPipe() -> Never { die(of: SIGPIPE) }

/// Writes until everything is written or a write fails.
func writeAll(_ block: [UInt8], to descriptor: Int32) -> OutputError? {
    if isTaken(descriptor) { return .failed(SystemError(EBADF, "write")) }
    return block.withUnsafeBytes { bytes in
        var written = 0
        while written < bytes.count {
            let count = write(descriptor, bytes.baseAddress! + written, bytes.count - written)
            if count >= 0 {
                written += count
            } else if errno == EAGAIN {
                // Another process made the terminal or pipe non-blocking for all that share it.
                var ready = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
                poll(&ready, 1, -1)
            } else if errno != EINTR {
                return errno == EPIPE ? .closed : .failed(SystemError(errno, "write"))
            }
        }
        return nil
    }
}

/// Keeps closed standard streams unusable.
///
/// Without this, the next file opened would become one of them, and be read or written in its
/// place. Each gets a descriptor for the opposite direction, so that using it is an error, as it is
/// for `cat`.
package func reserveStandardStreams() {
    for descriptor in STDIN_FILENO...STDERR_FILENO {
        let flags = fcntl(descriptor, F_GETFD)
        if flags == -1 {
            // This is the lowest free descriptor.
            _ = open("/dev/null", descriptor == STDIN_FILENO ? O_WRONLY : O_RDONLY)
        } else if flags & FD_CLOEXEC != 0 {
            // This was not inherited: a library opened it while it was loaded, as gRPC core does
            // with an eventfd.
            _ = takenStreams.bitwiseOr(1 << descriptor, ordering: .relaxed)
        }
    }
}

private let takenStreams = Atomic<Int32>(0)

/// Returns true if a standard stream was closed when the program began and is something else now.
func isTaken(_ descriptor: Int32) -> Bool {
    (STDIN_FILENO...STDERR_FILENO).contains(descriptor)
        && takenStreams.load(ordering: .relaxed) & (1 << descriptor) != 0
}

/// Keeps freed memory for the next use.
///
/// A filter or a plugin frees and allocates blocks of some hundred kilobytes all the time. If they
/// were returned to the system, each would have to be mapped and cleared again.
package func keepFreedMemory() {
    mallopt(M_MMAP_THRESHOLD, 16 << 20)
    mallopt(M_TRIM_THRESHOLD, 32 << 20)
}

/// Leaves the process to its other threads.
package func sleepForever() -> Never {
    while true { pause() }
}
