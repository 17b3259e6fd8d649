internal import JSON
import Synchronization
internal import Text

/// The secrets that this process has been given. They are left out of all that it reports, because
/// other programs and servers repeat in their errors what they were sent.
package enum KnownSecrets {
    /// The text in a secret's place.
    private static let mask = "********"

    /// The length, in bytes, below which a secret may occur in any text, and protects little.
    private static let shortest = 8

    /// The length, in bytes, from which on a line of a secret is one, too. Logs are written line by
    /// line.
    private static let shortestLine = 16

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
            } else {
                found.formUnion(Self.found(inURL: value))
            }
        }
        let users = ["user", "username"].compactMap { settings[$0] }
        if let user = users.first, let password = settings["password"], !password.isEmpty {
            found.insert(basic(user, password))
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

    /// Remembers the values of secret variables, and the passwords of URLs in any.
    ///
    /// - Returns: True if there is one.
    @discardableResult
    package static func add(environment: [String: String]) -> Bool {
        var found: Set<String> = []
        for (name, value) in environment where !value.isEmpty {
            if GivenSettings.secretGroups.contains(name.lowercased()) {
                gather(nested: value, into: &found)
            } else if !GivenSettings.isSecret(name) {
                found.formUnion(Self.found(inURL: value))
            } else if !isPath(value) {
                found.insert(value)
            }
        }
        remember(found)
        return !found.isEmpty
    }

    /// True for a value that only says where a key is. Base64 may begin with a slash, too.
    private static func isPath(_ value: String) -> Bool {
        guard value.hasPrefix("/") else { return false }
        let isBase64 = value.allSatisfy {
            $0.isASCII && ($0.isLetter || $0.isNumber) || "+/=".contains($0)
        }
        let folder = value.dropFirst().prefix { $0 != "/" }
        return !isBase64 || folder.endIndex < value.endIndex && topFolders.contains(String(folder))
    }

    private static let topFolders: Set = [
        "bin", "data", "dev", "etc", "home", "media", "mnt", "nix", "opt", "proc", "root", "run",
        "secrets", "srv", "sys", "tmp", "usr", "var", "workspace",
    ]

    /// True if a value is a URL with a password in it.
    package static func hasPassword(url value: String) -> Bool {
        credentials(ofURL: value)?.password.isEmpty == false
    }

    private static func remember(_ found: Set<String>) {
        var forms: Set<String> = []
        for secret in found where secret.utf8.count >= shortest {
            forms.insert(secret)
            forms.insert(percentEncoded(secret))
            let escaped = "\(Value.string(secret))".dropFirst().dropLast()
            forms.insert(String(escaped))
            // Some programs write it so.
            forms.insert(String(escaped).replacing("/", with: "\\/"))
            for line in lines(of: secret) { forms.insert(line) }
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

    /// Returns the lines of a secret that has several, such as a key in PEM, without those that
    /// every such key has.
    private static func lines(of secret: String) -> [String] {
        let lines = secret.split(whereSeparator: \.isNewline)
        guard lines.count > 1 else { return [] }
        return lines.filter { $0.utf8.count >= shortestLine && !$0.hasPrefix("-----") }
            .map(String.init)
    }

    /// Returns the password of a URL in the forms in which programs show and send it.
    private static func found(inURL text: String) -> Set<String> {
        guard let (user, password) = credentials(ofURL: text), !password.isEmpty else { return [] }
        let decoded = percentDecoded(password)
        return [password, decoded, basic(percentDecoded(user), decoded)]
    }

    /// Returns a user and a password as HTTP's scheme Basic sends them.
    private static func basic(_ user: String, _ password: String) -> String {
        Base64.encode(Array("\(user):\(password)".utf8))
    }

    private static func credentials(ofURL text: String) -> (user: String, password: String)? {
        guard let scheme = text.firstRange(of: "://") else { return nil }
        let authority = text[scheme.upperBound...].prefix { !"/?#".contains($0) }
        guard let at = authority.lastIndex(of: "@"),
            let colon = authority[..<at].firstIndex(of: ":")
        else { return nil }
        return (String(authority[..<colon]), String(authority[authority.index(after: colon)..<at]))
    }

    private static func percentDecoded(_ text: String) -> String {
        var bytes: [UInt8] = []
        var rest = Array(text.utf8)[...]
        while let byte = rest.popFirst() {
            let digits = rest.prefix(2)
            if byte == UInt8(ascii: "%"), digits.count == 2,
                let decoded = UInt8(String(decoding: digits, as: UTF8.self), radix: 16)
            {
                bytes.append(decoded)
                rest = rest.dropFirst(2)
            } else {
                bytes.append(byte)
            }
        }
        return String(decoding: bytes, as: UTF8.self)
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
