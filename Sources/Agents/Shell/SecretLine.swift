internal import Configuration
internal import Text

/// A line that a user types with a secret in it, which the history leaves out.
package enum SecretLine {
    /// True for a command that sets a secret, such as `.set api_key=VALUE`, and for any text with a
    /// key that is known by its form.
    package static func hasSecret(_ line: String) -> Bool {
        let line = String(line.trimmed)
        let isCommand = line.first.map { ".!|".contains($0) } == true
        if !isCommand { return Settings.hasKnownKey(line) }
        // `.set api_key=default` takes a key back.
        if line.hasPrefix(".set "), line.hasSuffix("=\(Preferences.standard)") { return false }
        if Settings.masked(line) != line { return true }
        // `.set api_key VALUE` sets nothing, and yet shows a key.
        let words = line.split(whereSeparator: \.isWhitespace)
        return words.count > 2 && words[0] == ".set" && Settings.isSecret(String(words[1]))
    }
}
