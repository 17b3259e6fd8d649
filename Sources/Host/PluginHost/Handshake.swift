package import GRPC
internal import GivenSettings
internal import OpenSSL
internal import Text
internal import Unix

/// The first line of a plugin's output, as HashiCorp's go-plugin defined it:
/// `CORE|APP|NETWORK|ADDRESS|PROTOCOL|CERT|MUX`.
package struct Handshake: Equatable, Sendable {
    package let address: Address

    /// The certificate in PEM; nil for a plugin that does not speak TLS.
    package let certificate: String?

    /// False for a line after which the plugin did not print a newline.
    package var isTerminated = true

    /// The only version of the application protocol.
    package static let version = 1

    /// - Parameter line: The bytes that a plugin printed, without the newline.
    init(line: some Collection<UInt8>) throws(HandshakeError) {
        if let encoding = TextEncoding(betrayedBy: line) { throw .encoding(encoding) }
        try self.init(line: String(decoding: line, as: UTF8.self))
    }

    /// - Parameter line: The line without its newline.
    package init(line: String) throws(HandshakeError) {
        let fields = line.trimmed.split(separator: "|", omittingEmptySubsequences: false)
        guard fields.count >= 4 else { throw .malformed(line) }
        guard fields[0] == "1" else { throw .coreVersion(String(fields[0])) }
        guard Int(fields[1]) == Self.version else { throw .version(String(fields[1])) }
        let transport = fields.count > 4 ? fields[4] : "netrpc"
        guard transport == "grpc" else { throw .transport(String(transport)) }
        address = try Self.address(network: fields[2], text: String(fields[3]))
        // Old plugins put other short text there.
        if fields.count > 5, fields[5].utf8.count > 50 {
            do {
                certificate = try Certificate(handshakeField: fields[5]).pem
            } catch {
                throw .certificate("\(error)")
            }
        } else {
            certificate = nil
        }
    }

    /// Returns the socket that a line names, even a line that is refused.
    static func socket(in line: [UInt8]) -> String? {
        let line = String(decoding: line, as: UTF8.self)
        let fields = line.split(separator: "|", omittingEmptySubsequences: false)
        guard fields.count >= 4, fields[2] == "unix", fields[3].hasPrefix("/") else { return nil }
        return String(fields[3])
    }

    private static func address(network: Substring, text: String) throws(HandshakeError) -> Address
    {
        switch network {
        case "unix":
            guard !text.isEmpty else { throw .address(text) }
            guard text.utf8.count <= 107 else { throw .longSocket(text) }
            return .unix(text)
        case "tcp":
            guard let colon = text.lastIndex(of: ":"),
                let port = UInt16(text[text.index(after: colon)...]), port > 0
            else { throw .address(text) }
            let host = text[..<colon].trimmingPrefix("[")
            return .tcp(
                host: host.last == "]" ? String(host.dropLast()) : String(host), port: Int(port))
        default:
            throw .network(String(network))
        }
    }
}

/// The encoding of a text that is not plain UTF-8, as far as its first bytes show it.
package enum TextEncoding: String, Sendable {
    case markedUTF8 = "UTF-8 with a byte order mark"
    case utf16 = "UTF-16"
    case utf32 = "UTF-32"

    /// - Returns: Nil for UTF-8 without a mark, and for bytes that do not look like text.
    init?(betrayedBy bytes: some Collection<UInt8>) {
        let bytes = Array(bytes.prefix(4))
        let zeros = bytes.count { $0 == 0 }
        if bytes.startsWithByteOrderMark {
            self = .markedUTF8
        } else if bytes.count == 4, zeros >= 2, bytes[0] != 0 || bytes[3] != 0,
            bytes[1] == 0 && bytes[2] == 0 || bytes.starts(with: [0xff, 0xfe, 0, 0])
        {
            self = .utf32
        } else if bytes.starts(with: [0xff, 0xfe]) || bytes.starts(with: [0xfe, 0xff]) {
            self = .utf16
        } else if bytes.count >= 2, zeros > 0, (bytes[0] == 0) != (bytes[1] == 0) {
            self = .utf16
        } else {
            return nil
        }
    }
}

/// The reason why a line is not a usable handshake.
package enum HandshakeError: Error, Equatable, Sendable {
    case malformed(String)
    case encoding(TextEncoding)
    case coreVersion(String)
    case version(String)
    case network(String)
    case address(String)
    case longSocket(String)
    case transport(String)
    case certificate(String)
}

extension HandshakeError: CustomStringConvertible {
    /// The description, worded to follow the plugin's name.
    package var description: String {
        switch self {
        case .malformed(let line):
            "printed '\(excerpt(of: line))' where its handshake belongs; "
                + "a plugin must print nothing to standard output before it"
        case .encoding(let encoding):
            "printed \(encoding.rawValue) where its handshake belongs; it has to print UTF-8 "
                + "without a byte order mark"
        case .coreVersion(let text):
            "speaks version '\(excerpt(of: text))' of go-plugin's own protocol, not 1; "
                + "it has to be rebuilt with a go-plugin that speaks 1"
        case .version(let text):
            "speaks version '\(excerpt(of: text))' of the plugin protocol, not \(Handshake.version); "
                + "it was built for another host than this Hector"
        case .network(let text):
            "listens on '\(excerpt(of: text))'; only 'unix' and 'tcp' are known"
        case .address(let text):
            "gave '\(excerpt(of: text))' as its address; expected a socket's path or HOST:PORT"
        case .longSocket(let path):
            "listens on a socket whose path has \(path.utf8.count) bytes; the system allows 107: "
                + "set TMPDIR to a shorter directory"
        case .transport("netrpc"):
            "speaks net/rpc, not gRPC; set GRPCServer: plugin.DefaultGRPCServer in its ServeConfig"
        case .transport(let text):
            "speaks '\(excerpt(of: text))', not grpc"
        case .certificate(let problem):
            "sent a certificate that cannot be read: \(problem)"
        }
    }
}

extension HandshakeError {
    /// Returns the description for text that was not followed by a newline.
    func description(ofUnfinished text: [UInt8]) -> String {
        let quoted = excerpt(of: String(decoding: text, as: UTF8.self))
        return switch self {
        case .malformed, .transport:
            "printed '\(quoted)' and no newline where its handshake belongs, which is one line; "
                + "a plugin must print nothing to standard output before it"
        case .encoding: description
        default: "\(self); it printed '\(quoted)' and no newline"
        }
    }
}

/// Returns the beginning of text that a plugin printed, safe for a terminal.
func excerpt(of text: String) -> String {
    let shown = printable(text)
    return shown.count <= 120 ? shown : shown.prefix(120) + "…"
}

/// Returns a plugin's text for use in a message: it cannot control a terminal, and lines after the
/// first are indented, so that they do not look like messages of another program, and it does not
/// contain the secrets that the plugin was given.
func printable(_ text: some StringProtocol) -> String {
    let lines = text.split(whereSeparator: \.isNewline).joined(separator: "\n")
    return VisibleText(message: KnownSecrets.redacted(lines)).description
}
