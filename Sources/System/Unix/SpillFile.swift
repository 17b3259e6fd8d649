import CUnix
import Glibc
import Synchronization

/// A file in a temporary directory for data that does not fit into memory. It has no name, and goes
/// away when this process ends, for whatever reason.
package final class SpillFile: Sendable {
    private let descriptor: Int32
    private let end = Atomic(0)

    /// A range of bytes in the file.
    package struct Extent: Sendable, Equatable {
        package let offset: Int
        package let count: Int

        package init(offset: Int, count: Int) {
            self.offset = offset
            self.count = count
        }
    }

    /// - Parameter directory: A directory on a disk; one in memory would not save any.
    package init(in directory: String) throws(SystemError) {
        var template = Array("\(directory)/hector-spill-XXXXXX".utf8CString)
        descriptor = hector_temporary_file(&template)
        guard descriptor >= 0 else {
            throw SystemError(errno, "create a file in '\(directory)'")
        }
        unlink(template)
    }

    deinit { close(descriptor) }

    /// Writes bytes at the end, on this thread. Any number of threads may do so.
    package func append(_ bytes: [UInt8]) throws(SystemError) -> Extent {
        let offset = end.add(bytes.count, ordering: .relaxed).oldValue
        try write(bytes, at: offset)
        return Extent(offset: offset, count: bytes.count)
    }

    /// Writes bytes on this thread.
    package func write(_ bytes: [UInt8], at offset: Int) throws(SystemError) {
        var done = 0
        while done < bytes.count {
            let written = bytes.withUnsafeBytes { buffer in
                pwrite(descriptor, buffer.baseAddress! + done, buffer.count - done, offset + done)
            }
            if written < 0, errno == EINTR { continue }
            guard written > 0 else { throw SystemError(errno, "write to a temporary file") }
            done += written
        }
    }

    /// Reads bytes on this thread. Bytes that have never been written are zero.
    package func read(_ extent: Extent) throws(SystemError) -> [UInt8] {
        var done = 0
        var failure: Int32 = 0
        let bytes = [UInt8](unsafeUninitializedCapacity: extent.count) { buffer, count in
            while done < extent.count {
                let read = pread(
                    descriptor, buffer.baseAddress! + done, extent.count - done,
                    extent.offset + done)
                if read < 0, errno == EINTR { continue }
                if read < 0 { failure = errno }
                if read <= 0 { break }
                done += read
            }
            buffer[done...].initialize(repeating: 0)
            count = extent.count
        }
        guard failure == 0 else { throw SystemError(failure, "read from a temporary file") }
        return bytes
    }

    /// Gives the room of bytes that are not needed any more back to the disk, if possible.
    package func discard(_ extent: Extent) {
        hector_punch_hole(descriptor, extent.offset, extent.count)
    }
}
