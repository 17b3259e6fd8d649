internal import JSON

/// The settings that a plugin was initialized with, which it keeps.
package struct GivenSettings: Sendable {
    private let values: [String: String]

    package init(_ values: [String: String]) { self.values = values }

    /// Describes each requested setting that has a different value here, with both values where
    /// they may be shown. Settings that are not requested may have any value, so an empty request
    /// never differs.
    ///
    /// - Returns: Nil if all requested settings have the same values here.
    package func difference(from asked: [String: String]) -> String? {
        let differences = asked.keys.sorted().compactMap { name -> String? in
            guard let wanted = asked[name] else { return nil }
            guard let value = values[name] else {
                return Self.isShown(name, wanted)
                    ? "'\(name)' is not set, and would be '\(wanted)'" : "'\(name)' is not set"
            }
            if Self.areEqual(value, wanted) { return nil }
            return Self.isShown(name, value) && Self.isShown(name, wanted)
                ? "'\(name)' is '\(value)', not '\(wanted)'"
                : "'\(name)' is another than the one given"
        }
        return differences.isEmpty ? nil : differences.joined(separator: ", ")
    }

    /// Compares texts, and nested values as JSON: members may be in any order, and numbers may be
    /// spelled in any way.
    private static func areEqual(_ left: String, _ right: String) -> Bool {
        if left.utf8.elementsEqual(right.utf8) { return true }
        guard let left = nested(left), let right = nested(right) else { return false }
        return left.canonical == right.canonical
    }

    private static func nested(_ text: String) -> Value? {
        guard let first = text.utf8.first(where: { !" \t\r\n".utf8.contains($0) }),
            first == UInt8(ascii: "{") || first == UInt8(ascii: "[")
        else { return nil }
        return try? Value(parsing: Array(text.utf8))
    }

    /// True if a value may stand in a message: it is short, and cannot contain a secret, as URLs
    /// and nested values can.
    private static func isShown(_ name: String, _ value: String) -> Bool {
        !isSecret(name) && value.utf8.count <= longestShown
            && value.unicodeScalars.allSatisfy { scalar in
                scalar.properties.isAlphabetic || (48...57).contains(scalar.value)
                    || " _-+.,:/~".unicodeScalars.contains(scalar)
            }
    }

    /// The most bytes of a value that is shown.
    private static let longestShown = 80
}
