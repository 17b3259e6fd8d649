/// The most that a package may contain.
package struct PackageLimits: Sendable {
    /// The bytes of all files, unpacked.
    package var bytes = 2 << 30

    /// The files, folders and links.
    package var entries = 20_000

    /// The bytes of a path.
    package var path = 512

    /// The folders on the way to a file.
    package var depth = 32

    package init() {}
}
