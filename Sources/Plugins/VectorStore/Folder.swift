import Glibc

/// Makes a folder and those above it, for their owner only, where they are not there yet.
func makeFolder(_ path: String) throws(StoreError) {
    if unsafe mkdir(path, 0o700) == 0 { return }
    var code = errno
    if code == ENOENT, let slash = path.lastIndex(of: "/"), slash != path.startIndex {
        try makeFolder(String(path[..<slash]))
        if unsafe mkdir(path, 0o700) == 0 { return }
        code = errno
    }
    // What is there but no folder is told by whoever opens it.
    guard code == EEXIST else {
        throw StoreError("cannot create '\(path)': \(unsafe String(cString: strerror(code)))")
    }
}
