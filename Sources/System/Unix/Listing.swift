import CUnix
import Glibc

extension Directory {
    /// A name in a directory and the file that has it.
    package struct Entry: Sendable {
        /// The name as the kernel has it, which need not be UTF-8.
        package let name: [UInt8]
        package let kind: File.Kind

        /// The description of the file, for a regular file only.
        package let file: File?
    }

    /// Returns the entries of a directory in the order of the names' bytes. Links are not followed.
    package static func entries(in path: String) throws(SystemError) -> [Entry] {
        guard let stream = RawPath.with(path, { opendir($0) }) else {
            throw SystemError(errno, "open '\(path)'")
        }
        defer { closedir(stream) }
        let directory = dirfd(stream)
        var entries: [Entry] = []
        while true {
            errno = 0
            guard let next = readdir(stream) else { break }
            let found: Result<Entry?, SystemError> = withUnsafePointer(to: &next.pointee.d_name) {
                $0.withMemoryRebound(to: CChar.self, capacity: Int(NAME_MAX) + 1) { name in
                    entry(name, type: Int(next.pointee.d_type), in: directory, at: path)
                }
            }
            if let entry = try found.get() { entries.append(entry) }
        }
        guard errno == 0 else { throw SystemError(errno, "read '\(path)'") }
        return entries.sorted { $0.name.lexicographicallyPrecedes($1.name) }
    }

    /// - Returns: Nil for `.` and `..`, and for a file that has been deleted in the meantime.
    private static func entry(
        _ name: UnsafePointer<CChar>, type: Int, in directory: Int32, at path: String
    ) -> Result<Entry?, SystemError> {
        let length = strlen(name)
        if name[0] == 0x2E, length == 1 || (length == 2 && name[1] == 0x2E) {
            return .success(nil)
        }
        let bytes = UnsafeBufferPointer(start: name, count: length).map { UInt8(bitPattern: $0) }
        switch type {
        case Int(DT_DIR): return .success(Entry(name: bytes, kind: .directory, file: nil))
        case Int(DT_LNK): return .success(Entry(name: bytes, kind: .link, file: nil))
        case Int(DT_REG), Int(DT_UNKNOWN): break
        default: return .success(Entry(name: bytes, kind: .other, file: nil))
        }
        var status = stat()
        guard fstatat(directory, name, &status, AT_SYMLINK_NOFOLLOW) == 0 else {
            // Files in a folder that may be read but not entered have not been deleted.
            let error = SystemError(errno, "open '\(path)/\(String(cString: name))'")
            return error.isAbsence ? .success(nil) : .failure(error)
        }
        let file = File(status)
        let entry = Entry(name: bytes, kind: file.kind, file: file.kind == .regular ? file : nil)
        return .success(entry)
    }
}
