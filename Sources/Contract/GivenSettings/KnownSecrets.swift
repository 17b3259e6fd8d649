internal import JSON
import Synchronization

/// The secrets that this process has been given. They are left out of all that it reports, because
/// other programs and servers repeat in their errors what they were sent.
package enum KnownSecrets {
    /// The text in a secret's place.
    private static let mask = "********"

    /// The length, in bytes, below which a secret may occur in any text, and protects little.
    private static let shortest = 8

    private static let secrets = Mutex<Set<String>>([])

    /// Remembers the secret ones of some settings.
    ///
    /// - Returns: True if there is one.
    @discardableResult
    package static func add(settings: [String: String]) -> Bool {
        var found: Set<String> = []
        for (name, value) in settings {
            if GivenSettings.secretGroups.contains(name.lowercased()) {
                gather(nested: value, into: &found)
            } else if GivenSettings.isSecret(name) {
                found.insert(value)
            } else if let password = password(ofURL: value) {
                found.insert(password)
            }
        }
        found = found.filter { !$0.isEmpty }
        remember(found)
        return !found.isEmpty
    }

    /// Remembers the contents of a file that were given as a setting. A file is named instead of a
    /// value to keep the value unseen, whatever the setting is called. A long text is none.
    package static func add(fileContents text: String) {
        if text.utf8.count <= 4096 { remember([text]) }
    }

    /// Remembers the values of secret variables.
    ///
    /// - Returns: True if there is one.
    @discardableResult
    package static func add(environment: [String: String]) -> Bool {
        let found = environment.filter { name, value in
            // The path of a key is not a secret.
            !value.isEmpty && !value.hasPrefix("/") && GivenSettings.isSecret(name)
        }
        remember(Set(found.values))
        return !found.isEmpty
    }

    private static func remember(_ found: Set<String>) {
        var forms: Set<String> = []
        for secret in found where secret.utf8.count >= shortest {
            forms.insert(secret)
            forms.insert(percentEncoded(secret))
            if let word = secret.split(separator: " ").last, word.utf8.count >= shortest {
                // Of "Bearer KEY", servers repeat the key.
                forms.insert(String(word))
            }
        }
        secrets.withLock { $0.formUnion(forms) }
    }

    /// Returns a text without the secrets.
    package static func redacted(_ text: String) -> String {
        let secrets = secrets.withLock { $0 }
        if secrets.isEmpty { return text }
        // The longest first, as one may be part of another.
        let found = secrets.filter { text.contains($0) }.sorted { $0.utf8.count > $1.utf8.count }
        return found.reduce(text) { $0.replacing($1, with: mask) }
    }

    /// Gathers the secrets of headers and environments, which have a name each.
    private static func gather(nested text: String, into found: inout Set<String>) {
        guard let members = try? Value(parsing: Array(text.utf8)).object else { return }
        for (name, value) in members where GivenSettings.isSecret(name) {
            if let value = value.string { found.insert(value) }
        }
    }

    private static func password(ofURL text: String) -> String? {
        guard let scheme = text.firstRange(of: "://") else { return nil }
        let authority = text[scheme.upperBound...].prefix { !"/?#".contains($0) }
        guard let at = authority.lastIndex(of: "@"),
            let colon = authority[..<at].firstIndex(of: ":")
        else { return nil }
        return String(authority[authority.index(after: colon)..<at])
    }

    /// Returns a text as it is in a URL.
    private static func percentEncoded(_ text: String) -> String {
        let digits = Array("0123456789ABCDEF")
        var encoded = ""
        for byte in text.utf8 {
            switch byte {
            case 48...57, 65...90, 97...122, 45, 46, 95, 126:
                encoded.unicodeScalars.append(Unicode.Scalar(byte))
            default: encoded += "%\(digits[Int(byte >> 4)])\(digits[Int(byte & 15)])"
            }
        }
        return encoded
    }
}
