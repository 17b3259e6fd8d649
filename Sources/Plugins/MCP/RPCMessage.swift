internal import JSON
internal import Text

/// A JSON-RPC 2.0 message from a server.
enum RPCMessage: Equatable, Sendable {
    /// The id is nil if it is null.
    case result(id: Int?, Value)
    case error(id: Int?, RPCError)
    case request(id: Value, method: String, params: Value?)
    case notification(method: String, params: Value?)
}

/// Bytes that are not a message.
struct MalformedMessage: Error, Equatable {
    let problem: String
}

extension RPCMessage {
    /// Reads one message or, as revision 2025-03-26 allows, an array of them.
    static func read(_ json: ArraySlice<UInt8>) throws(MalformedMessage) -> [RPCMessage] {
        let value: Value
        // Some programs on Windows begin their output with a byte order mark.
        let text = json.withoutByteOrderMark
        do { value = try Value(parsing: text) } catch {
            guard let repaired = try? Value(parsing: repairedJSON(text)) else {
                throw MalformedMessage(problem: error.description)
            }
            value = repaired
        }
        guard let messages = value.array else { return [try RPCMessage(value)] }
        var read: [RPCMessage] = []
        for message in messages { read.append(try RPCMessage(message)) }
        return read
    }

    init(_ value: Value) throws(MalformedMessage) {
        guard let object = value.object else {
            throw MalformedMessage(problem: "\(value.kind) instead of an object")
        }
        // Some servers leave out "jsonrpc", which adds nothing to the rest.
        if let method = object["method"]?.string {
            if let id = object["id"], id != .null {
                self = .request(id: id, method: method, params: object["params"])
            } else {
                self = .notification(method: method, params: object["params"])
            }
            return
        }
        let id = object["id"].flatMap(Self.number)
        if let error = object["error"], error != .null {
            self = .error(
                id: id,
                RPCError(
                    code: error["code"]?.int ?? 0,
                    message: error["message"]?.string ?? error.description,
                    data: error["data"]))
        } else if let result = object["result"], id != nil || object["id"] == .null {
            self = .result(id: id, result)
        } else {
            throw MalformedMessage(problem: "neither a method, a result nor an error")
        }
    }

    /// Returns the id of a request of this client, which is a number; some servers answer with its
    /// digits in quotes.
    private static func number(_ id: Value) -> Int? { id.int ?? id.string.flatMap { Int($0) } }
}

// The messages to send. Each is one line without its newline.
extension RPCMessage {
    static func request(id: Int, _ method: String, _ params: Members) -> [UInt8] {
        encode(["id": .number(String(id)), "method": .string(method), "params": .object(params)])
    }

    static func notification(_ method: String, _ params: Members) -> [UInt8] {
        let head: Members = ["method": .string(method)]
        return encode(params.isEmpty ? head : head + ["params": .object(params)])
    }

    static func cancellation(of id: Int) -> [UInt8] {
        notification(
            "notifications/cancelled",
            ["requestId": .number(String(id)), "reason": "nobody waits any more"])
    }

    /// Returns the answer to a request from the server: a client as simple as this one only
    /// confirms that it is there.
    static func answer(to method: String, id: Value) -> [UInt8] {
        method == "ping"
            ? encode(["id": id, "result": [:]])
            : encode([
                "id": id,
                "error": [
                    "code": .number(String(RPCError.methodNotFound)),
                    "message": "Method not found",
                ],
            ])
    }

    private static func encode(_ members: Members) -> [UInt8] {
        var json: [UInt8] = []
        json.appendJSON(value: .object(["jsonrpc": "2.0"] + members))
        return json
    }
}

extension Members {
    static func + (left: Members, right: Members) -> Members {
        var sum = left
        for (key, value) in right { sum.append(key, value) }
        return sum
    }
}

/// Returns the text without things that some writers put into JSON: bytes that are not UTF-8, and
/// numbers that are not finite, as Python writes them.
private func repairedJSON(_ text: ArraySlice<UInt8>) -> [UInt8] {
    let words = ["NaN", "Infinity", "-Infinity"].map { Array($0.utf8) }
    var rest = Array(String(decoding: text, as: UTF8.self).utf8)[...]
    var repaired: [UInt8] = []
    repaired.reserveCapacity(rest.count)
    var isInString = false
    while let byte = rest.first {
        if !isInString, let word = words.first(where: rest.starts) {
            repaired += "null".utf8
            rest = rest.dropFirst(word.count)
            continue
        }
        rest = rest.dropFirst()
        repaired.append(byte)
        if byte == UInt8(ascii: "\"") { isInString.toggle() }
        if isInString, byte == UInt8(ascii: "\\"), let next = rest.popFirst() {
            repaired.append(next)
        }
    }
    return repaired
}
