import Testing

@testable import Roaring

@Suite struct BitmapTests {
    @Test func `holds numbers`() {
        var bitmap = Bitmap([3, 1, 70_000, 1])
        #expect(bitmap.numbers == [1, 3, 70_000])
        #expect(bitmap.count == 3 && bitmap.max == 70_000 && !bitmap.isEmpty)
        #expect(bitmap.contains(3) && !bitmap.contains(2))
        #expect(bitmap.insert(2) && !bitmap.insert(2))
        #expect(bitmap.remove(1) && !bitmap.remove(1))
        bitmap.insert([9, 8])
        #expect(bitmap.numbers == [2, 3, 8, 9, 70_000])
        #expect(bitmap.count(in: 3..<10) == 3)
        #expect(Bitmap().max == nil && Bitmap([]).isEmpty && Bitmap(5..<5).isEmpty)
    }

    @Test func `combines sets`() {
        let one = Bitmap(0..<100)
        let other = Bitmap([50, 99, 100, 4_000_000_000])
        var both = one
        both.formIntersection(other)
        #expect(both.numbers == [50, 99])
        var either = one
        either.formUnion(other)
        #expect(either.count == 102 && either.max == 4_000_000_000)
        var rest = other
        rest.subtract(one)
        #expect(rest.numbers == [100, 4_000_000_000])
        var flipped = one
        flipped.flip(90..<110)
        #expect(flipped.numbers == Array(0..<90) + Array(100..<110))
        #expect(one == Bitmap(0..<100))
    }

    @Test func `a copy does not change with its original`() {
        var one = Bitmap([1])
        let copy = one
        one.insert(2)
        #expect(copy.numbers == [1] && one.numbers == [1, 2])
    }

    private static let samples: [[UInt32]] = [
        [], [7], Array(0..<100_000), (0..<5000).map { $0 * 3 }, (0..<30_000).map { $0 * 2 },
        [1, 65_536, 131_072, 4_294_967_295],
        Array(10..<20) + Array(70_000..<140_000) + [200_000, 200_002],
    ]

    @Test(arguments: samples)
    func `the portable form reads back`(numbers: [UInt32]) throws {
        let bitmap = Bitmap(numbers)
        let bytes = bitmap.portable
        try #expect(Bitmap(portable: bytes) == bitmap)
        try #expect(numbersOfParts(bytes) == numbers)
    }

    @Test func `a bitmap that is cut off is refused`() {
        for numbers in Self.samples {
            let bytes = Bitmap(numbers).portable
            for count in stride(from: 0, to: bytes.count, by: max(1, bytes.count / 200)) {
                #expect(throws: BitmapError.self) { try Bitmap(portable: Array(bytes[..<count])) }
            }
            #expect(throws: BitmapError.self) { try Bitmap(portable: bytes + [0]) }
        }
    }

    @Test func `a damaged bitmap is refused or is one, and is sorted in any case`() {
        var random = SystemRandomNumberGenerator()
        for numbers in Self.samples {
            let bytes = Bitmap(numbers).portable
            for _ in 0..<500 {
                var damaged = bytes
                let place = Int.random(in: 0..<min(bytes.count, 400), using: &random)
                damaged[place] ^= 1 << UInt8.random(in: 0..<8, using: &random)
                guard let bitmap = try? Bitmap(portable: damaged) else { continue }
                let found = bitmap.numbers
                #expect(found.count == bitmap.count)
                #expect(zip(found, found.dropFirst()).allSatisfy { $0 < $1 })
                #expect((try? numbersOfParts(damaged)) == found)
            }
        }
    }

    private func numbersOfParts(_ bytes: [UInt8]) throws -> [UInt32] {
        var numbers: [UInt32] = []
        try bytes.withUnsafeBytes { bytes in
            try PortableBitmap(bytes).forEachPart { part throws(BitmapError) in
                switch part {
                case .number(let number): numbers.append(number)
                case .range(let range): numbers += Array(range)
                case .bits(let bits, let first):
                    for bit in UInt32(0)..<64 where bits >> UInt64(bit) & 1 == 1 {
                        numbers.append(first + bit)
                    }
                }
            }
        }
        return numbers
    }
}
