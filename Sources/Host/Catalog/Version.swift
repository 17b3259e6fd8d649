/// The version of this Hector, which manifests may require.
package let hectorVersion = Version(major: 0, minor: 1, patch: 0)

/// A version of Semantic Versioning 2.0.0 (semver.org), with all three numbers.
package struct Version: Sendable {
    package let major, minor, patch: Int

    /// The identifiers of a prerelease, separated by dots; empty for a release.
    package let prerelease: [Substring]

    /// The text after `+`, which does not affect the order.
    package let build: Substring

    package init(
        major: Int, minor: Int, patch: Int, prerelease: [Substring] = [], build: Substring = ""
    ) {
        (self.major, self.minor, self.patch) = (major, minor, patch)
        (self.prerelease, self.build) = (prerelease, build)
    }

    /// Reads a version. Nil if the text is not one; `1.0`, `v1.0.0` and `01.0.0` are not.
    package init?(_ text: String) {
        let (core, prerelease, build) = split(Substring(text))
        let numbers = core.split(separator: ".", omittingEmptySubsequences: false)
            .map(Version.number)
        guard numbers.count == 3, let major = numbers[0], let minor = numbers[1],
            let patch = numbers[2],
            let identifiers = Version.prerelease(prerelease),
            build.map(areIdentifiers) ?? true
        else { return nil }
        self.init(
            major: major, minor: minor, patch: patch, prerelease: identifiers, build: build ?? "")
    }

    /// Reads digits without a leading zero. The number and its successor have to fit into an Int.
    static func number(_ text: Substring) -> Int? {
        guard text.utf8.allSatisfy(isDigit), text == "0" || text.first != "0" else { return nil }
        return Int(text).flatMap { $0 < .max ? $0 : nil }
    }

    /// Returns the identifiers after a hyphen, or nil if they are malformed.
    static func prerelease(_ text: Substring?) -> [Substring]? {
        guard let text else { return [] }
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        let hasLeadingZero = parts.contains {
            $0.count > 1 && $0.first == "0" && $0.utf8.allSatisfy(isDigit)
        }
        return areIdentifiers(text) && !hasLeadingZero ? parts : nil
    }
}

extension Version: Comparable {
    /// Compares by precedence, §11 of Semantic Versioning: versions that differ only in their
    /// builds are equal.
    package static func == (a: Version, b: Version) -> Bool { !(a < b) && !(b < a) }

    package static func < (a: Version, b: Version) -> Bool {
        let (left, right) = ((a.major, a.minor, a.patch), (b.major, b.minor, b.patch))
        if left != right { return left < right }
        if a.prerelease.isEmpty || b.prerelease.isEmpty {
            return !a.prerelease.isEmpty && b.prerelease.isEmpty
        }
        for (x, y) in zip(a.prerelease, b.prerelease) where x != y {
            switch (x.utf8.allSatisfy(isDigit), y.utf8.allSatisfy(isDigit)) {
            // Neither has leading zeros, and either may be longer than an Int.
            case (true, true): return (x.utf8.count, String(x)) < (y.utf8.count, String(y))
            case (true, false): return true
            case (false, true): return false
            case (false, false): return x.utf8.lexicographicallyPrecedes(y.utf8)
            }
        }
        return a.prerelease.count < b.prerelease.count
    }
}

extension Version: CustomStringConvertible {
    package var description: String {
        "\(major).\(minor).\(patch)"
            + (prerelease.isEmpty ? "" : "-" + prerelease.joined(separator: "."))
            + (build.isEmpty ? "" : "+" + build)
    }
}

/// Returns the numbers, the text after the first hyphen, and the text after the plus.
func split(_ text: Substring) -> (core: Substring, prerelease: Substring?, build: Substring?) {
    let beforeBuild = text.prefix { $0 != "+" }
    let core = beforeBuild.prefix { $0 != "-" }
    return (
        core,
        core.count < beforeBuild.count ? beforeBuild.dropFirst(core.count + 1) : nil,
        beforeBuild.count < text.count ? text.dropFirst(beforeBuild.count + 1) : nil
    )
}

private func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }

/// Returns true if the text is a list of identifiers separated by dots, none of them empty.
private func areIdentifiers(_ text: Substring) -> Bool {
    text.split(separator: ".", omittingEmptySubsequences: false).allSatisfy {
        !$0.isEmpty
            && $0.utf8.allSatisfy { byte in
                isDigit(byte) || (0x61...0x7a).contains(byte | 0x20) || byte == UInt8(ascii: "-")
            }
    }
}
