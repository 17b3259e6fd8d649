import CUnix
import Glibc
import Synchronization
import Text

/// Writes all of a text to standard output, for what is not a stream of records. A terminal gets
/// it as visible text.
package func writeToStandardOutput(_ text: String) throws(OutputError) {
    try writeControls(isStandardOutputTerminal ? VisibleText(lines: text).description : text)
}

/// Writes a text with control sequences that this program has made itself, around text that is
/// visible already.
package func writeControls(_ text: String) throws(OutputError) {
    if let error = writeAll(Array(text.utf8), to: STDOUT_FILENO) { throw error }
}

extension VisibleText {
    /// A name for a line of standard output, which is one line on a terminal, too.
    package static func output(name: String) -> String {
        isStandardOutputTerminal ? VisibleText(name).description : name
    }
}

/// Says something to people, as visible text. That they cannot be told is no reason to stop.
package func writeToStandardError(_ text: String) {
    writeControlsToStandardError(VisibleText(lines: text).description)
}

/// The same with control sequences that this program has made itself.
package func writeControlsToStandardError(_ text: String) {
    _ = writeAll(Array(text.utf8), to: STDERR_FILENO)
}

/// True if the terminal can do no more than print, or says nothing of what it can.
package var isTerminalDumb: Bool {
    let kind = Environment.current["TERM"] ?? ""
    return kind.isEmpty || kind == "dumb"
}

package var isStandardInputTerminal: Bool { isatty(STDIN_FILENO) == 1 }

/// True if there is something on standard input that can be read at once: in a pipe or socket, or a
/// regular file of which nothing has been read. One that is read in part is a loop's.
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

/// The columns of standard error's terminal; nil if it is none or does not say.
package var terminalWidth: Int? {
    let columns = Int(hector_terminal_width(STDERR_FILENO))
    return columns > 0 ? columns : nil
}

/// Which argument of the command line, counted from 1, is not UTF-8 and would be another in a
/// `String`; nil if none is.
package var positionOfArgumentNotUTF8: Int? {
    for position in 1..<max(1, Int(CommandLine.argc)) {
        guard let argument = CommandLine.unsafeArgv[position] else { return nil }
        if String(validatingCString: argument) == nil { return position }
    }
    return nil
}

/// Ends the process without waiting for threads that still work. What libraries would clean up at
/// the end stays: OpenSSL and gRPC core would take it from under those threads.
package func endProcess(_ status: Int32) -> Never {
    fflush(nil)
    _exit(status)
}

/// Ends as `cat` does when nobody reads its output.
package func dieOfBrokenPipe() -> Never { die(of: SIGPIPE) }

/// Writes until everything is written or cannot be.
func writeAll(_ block: [UInt8], to descriptor: Int32) -> OutputError? {
    if isTaken(descriptor) { return .failed(SystemError(EBADF, "write")) }
    return block.withUnsafeBytes { bytes in
        var written = 0
        while written < bytes.count {
            let count = write(descriptor, bytes.baseAddress! + written, bytes.count - written)
            if count >= 0 {
                written += count
            } else if errno == EAGAIN {
                // Somebody made the terminal or pipe non-blocking for all who share it.
                var ready = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
                poll(&ready, 1, -1)
            } else if errno != EINTR {
                return errno == EPIPE ? .closed : .failed(SystemError(errno, "write"))
            }
        }
        return nil
    }
}

/// Makes standard streams that are closed stay unusable.
///
/// Otherwise the next file opened would become one of them, and be read or
/// written in its place. Each gets a descriptor that cannot do what it is for,
/// so that using it is an error, as it is for `cat`.
package func reserveStandardStreams() {
    for descriptor in STDIN_FILENO...STDERR_FILENO {
        let flags = fcntl(descriptor, F_GETFD)
        if flags == -1 {
            // The lowest descriptor that is free is this one.
            _ = open("/dev/null", descriptor == STDIN_FILENO ? O_WRONLY : O_RDONLY)
        } else if flags & FD_CLOEXEC != 0 {
            // Nobody can have handed that to this program: a library opened it
            // while it was loaded, as gRPC core does an eventfd.
            _ = takenStreams.bitwiseOr(1 << descriptor, ordering: .relaxed)
        }
    }
}

private let takenStreams = Atomic<Int32>(0)

/// Whether a standard stream was closed when the program began and is something else now.
func isTaken(_ descriptor: Int32) -> Bool {
    (STDIN_FILENO...STDERR_FILENO).contains(descriptor)
        && takenStreams.load(ordering: .relaxed) & (1 << descriptor) != 0
}

/// Keeps memory that is freed for the next use.
///
/// A filter or a plugin frees and takes blocks of some hundred kilobytes all the time.
/// Handed back to the system, each would have to be cleared and mapped anew.
package func keepFreedMemory() {
    mallopt(M_MMAP_THRESHOLD, 16 << 20)
    mallopt(M_TRIM_THRESHOLD, 32 << 20)
}

/// Leaves the process to its other threads.
package func sleepForever() -> Never {
    while true { pause() }
}
