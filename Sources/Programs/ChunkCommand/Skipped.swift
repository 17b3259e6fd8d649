import Chunking
import Documents
import JSON
import Unix

/// A file that is skipped from its start, or after some of its records have been written.
struct Skipped: Error {
    /// The path; nil if there is none.
    let path: String?

    /// A single word for scripts.
    let code: String

    /// A message for people.
    let message: String

    /// True if the user may not want to see it.
    var isMinor = false

    init(path: String?, code: String, message: String) {
        self.path = path
        self.code = code
        self.message = message
    }

    init(_ path: String, _ reason: SkipReason) {
        self.init(
            path: path, code: reason.code.rawValue, message: "skipped '\(path)': \(reason)")
        isMinor = reason.code == .notText
    }

    init(directory path: String) {
        self.init(
            path: path, code: "is_directory",
            message:
                "'\(path)' is a directory; list its files: find '\(path)' -type f | hector-chunk")
    }

    /// The line for `--errors`.
    var record: [UInt8] {
        var json = Array("{".utf8)
        if let path {
            json += #""id":"#.utf8
            let shown = String(decoding: RawPath.bytes(of: path), as: UTF8.self)
            json.appendJSON(string: RawPath.isRaw(path) ? documentID(path) : path)
            json += #","metadata":{"path":"#.utf8
            json.appendJSON(string: shown)
            json += "},".utf8
        }
        json += #""error":{"stage":"chunk","code":"#.utf8
        json.appendJSON(string: code)
        json += #","message":"#.utf8
        json.appendJSON(string: message)
        json += #","retryable":false}}"#.utf8
        json.append(UInt8(ascii: "\n"))
        return json
    }
}

/// Runs `body`; a failure of it is a reason to skip a file.
func skipping<R>(_ path: String, _ body: () throws(SystemError) -> R) throws(Skipped) -> R {
    do { return try body() } catch {
        throw Skipped(path: path, code: "cannot_read", message: "\(error)")
    }
}
