/// Bytes as letters (RFC 4648), which a terminal takes for its clipboard.
package func base64(_ bytes: [UInt8]) -> String {
    let letters = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/")
    var text = ""
    for start in stride(from: 0, to: bytes.count, by: 3) {
        let block = bytes[start..<min(start + 3, bytes.count)]
        let number = (0..<3).reduce(0) { number, place in
            number << 8 | (place < block.count ? Int(block[start + place]) : 0)
        }
        for place in 0..<4 {
            text.append(place <= block.count ? letters[number >> (18 - 6 * place) & 63] : "=")
        }
    }
    return text
}
