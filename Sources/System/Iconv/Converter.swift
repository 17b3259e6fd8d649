internal import CIconv
internal import Glibc

/// A converter of text to UTF-8, which takes the text in blocks.
///
/// Bytes that are not of the encoding become U+FFFD, one for each.
package final class Converter: @unchecked Sendable {
    // The state of the conversion is changed only by `convert`, which takes turns like any mutating
    // function: a document is read by one thread at a time.
    private let raw: iconv_t

    /// The beginning of a character whose end is in the next block.
    private var rest: [UInt8] = []

    /// The number of bytes that were not of the encoding.
    package private(set) var replaced = 0

    private static let replacement: [UInt8] = [0xEF, 0xBF, 0xBD]

    /// - Returns: Nil for an encoding that the system does not know.
    package init?(from encoding: String) {
        raw = iconv_open("UTF-8", encoding)
        guard hector_iconv_is_valid(raw) == 1 else { return nil }
    }

    deinit { if hector_iconv_is_valid(raw) == 1 { iconv_close(raw) } }

    /// Converts the next block of the text.
    package func convert(_ block: some Collection<UInt8>, isLast: Bool) -> [UInt8] {
        var input = rest + block
        rest = []
        var output: [UInt8] = []
        output.reserveCapacity(input.count + input.count / 2 + 16)
        var taken = 0
        var buffer = [UInt8](repeating: 0, count: 64 * 1024)
        while taken < input.count {
            let result = step(&input, &taken, &buffer, &output)
            switch result {
            case 0, E2BIG: break
            case EINVAL where !isLast:
                rest = Array(input[taken...])
                return output
            default:
                output += Self.replacement
                replaced += 1
                taken += 1
                iconv(raw, nil, nil, nil, nil)
            }
        }
        return output
    }

    /// Converts as much as fits into the buffer.
    ///
    /// - Returns: The error, or 0.
    private func step(
        _ input: inout [UInt8], _ taken: inout Int, _ buffer: inout [UInt8],
        _ output: inout [UInt8]
    ) -> Int32 {
        var error: Int32 = 0
        let (read, written) = input.withUnsafeMutableBytes { input in
            buffer.withUnsafeMutableBytes { buffer in
                var from =
                    input.baseAddress!.advanced(by: taken)
                    .assumingMemoryBound(to: CChar.self) as UnsafeMutablePointer<CChar>?
                var left = input.count - taken
                var to =
                    buffer.baseAddress!.assumingMemoryBound(to: CChar.self)
                    as UnsafeMutablePointer<CChar>?
                var room = buffer.count
                if iconv(raw, &from, &left, &to, &room) == -1 { error = errno }
                return (input.count - taken - left, buffer.count - room)
            }
        }
        taken += read
        output += buffer[..<written]
        return error
    }
}
