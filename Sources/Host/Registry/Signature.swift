internal import JSON
internal import OpenSSL
internal import Text

/// A signature in cosign's form with a public key: ECDSA over a payload in JSON, which names what is
/// signed.
enum Signature {
    /// The annotation of the payload's layer, with the signature in base64.
    static let annotation = "dev.cosignproject.cosign/signature"

    /// Returns the reason why a signature does not count, worded to follow the name of what should
    /// be signed; nil if it counts.
    static func problem(
        _ signature: String, payload: [UInt8], key: SigningKey, digest: String,
        reference: Reference
    ) -> String? {
        guard let bytes = try? Base64.decode(signature), key.verifies(bytes, over: payload) else {
            return "is signed with another key"
        }
        // From here on the payload is the signer's own word.
        guard let critical = (try? Value(parsing: payload))?["critical"],
            critical["type"]?.string == "cosign container image signature"
        else { return "has a signature that is not cosign's" }
        guard critical["image"]?["docker-manifest-digest"]?.string == digest else {
            return "has the signature of something else"
        }
        let name = critical["identity"]?["docker-reference"]?.string ?? ""
        guard reference.isNamed(by: name) else {
            return "is signed as '\(VisibleText(name))'"
        }
        return nil
    }
}
