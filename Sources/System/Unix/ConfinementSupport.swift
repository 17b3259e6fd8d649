import CUnix

/// The means that a kernel has to confine programs.
package struct ConfinementSupport: Equatable, Sendable {
    /// The version of Landlock's interface; 0 without Landlock.
    package var landlock: Int

    /// True if it filters system calls.
    package var hasFilters: Bool

    package init(landlock: Int, hasFilters: Bool) {
        self.landlock = landlock
        self.hasFilters = hasFilters
    }

    /// The means of the running kernel.
    package static let current = ConfinementSupport(
        landlock: Int(hector_landlock_version()), hasFilters: hector_has_filters() != 0)
}
