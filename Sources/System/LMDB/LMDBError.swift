internal import CLMDB
internal import Glibc

/// An error of LMDB.
package struct LMDBError: Error, Equatable {
    /// An `errno`, or one of LMDB's own negative codes.
    package let code: Int32

    /// The action that failed, worded to follow "cannot".
    package let action: String

    init(_ code: Int32, _ action: String) {
        self.code = code
        self.action = action
    }

    /// True if the file is not an LMDB file, was truncated, or has a different format version.
    package var isUnusableFile: Bool {
        [MDB_INVALID, MDB_VERSION_MISMATCH, MDB_CORRUPTED, MDB_PAGE_NOTFOUND].contains(code)
    }
}

extension LMDBError: CustomStringConvertible {
    package var description: String { "cannot \(action): \(reason)" }

    /// The description from LMDB, in the style of our messages.
    private var reason: String {
        switch code {
        case MDB_INVALID: "it is not an LMDB file"
        case MDB_VERSION_MISMATCH: "it was written by another version of LMDB"
        case MDB_CORRUPTED, MDB_PAGE_NOTFOUND: "the file is damaged"
        case ENOMEM:
            "\(String(cString: mdb_strerror(code))); the file takes as much address space as it is "
                + "long (ulimit -v)"
        // LMDB also returns this for a write that was cut short.
        case EIO: "Input/output error; is the disk full?"
        default: String(cString: mdb_strerror(code))
        }
    }
}

/// Throws unless `code` is success.
func check(_ code: Int32, _ action: @autoclosure () -> String) throws(LMDBError) {
    guard code == MDB_SUCCESS else { throw LMDBError(code, action()) }
}
