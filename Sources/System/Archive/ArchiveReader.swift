import CArchive
import Glibc

/// A reader of a tar archive, packed with gzip, zstd, xz or not at all.
///
/// It only reads: names and links are handed on as they are written.
package final class ArchiveReader {
    // libarchive's reader, freed with this value.
    private let raw: OpaquePointer
    private let descriptor: Int32

    /// Opens a regular file.
    package init(_ path: String) throws(ArchiveError) {
        descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK)
        guard descriptor >= 0 else { throw ArchiveError(String(cString: strerror(errno))) }
        guard let raw = archive_read_new() else {
            close(descriptor)
            throw ArchiveError("out of memory")
        }
        self.raw = raw
        // Only what plugins are packed with: each further format is code that reads what others
        // wrote. A filter that runs a program instead of a library returns ARCHIVE_WARN, and is
        // not used.
        archive_read_support_filter_gzip(raw)
        archive_read_support_filter_zstd(raw)
        archive_read_support_filter_xz(raw)
        archive_read_support_format_tar(raw)
        guard archive_read_open_fd(raw, descriptor, 64 * 1024) == ARCHIVE_OK else { throw error }
    }

    deinit {
        archive_read_free(raw)
        close(descriptor)
    }

    /// Returns the next entry; nil after the last.
    package func next() throws(ArchiveError) -> ArchiveEntry? {
        var entry: OpaquePointer?
        switch archive_read_next_header(raw, &entry) {
        case ARCHIVE_EOF: return nil
        case ARCHIVE_OK, ARCHIVE_WARN: break
        default: throw error
        }
        guard let entry else { return nil }
        return ArchiveEntry(entry)
    }

    /// Reads the next bytes of the current entry into `block`, which is empty at its end.
    ///
    /// - Parameter size: The most bytes to read.
    package func read(
        into block: inout [UInt8], atMost size: Int
    ) throws(ArchiveError) {
        var count = 0
        block = [UInt8](unsafeUninitializedCapacity: size) { buffer, filled in
            repeat {
                count = archive_read_data(raw, buffer.baseAddress, size)
            } while count == Int(ARCHIVE_RETRY)
            filled = max(0, count)
        }
        // A warning is about the metadata, except that it is returned in the place of a count.
        if count < 0 { throw error }
    }

    private var error: ArchiveError {
        let words = archive_error_string(raw).map { String(cString: $0) } ?? "it is damaged"
        return ArchiveError(words)
    }
}

/// An entry of an archive, as it is written there.
package struct ArchiveEntry: Sendable {
    package enum Kind: Sendable, Equatable {
        case file, directory
        /// A symbolic link and its target.
        case link(String)
        case hardLink
        /// A device, a pipe or a socket.
        case special
    }

    /// The name; nil if it is not UTF-8.
    package let name: String?
    package let kind: Kind

    /// The permissions, such as `0o4755`.
    package let mode: UInt32

    /// The bytes of the file, as the archive says.
    package let size: Int

    fileprivate init(_ raw: OpaquePointer) {
        name = text(archive_entry_pathname(raw)) ?? text(archive_entry_pathname_utf8(raw))
        mode = UInt32(archive_entry_mode(raw)) & 0o7777
        size = Int(archive_entry_size(raw))
        if archive_entry_hardlink(raw) != nil || archive_entry_hardlink_utf8(raw) != nil {
            kind = .hardLink
            return
        }
        switch archive_entry_filetype(raw) {
        case S_IFREG: kind = .file
        case S_IFDIR: kind = .directory
        case S_IFLNK:
            let target =
                text(archive_entry_symlink(raw)) ?? text(archive_entry_symlink_utf8(raw))
            // An empty target is refused with the others that lead nowhere.
            kind = .link(target ?? "")
        default: kind = .special
        }
    }
}

/// Returns a copy of a text of libarchive; nil if there is none or it is not UTF-8.
private func text(_ raw: UnsafePointer<CChar>?) -> String? {
    raw.flatMap { String(validatingCString: $0) }
}
