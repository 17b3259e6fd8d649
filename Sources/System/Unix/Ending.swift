import Glibc

/// The way in which a process ended.
package enum Ending: Equatable, Sendable {
    case exited(Int32)
    case signalled(Int32)

    /// - Parameter waitStatus: As waitpid(2) encodes it.
    init(waitStatus: Int32) {
        let signal = waitStatus & 0x7f
        self = signal == 0 ? .exited((waitStatus >> 8) & 0xff) : .signalled(signal)
    }
}

extension Ending: CustomStringConvertible {
    package var description: String {
        switch self {
        case .exited(let status): "exited with status \(status)"
        case .signalled(let number):
            "was killed by signal \(number) (\(String(cString: strsignal(number))))"
        }
    }
}
