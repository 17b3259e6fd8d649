internal import Glibc
internal import Unix

/// Why a program could not be started, in words that say what to do about it.
func whyNotStarted(_ error: SystemError, path: String) -> String {
    let kind = (try? File(path))?.kind
    return switch error.code {
    case ENOENT where kind != nil:
        "'\(path)' needs an interpreter or loader that is not installed"
    case ENOENT:
        "'\(path)' does not exist"
    case EACCES where kind == .directory:
        "'\(path)' is a directory"
    case EACCES where kind != nil && !File.isExecutable(path):
        "'\(path)' is not executable; chmod +x it"
    case ENOEXEC:
        if let machine = File.foreignMachine(of: path) {
            "'\(path)' is built for \(machine), not for this machine"
        } else {
            "'\(path)' is no program for this machine; "
                + "a script has to name its interpreter in its first line, after '#!'"
        }
    default:
        error.description
    }
}
