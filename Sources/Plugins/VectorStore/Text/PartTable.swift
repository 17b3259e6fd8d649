internal import VectorKernels

/// The parts of a term's weight by frequency and length, in single precision.
@safe final class PartTable: Sendable {
    // They are written only before the end of `init`.
    nonisolated(unsafe) private let rows: UnsafeMutablePointer<Float>
    nonisolated(unsafe) private let halves: UnsafeMutablePointer<Float>

    init(_ formula: BM25) {
        let count = Int(hector_part_rows)
        unsafe rows = .allocate(capacity: 256 * count)
        unsafe halves = .allocate(capacity: 256)
        for code in 0..<256 {
            unsafe (halves + code).initialize(to: Float(formula.halfFrequencies[code]))
            for row in 0..<count {
                unsafe (rows + row * 256 + code).initialize(
                    to: Float(formula.part(UInt32(row + 1), UInt8(code))))
            }
        }
    }

    deinit {
        unsafe rows.deallocate()
        unsafe halves.deallocate()
    }

    /// The part of a term's weight.
    ///
    /// - Parameter code: The code of the document's length.
    @inline(__always)
    func part(_ frequency: UInt32, _ code: UInt8) -> Float {
        if frequency &- 1 < UInt32(hector_part_rows) {
            return unsafe rows[Int(frequency - 1) * 256 + Int(code)]
        }
        return unsafe Float(frequency) / (Float(frequency) + halves[Int(code)])
    }

    /// - Parameter lengths: The codes of the lengths of a segment's texts.
    @inline(__always)
    func withParts(_ lengths: BorrowedBytes, _ body: (UnsafePointer<hector_parts>) -> Void) {
        unsafe lengths.withRaw { lengths in
            guard let start = lengths.baseAddress else { return }
            var parts = unsafe hector_parts(
                rows: rows, halves: halves,
                lengths: start.assumingMemoryBound(to: UInt8.self))
            unsafe body(&parts)
        }
    }
}
