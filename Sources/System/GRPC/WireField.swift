/// A field of a message on the wire that has a length: text, bytes, a message or packed numbers.
package struct WireField {
    package let number: Int
    package let payload: ArraySlice<UInt8>

    /// - Returns: Nil if the bytes are not a message.
    package static func all(in bytes: ArraySlice<UInt8>) -> [WireField]? {
        var fields: [WireField] = []
        var rest = bytes
        while !rest.isEmpty {
            guard let key = varint(&rest), key >> 3 > 0 else { return nil }
            let size: Int
            switch key & 7 {
            case 0:
                guard varint(&rest) != nil else { return nil }
                continue
            case 1: size = 8
            case 5: size = 4
            case 2:
                guard let length = varint(&rest) else { return nil }
                size = length
            default: return nil
            }
            guard (0...rest.count).contains(size) else { return nil }
            if key & 7 == 2 {
                fields.append(WireField(number: key >> 3, payload: rest.prefix(size)))
            }
            rest = rest.dropFirst(size)
        }
        return fields
    }

    private static func varint(_ rest: inout ArraySlice<UInt8>) -> Int? {
        var value: UInt64 = 0
        for shift in stride(from: UInt64(0), to: 64, by: 7) {
            guard let byte = rest.popFirst() else { return nil }
            value |= UInt64(byte & 0x7f) << shift
            if byte < 0x80 { return Int(truncatingIfNeeded: value) }
        }
        return nil
    }
}
