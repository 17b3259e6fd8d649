package import ArgumentParser
internal import JSON

/// The form of vectors in records.
package enum VectorEncoding: String, CaseIterable, ExpressibleByArgument, Sendable {
    /// An array of numbers.
    case float
    /// The base64 of floats, the lowest byte of each first: a third of the length.
    case base64
}

extension [UInt8] {
    /// Appends a vector as one JSON value.
    package mutating func appendJSON(vector: [Float], as encoding: VectorEncoding) {
        switch encoding {
        case .float: appendJSON(floats: vector)
        case .base64: appendJSON(base64: vector)
        }
    }
}
