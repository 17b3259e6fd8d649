internal import VectorKernels

/// A direction with one byte per component, and its quantization error.
struct Codes {
    /// The components, from -127 to 127.
    let components: [Int8]

    /// The value of one step, for the vector of length 1.
    let scale: Float

    /// The length of the difference between the vector of length 1 and the vector that the codes
    /// stand for, rounded up.
    let error: Float

    /// - Parameter length: The length of `vector`. A vector of length 0 has only zero codes and no
    ///   error.
    init(_ vector: [Float], length: Double) {
        let largest = unsafe hector_largest(vector, vector.count)
        guard largest > 0 else {
            components = [Int8](repeating: 0, count: vector.count)
            scale = 0
            error = 0
            return
        }
        var square = 0.0
        components = unsafe [Int8](unsafeUninitializedCapacity: vector.count) { codes, count in
            square = unsafe hector_quantize(vector, vector.count, largest, codes.baseAddress)
            count = vector.count
        }
        let step = Double(largest) / 127
        scale = Float(step / length)
        // The loss through single precision in the scan is far below the second term.
        error = Float(square.squareRoot() / length) + 1e-6
    }
}

extension Codes {
    /// A query for the kernel.
    ///
    /// - Parameter padded: The components, followed by zeros to the end of their group.
    func query(_ padded: UnsafePointer<Int8>, threshold: Float) -> hector_query {
        unsafe hector_query(
            codes: padded, bias: 128 * components.reduce(0) { $0 + Int32($1) }, scale: scale,
            // This includes the loss through single precision in the scan.
            error: error + 1e-5, threshold: threshold, offsets: nil, offset_scale: 0)
    }
}
