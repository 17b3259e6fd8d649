/// The texts that must not be shown, which are hidden in other programs' messages.
struct Secret: Sendable {
    /// The length below which secrets may occur in any text, and protect little.
    private static let shortest = 8

    /// The number of characters by which a key is recognized.
    private static let beginning = 6

    private let secrets: [String]

    init(_ secrets: [String]) {
        self.secrets = secrets.filter { $0.utf8.count >= Self.shortest }
    }

    /// Replaces each secret, and each word that begins like one: servers show keys with only their
    /// middle left out.
    func hidden(in text: String) -> String {
        var text = text
        for secret in secrets {
            text = text.replacing(secret, with: "…")
            guard secret.count >= 2 * Self.beginning else { continue }
            let start = secret.prefix(Self.beginning)
            while let found = text.firstRange(of: start) {
                let end = text[found.lowerBound...].firstIndex { !isKeyCharacter($0) }
                text.replaceSubrange(found.lowerBound..<(end ?? text.endIndex), with: "…")
            }
        }
        return text
    }

    private func isKeyCharacter(_ character: Character) -> Bool {
        !character.isWhitespace && !"'\"`,;)]}".contains(character)
    }
}
