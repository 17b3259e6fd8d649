/// This Hector's version, which manifests may ask for.
package let hectorVersion = Version(major: 0, minor: 1, patch: 0)

/// A version as Semantic Versioning 2.0.0 (semver.org) has it, with all three numbers.
package struct Version: Sendable {
    package let major, minor, patch: Int

    /// Dot-separated identifiers; empty for a release.
    package let prerelease: [Substring]

    /// After `+`; no part of the order.
    package let build: Substring

    package init(
        major: Int, minor: Int, patch: Int, prerelease: [Substring] = [], build: Substring = ""
    ) {
        (self.major, self.minor, self.patch) = (major, minor, patch)
        (self.prerelease, self.build) = (prerelease, build)
    }

    /// Nil if the text is not such a version; `1.0`, `v1.0.0` and `01.0.0` are not.
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

    /// Digits without a leading zero; the number and the next one fit.
    static func number(_ text: Substring) -> Int? {
        guard text.utf8.allSatisfy(isDigit), text == "0" || text.first != "0" else { return nil }
        return Int(text).flatMap { $0 < .max ? $0 : nil }
    }

    /// The identifiers of what follows a hyphen, or nil if they are none.
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
    /// Precedence, §11 of Semantic Versioning: builds that differ are equal.
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

/// The numbers, what follows the first hyphen, and what follows the plus.
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

/// Whether the text is dot-separated identifiers, none of them empty.
private func areIdentifiers(_ text: Substring) -> Bool {
    text.split(separator: ".", omittingEmptySubsequences: false).allSatisfy {
        !$0.isEmpty
            && $0.utf8.allSatisfy { byte in
                isDigit(byte) || (0x61...0x7a).contains(byte | 0x20) || byte == UInt8(ascii: "-")
            }
    }
}
