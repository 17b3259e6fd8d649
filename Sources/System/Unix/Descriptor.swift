import Glibc

/// The number of an open file. The file is closed at the end of this value's life.
struct Descriptor: ~Copyable {
    let raw: Int32

    /// - Parameter raw: A number that is not negative.
    init(takingOwnershipOf raw: Int32) { self.raw = raw }

    deinit { close(raw) }
}
