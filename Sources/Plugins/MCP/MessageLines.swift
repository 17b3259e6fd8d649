internal import JSON

/// The lines of a server's standard output, which are made into messages.
///
/// The protocol says that a message is one line. Some servers print theirs over several, as people
/// read JSON, and many print other text before or between them.
struct MessageLines {
    /// The lines of an incomplete message, with the newlines between them.
    private var pending: [UInt8] = []
    private var nesting = Nesting()

    /// The length in bytes at which a message is abandoned.
    private let longest: Int

    init(longest: Int) { self.longest = longest }

    enum Found {
        /// - Parameter areSplit: True if they came over several lines.
        case messages([RPCMessage], areSplit: Bool)
        /// The beginning of a possible message.
        case part
        /// Text that is not a message, and the reason.
        case other(ArraySlice<UInt8>, problem: String)
    }

    /// - Parameter line: The line without its newline.
    mutating func receive(_ line: ArraySlice<UInt8>) -> Found {
        let problem: String
        do {
            let messages = try RPCMessage.read(line)
            // The text that began before it has not become a message.
            pending = []
            return .messages(messages, areSplit: false)
        } catch {
            problem = error.problem
        }
        if pending.isEmpty {
            guard let first = line.first(where: { $0 > 0x20 }),
                first == UInt8(ascii: "{") || first == UInt8(ascii: "[")
            else { return .other(line, problem: problem) }
            nesting = Nesting()
            pending = Array(line)
        } else {
            pending.append(UInt8(ascii: "\n"))
            pending += line
        }
        nesting.read(line)
        if nesting.depth > 0, pending.count <= longest { return .part }
        let whole = pending
        pending = []
        do {
            return .messages(try RPCMessage.read(whole[...]), areSplit: true)
        } catch {
            return .other(whole[...], problem: error.problem)
        }
    }

    /// The depth in braces and brackets of a JSON text after the lines that were read.
    private struct Nesting {
        private(set) var depth = 0
        private var isInString = false
        private var isEscaped = false

        mutating func read(_ line: ArraySlice<UInt8>) {
            for byte in line {
                if isEscaped {
                    isEscaped = false
                } else if isInString {
                    if byte == UInt8(ascii: "\\") { isEscaped = true }
                    if byte == UInt8(ascii: "\"") { isInString = false }
                } else {
                    switch byte {
                    case UInt8(ascii: "\""): isInString = true
                    case UInt8(ascii: "{"), UInt8(ascii: "["): depth += 1
                    case UInt8(ascii: "}"), UInt8(ascii: "]"): depth -= 1
                    default: break
                    }
                }
            }
            // A string does not go on in another line.
            isInString = false
            isEscaped = false
        }
    }
}
