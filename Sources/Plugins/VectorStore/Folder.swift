import Glibc

/// Makes a folder, and any missing folders above it, for their owner only.
func makeFolder(_ path: String) throws(StoreError) {
    if unsafe mkdir(path, 0o700) == 0 { return }
    var code = errno
    if code == ENOENT, let slash = path.lastIndex(of: "/"), slash != path.startIndex {
        try makeFolder(String(path[..<slash]))
        if unsafe mkdir(path, 0o700) == 0 { return }
        code = errno
    }
    // A path that exists and is not a folder is reported when it is opened.
    guard code == EEXIST else {
        throw StoreError("cannot create '\(path)': \(unsafe String(cString: strerror(code)))")
    }
}
