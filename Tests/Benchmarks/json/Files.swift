import Glibc

func save(_ lines: [[UInt8]], to path: String) {
    guard let file = fopen(path, "w") else { fail("cannot write '\(path)'") }
    for line in lines { fwrite(line + [UInt8(ascii: "\n")], 1, line.count + 1, file) }
    guard fclose(file) == 0 else { fail("cannot write '\(path)'") }
}

func lines(of path: String) -> [[UInt8]] {
    guard let file = fopen(path, "r") else { fail("cannot read '\(path)'") }
    defer { fclose(file) }
    var text: [UInt8] = []
    var block = [UInt8](repeating: 0, count: 1 << 16)
    while case let count = fread(&block, 1, block.count, file), count > 0 {
        text += block[..<count]
    }
    return text.split(separator: UInt8(ascii: "\n")).map(Array.init)
}
