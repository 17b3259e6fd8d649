import Glibc

/// An open file's number, closed when nobody has it any more.
struct Descriptor: ~Copyable {
    let raw: Int32

    /// - Parameter raw: Not negative.
    init(takingOwnershipOf raw: Int32) { self.raw = raw }

    deinit { close(raw) }
}
