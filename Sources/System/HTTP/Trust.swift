import CCurl
import Glibc

/// Whose certificates are trusted, by the environment: the variables of the curl tool and of
/// OpenSSL, which libcurl itself does not read. Proxies it does look up.
struct Trust: Sendable {
    /// A file of certificates in PEM; nil is the system's.
    let file: String?

    /// A directory of them, as `c_rehash` makes.
    let directory: String?

    static let fromEnvironment = Trust(environment: environmentVariable)

    init(environment: (String) -> String?) {
        file = environment("CURL_CA_BUNDLE") ?? environment("SSL_CERT_FILE")
        directory = environment("SSL_CERT_DIR")
    }

    func apply(to easy: UnsafeMutableRawPointer) {
        if let file { hector_curl_set_string(easy, CURLOPT_CAINFO, file) }
        if let directory { hector_curl_set_string(easy, CURLOPT_CAPATH, directory) }
    }
}

/// - Returns: nil for one that is empty, too.
func environmentVariable(_ name: String) -> String? {
    guard let value = getenv(name), value.pointee != 0 else { return nil }
    return String(cString: value)
}
