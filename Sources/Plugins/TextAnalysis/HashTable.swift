/// The numbers of elements of an array by their 64-bit hashes, in open addressing.
struct HashTable {
    /// A number plus one, or 0. The size is a power of two, at least twice the number of elements.
    private var places = [Int32](repeating: 0, count: 1024)

    /// Returns the number of the element that has a hash, if there is one.
    ///
    /// - Parameter hashOf: Returns the hash of the element of a number.
    @inline(__always)
    func number(of hash: UInt64, _ hashOf: (Int) -> UInt64) -> Int? {
        let mask = places.count - 1
        var place = Int(truncatingIfNeeded: hash) & mask
        while places[place] != 0 {
            let number = Int(places[place]) - 1
            if hashOf(number) == hash { return number }
            place = (place + 1) & mask
        }
        return nil
    }

    /// Returns the number of the element that is looked at first for a hash, or -1 if there is none.
    @inline(__always)
    func first(for hash: UInt64) -> Int32 {
        places[Int(truncatingIfNeeded: hash) & (places.count - 1)] - 1
    }

    /// Inserts the last element of the array, which is not in the table.
    mutating func insert(_ number: Int, of hash: UInt64, _ hashOf: (Int) -> UInt64) {
        if (number + 1) * 2 > places.count {
            places = [Int32](repeating: 0, count: places.count * 2)
            for earlier in 0..<number { put(earlier, hashOf(earlier)) }
        }
        put(number, hash)
    }

    private mutating func put(_ number: Int, _ hash: UInt64) {
        let mask = places.count - 1
        var place = Int(truncatingIfNeeded: hash) & mask
        while places[place] != 0 { place = (place + 1) & mask }
        places[place] = Int32(number + 1)
    }
}
