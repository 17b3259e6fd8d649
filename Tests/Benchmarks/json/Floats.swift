import Glibc
import JSON

/// Checks that floats are written with as few digits as Swift's own description needs, and that
/// this module and strtof, an independent reader, read the same bits back.
func checkFloats(step: UInt32) {
    var count = 0
    var bits: UInt32 = 0
    while bits < 0x7F80_0000 {
        let float = Float(bitPattern: bits)
        var json: [UInt8] = Array(#"{"v":"#.utf8)
        json.appendJSON(floats: [float])
        json.append(UInt8(ascii: "}"))
        let back = try! Record(json).floats("v")![0]
        let spelling = json[6..<json.count - 2]
        let standard = strtof(String(decoding: spelling, as: UTF8.self), nil)
        let description = digits(Array(float.description.utf8)[...])
        guard back.bitPattern == bits, standard.bitPattern == bits, digits(spelling) == description
        else { fail("\(float) is spelt \(String(decoding: spelling, as: UTF8.self))") }
        count += 1
        bits += step
    }
    print(#"{"floats":\#(count),"wrong":0}"#)
}

/// The significant digits of a spelling.
private func digits(_ spelling: ArraySlice<UInt8>) -> [UInt8] {
    let zero = UInt8(ascii: "0")
    var digits = spelling.prefix { $0 != UInt8(ascii: "e") }.filter { $0 != UInt8(ascii: ".") }
    digits.removeFirst(digits.prefix { $0 == zero }.count)
    while digits.last == zero { digits.removeLast() }
    return digits
}
