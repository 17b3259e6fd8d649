import Glibc

/// The folder of a store, and the names of its files.
struct Folder: Sendable {
    let path: String

    enum Kind: String, CaseIterable {
        case records, index, places, log
    }

    var catalog: String { "\(path)/catalog" }
    var newCatalog: String { "\(path)/catalog.new" }
    var lock: String { "\(path)/lock" }
    /// The file of a store of format 1.
    var oldData: String { "\(path)/data.mdb" }
    var oldLock: String { "\(path)/lock.mdb" }

    func file(_ kind: Kind, _ number: UInt32) -> String {
        let digits = String(number)
        let zeros = String(repeating: "0", count: max(0, 6 - digits.count))
        return "\(path)/\(kind.rawValue)-\(zeros)\(digits)"
    }

    /// Returns the files of the store that are there. A folder that is not there has none.
    func files() throws(StoreError) -> [(kind: Kind, number: UInt32)] {
        guard let entries = unsafe opendir(path) else {
            if errno == ENOENT { return [] }
            throw StoreError(errno, "read the folder '\(path)'")
        }
        defer { unsafe _ = closedir(entries) }
        var files: [(kind: Kind, number: UInt32)] = []
        while let entry = unsafe readdir(entries) {
            let name = unsafe withUnsafePointer(to: &entry.pointee.d_name) {
                unsafe String(cString: UnsafeRawPointer($0).assumingMemoryBound(to: CChar.self))
            }
            let parts = name.split(separator: "-")
            if parts.count == 2, let kind = Kind(rawValue: String(parts[0])),
                let number = UInt32(parts[1])
            {
                files.append((kind, number))
            }
        }
        return files
    }

    /// Returns the bytes of the files of the store.
    func size() throws(StoreError) -> Int {
        var size = 0
        for path in try files().map({ file($0.kind, $0.number) }) + [catalog] {
            var status = stat()
            if unsafe lstat(path, &status) == 0 { size += Int(status.st_size) }
        }
        return size
    }

    func exists(_ path: String) -> Bool { unsafe access(path, F_OK) == 0 }

    func rename(_ old: String, to new: String) throws(StoreError) {
        guard unsafe Glibc.rename(old, new) == 0 else { throw StoreError(errno, "rename '\(old)'") }
    }

    /// Removes a file, if it is there.
    func remove(_ path: String) { unsafe _ = unlink(path) }

    /// Removes the folder with the files of the store.
    func removeAll() {
        for (kind, number) in (try? files()) ?? [] { remove(file(kind, number)) }
        for path in [catalog, newCatalog, lock] { remove(path) }
        unsafe _ = rmdir(path)
    }

    /// Makes the names of files that were created or renamed durable.
    func sync() throws(StoreError) {
        let descriptor = unsafe open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw StoreError(errno, "open '\(path)'") }
        defer { close(descriptor) }
        // Some file systems cannot do that, and then need not.
        guard fsync(descriptor) == 0 || errno == EINVAL else {
            throw StoreError(errno, "write the folder '\(path)'")
        }
    }

    /// Throws for a path that cannot be the folder of a store; one that is missing can.
    func check() throws(StoreError) {
        var status = stat()
        if unsafe stat(path, &status) == 0 {
            if status.st_mode & S_IFMT == S_IFDIR { return }
            throw StoreError(ENOTDIR, "open '\(path)'")
        }
        if errno != ENOENT { throw StoreError(errno, "create '\(path)'") }
    }

    /// Makes the folder, and any missing folders above it, for their owner only.
    func make() throws(StoreError) { try Self.make(path) }

    private static func make(_ path: String) throws(StoreError) {
        if unsafe mkdir(path, 0o700) == 0 { return }
        var code = errno
        if code == ENOENT, let slash = path.lastIndex(of: "/"), slash != path.startIndex {
            try make(String(path[..<slash]))
            if unsafe mkdir(path, 0o700) == 0 { return }
            code = errno
        }
        // A path that exists and is not a folder is reported when a file in it is opened.
        guard code == EEXIST else { throw StoreError(code, "create '\(path)'") }
    }
}

extension StoreError {
    /// - Parameters:
    ///   - code: An `errno`.
    ///   - action: The action that failed, worded to follow "cannot".
    init(_ code: Int32, _ action: String) {
        self.init("cannot \(action): \(unsafe String(cString: strerror(code)))")
    }
}
