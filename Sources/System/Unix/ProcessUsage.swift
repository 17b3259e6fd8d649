import Glibc

/// The use by a process of the resources that getrlimit(2) limits: proc(5).
package struct ProcessUsage: Sendable {
    package let descriptors, threads: Int

    /// The peak of mapped memory and the peak of resident memory, in bytes.
    package let addressSpace, memory: Int

    /// - Returns: Nil for a process that does not exist or belongs to another user.
    package init?(of process: Int32) {
        guard let status = try? File.read("/proc/\(process)/status", limit: 1 << 16).bytes,
            let files = try? Directory.names(in: "/proc/\(process)/fd")
        else { return nil }
        let lines = String(decoding: status, as: UTF8.self).split(separator: "\n")
        func number(_ name: String) -> Int? {
            lines.first { $0.hasPrefix(name + ":") }.flatMap {
                Int($0.drop { !$0.isNumber }.prefix { $0.isNumber })
            }
        }
        guard let threads = number("Threads"), let mapped = number("VmPeak"),
            let memory = number("VmHWM")
        else { return nil }
        descriptors = files.count
        self.threads = threads
        addressSpace = mapped << 10
        self.memory = memory << 10
    }
}
