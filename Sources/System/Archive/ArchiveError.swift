/// A tar archive that cannot be read.
package struct ArchiveError: Error, Equatable {
    /// The reason, worded to follow "cannot unpack the archive: ".
    package let reason: String

    package init(_ reason: String) {
        self.reason = reason
    }
}

extension ArchiveError: CustomStringConvertible {
    package var description: String { reason }
}
