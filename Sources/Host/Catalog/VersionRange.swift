/// The versions that a manifest's `hector_version` accepts.
///
/// It is one or more comparisons, separated by commas or spaces, all of which must hold: `=`, `>`,
/// `>=`, `<`, `<=`, `^` (up to the next incompatible version, by the leftmost number that is not
/// zero) and `~` (up to the next minor number). A version with fewer numbers, or with `*` or `x`
/// for one, stands for all that begin with the given numbers; without an operator it means `=`. `*`
/// is any version.
///
/// Prereleases are compared by precedence, except that an upper bound excludes its own: `<2.0.0`
/// does not accept `2.0.0-rc.1`, `<2.0.0-rc.2` does.
package struct VersionRange: Sendable {
    package let text: String
    private let bounds: [Bound]

    private enum Bound {
        case atLeast(Version), above(Version), atMost(Version), below(Version)

        func accepts(_ version: Version) -> Bool {
            switch self {
            case .atLeast(let bound): version >= bound
            case .above(let bound): version > bound
            case .atMost(let bound): version <= bound
            case .below(let bound): version < bound
            }
        }
    }

    /// Reads a range. Nil if the text is not one.
    package init?(_ text: String) {
        self.text = text
        var bounds: [Bound] = []
        var rest = text.drop { $0 == " " }
        guard !rest.isEmpty else { return nil }
        while !rest.isEmpty {
            let sign = rest.prefix { "=<>^~".contains($0) }
            rest = rest.dropFirst(sign.count).drop { $0 == " " }
            let version = rest.prefix { $0 != "," && $0 != " " }
            rest = rest.dropFirst(version.count).drop { $0 == " " }
            guard let partial = PartialVersion(version),
                let next = VersionRange.bounds(String(sign), partial)
            else { return nil }
            bounds += next
            guard rest.first == "," else { continue }
            rest = rest.dropFirst().drop { $0 == " " }
            if rest.isEmpty { return nil }
        }
        self.bounds = bounds
    }

    package func contains(_ version: Version) -> Bool {
        bounds.allSatisfy { $0.accepts(version) }
    }

    /// Returns the bounds for a comparison; nil if there is no such operator.
    private static func bounds(_ sign: String, _ version: PartialVersion) -> [Bound]? {
        let (first, next) = (version.first, version.next(after: version.count))
        switch sign {
        case "", "=":
            guard let next else { return [] }
            return version.count == 3
                ? [.atLeast(first), .atMost(first)] : [.atLeast(first), next]
        case ">=": return [.atLeast(first)]
        case ">":
            if version.count == 3 { return [.above(first)] }
            // No version is greater than all versions.
            return [version.end.map { .atLeast($0) } ?? .below(first)]
        case "<": return [.below(first.withoutItsPrereleases)]
        case "<=": return version.count == 3 ? [.atMost(first)] : next.map { [$0] } ?? []
        case "~": return [.atLeast(first)] + (version.next(after: 2).map { [$0] } ?? [])
        case "^":
            let numbers = [first.major, first.minor, first.patch]
            let breaking = numbers.firstIndex { $0 != 0 } ?? 2
            return [.atLeast(first)] + (version.next(after: breaking + 1).map { [$0] } ?? [])
        default: return nil
        }
    }

    /// A version of which possibly only the first numbers are given.
    private struct PartialVersion {
        /// The number of numbers given.
        let count: Int

        /// The lowest version that begins with these numbers.
        let first: Version

        init?(_ text: Substring) {
            let (core, prerelease, build) = split(text)
            let parts = core.split(separator: ".", omittingEmptySubsequences: false)
            let given = parts.prefix { !["*", "x", "X"].contains($0) }
            let numbers = given.compactMap { $0.isEmpty ? nil : Version.number($0) }
            guard (1...3).contains(parts.count), numbers.count == given.count,
                parts.dropFirst(given.count).allSatisfy({ ["*", "x", "X"].contains($0) }),
                let identifiers = Version.prerelease(prerelease),
                numbers.count == 3 || prerelease == nil && build == nil
            else { return nil }
            count = numbers.count
            let padded = numbers + [0, 0, 0]
            first = Version(
                major: padded[0], minor: padded[1], patch: padded[2], prerelease: identifiers)
        }

        /// The lowest higher release that does not begin with these numbers; nil if all versions
        /// do.
        var end: Version? { raised(count) }

        /// Returns the bound below the lowest higher release that differs in the first `count`
        /// numbers.
        func next(after count: Int) -> Bound? {
            raised(min(count, self.count)).map { .below($0.withoutItsPrereleases) }
        }

        private func raised(_ count: Int) -> Version? {
            switch count {
            case 0: nil
            case 1: Version(major: first.major + 1, minor: 0, patch: 0)
            case 2: Version(major: first.major, minor: first.minor + 1, patch: 0)
            default: Version(major: first.major, minor: first.minor, patch: first.patch + 1)
            }
        }
    }
}

extension Version {
    /// The version itself, or for a release the lowest of its prereleases.
    fileprivate var withoutItsPrereleases: Version {
        guard prerelease.isEmpty else { return self }
        return Version(major: major, minor: minor, patch: patch, prerelease: ["0"])
    }
}
