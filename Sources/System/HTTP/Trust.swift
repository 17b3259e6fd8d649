import CCurl
import Glibc

/// The trusted certificates as the environment sets them, with the variables of the curl tool and
/// of OpenSSL. libcurl itself does not read these, while it does read those for proxies.
struct Trust: Sendable {
    /// A file of certificates in PEM; nil for the system's.
    let file: String?

    /// A directory of certificates, as `c_rehash` makes.
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

/// - Returns: The value; nil if it is not set or empty.
func environmentVariable(_ name: String) -> String? {
    guard let value = getenv(name), value.pointee != 0 else { return nil }
    return String(cString: value)
}
