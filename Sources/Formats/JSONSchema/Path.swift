import JSON

/// The path from a value to one of its parts.
indirect enum Path {
    case root
    case member(Path, String)
    case element(Path, Int)
}

extension Path: CustomStringConvertible {
    /// The path as jq would write it.
    var description: String {
        switch self {
        case .root: ""
        case .element(let parent, let index): "\(parent)[\(index)]"
        case .member(let parent, let name): "\(parent)\(Self.step(name))"
        }
    }

    private static func step(_ name: String) -> String {
        let isPlain = name.utf8.allSatisfy { byte in
            byte == UInt8(ascii: "_") || (0x30...0x39).contains(byte)
                || (0x61...0x7a).contains(byte | 0x20)
        }
        if isPlain, let first = name.utf8.first, !(0x30...0x39).contains(first) {
            return ".\(name)"
        }
        var quoted: [UInt8] = []
        quoted.appendJSON(string: name)
        return ".[\(String(decoding: quoted, as: UTF8.self))]"
    }
}
