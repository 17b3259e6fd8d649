import CUnix
import Glibc

/// The protection of secrets in the memory of this process.
package enum MemoryProtection {
    /// Keeps crashes of this process, and of those that it starts, from writing core files and from
    /// handing them to a program: with a limit of one byte the kernel does neither, with 0 it still
    /// does the latter (core(5)). The hard limit stays, so that a user can ask for one.
    package static func forbidCoreFiles() {
        var limits = rlimit()
        getrlimit(__rlimit_resource_t(RLIMIT_CORE.rawValue), &limits)
        limits.rlim_cur = min(1, limits.rlim_max)
        setrlimit(__rlimit_resource_t(RLIMIT_CORE.rawValue), &limits)
    }

    /// Keeps the memory of this process from core dumps and from other processes, except root's and
    /// a debugger that has started this process.
    ///
    /// Other processes of the user can no longer open `/proc/PID/fd`, so a process that hands out
    /// the path of a ``MemoryFile`` must not call this.
    package static func forbidDumps() {
        forbidCoreFiles()
        hector_forbid_dumps()
    }

    /// True if another process of this user may read the memory of this one.
    package static var mayBeDumped: Bool { hector_may_be_dumped() == 1 }
}
