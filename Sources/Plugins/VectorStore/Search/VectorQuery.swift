/// A query against the vectors of segments of one dimension.
struct VectorQuery: Sendable {
    let vector: [Float]
    /// The length of `vector`.
    let length: Double
    let codes: Codes

    init(_ vector: [Float], length: Double) {
        self.vector = vector
        self.length = length
        codes = Codes(vector, length: length)
    }
}

extension State {
    /// Returns the cosine of the angle between a record's vector and a query, from the vector
    /// itself; 0 if either has no direction.
    func cosine(
        of slot: Int, in segment: Segment, to query: VectorQuery
    ) throws(StoreError) -> Double {
        let place = try segment.place(of: slot)
        let file = try file(place.file).bytes
        let frame = try file.head(place, dimension: query.vector.count)
        let cosine = frame.withRecord { $0.cosine(to: query.vector, length: query.length) }
        guard let cosine, let cosine else { throw file.damage(place) }
        return cosine
    }

    /// Returns the whole record of a slot.
    func record(of slot: Int, in segment: Segment) throws(StoreError) -> Frame {
        let place = try segment.place(of: slot)
        let file = try file(place.file).bytes
        let frame = try file.record(place)
        guard frame.dimension == segment.layout.dimension else { throw file.damage(place) }
        return frame
    }
}
