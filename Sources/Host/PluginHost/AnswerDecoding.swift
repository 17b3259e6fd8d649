internal import GRPC
package import SwiftProtobuf

/// An error in the bytes of a plugin's answer, which are not the expected message.
package struct AnswerError: Error, Equatable, Sendable {
    /// The problem, worded to follow "answered METHOD".
    package let problem: String
}

/// Reads the message with which a plugin answered.
package func decodeAnswer<M: Message>(_ bytes: [UInt8]) throws(AnswerError) -> M {
    do {
        return try M(serializedBytes: bytes)
    } catch BinaryDecodingError.invalidUTF8 {
        let field = FieldSearch<M>().fieldNotUTF8(in: bytes).map { " '\($0)'" } ?? ""
        throw AnswerError(
            problem: "with text that is not UTF-8 in the field\(field) of \(M.protoMessageName)")
    } catch {
        throw AnswerError(problem: "with bytes that are no \(M.protoMessageName)")
    }
}

/// A search for the field because of which a message could not be read. The library only says that
/// there is one, so each field is read by itself, in a message without the others.
private struct FieldSearch<M: Message> {
    /// - Returns: The names on the way to the first such field, such as `results.content`.
    func fieldNotUTF8(in bytes: [UInt8]) -> String? {
        var path: [Int] = []
        var rest = bytes[...]
        // This is deeper than our messages can be.
        while path.count < 8 {
            guard
                let field = (WireField.all(in: rest) ?? []).first(where: { field in
                    !isText(field.payload) && isRefused(path + [field.number], field.payload)
                })
            else { break }
            path.append(field.number)
            rest = field.payload
        }
        return path.isEmpty ? nil : names(path)
    }

    private func isText(_ bytes: ArraySlice<UInt8>) -> Bool {
        String(validating: bytes, as: UTF8.self) != nil
    }

    private func isRefused(_ path: [Int], _ payload: ArraySlice<UInt8>) -> Bool {
        do {
            _ = try M(serializedBytes: WireField.encoded(path, Array(payload)))
            return false
        } catch BinaryDecodingError.invalidUTF8 {
            return true
        } catch {
            return false
        }
    }

    /// Returns the names of the fields on the way, taken from the text format of a message that has
    /// only these fields.
    private func names(_ path: [Int]) -> String? {
        let letter = [UInt8(ascii: "x")]
        guard let message = try? M(serializedBytes: WireField.encoded(path, letter)) else {
            return nil
        }
        // The entry of a map has a key and a value, and either may be the bad field.
        let words = message.textFormatString().split { "{}:\n ".contains($0) }
        guard let letter = words.firstIndex(of: "\"x\""), letter >= path.count,
            let name = words[..<letter].last
        else { return nil }
        return (words.prefix(path.count - 1) + [name]).joined(separator: ".")
    }
}

extension WireField {
    /// Returns a message that contains only a field at the end of a path of messages.
    fileprivate static func encoded(_ path: [Int], _ payload: [UInt8]) -> [UInt8] {
        path.reversed().reduce(payload) { payload, number in
            varint(number << 3 | 2) + varint(payload.count) + payload
        }
    }

    private static func varint(_ value: Int) -> [UInt8] {
        var bytes: [UInt8] = []
        var rest = value
        while rest > 0x7f {
            bytes.append(UInt8(rest & 0x7f) | 0x80)
            rest >>= 7
        }
        return bytes + [UInt8(rest)]
    }
}
