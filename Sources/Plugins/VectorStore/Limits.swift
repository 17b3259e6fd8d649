internal import VectorKernels

/// The limits of the store.
enum Limits {
    /// The largest dimension; beyond it the sums of products of codes could overflow 32 bits.
    static let dimension = 65_536

    /// The longest id: LMDB's longest key, less the number of the collection.
    static let id = 507

    static let collectionName = 255

    static func check(id: String) throws(StoreError) {
        guard !id.isEmpty else { throw StoreError("the record has an empty id") }
        let count = id.utf8.count
        guard count <= Limits.id else {
            throw StoreError("the id has \(count) bytes: the longest may have \(Limits.id)")
        }
    }

    static func check(collection: String) throws(StoreError) {
        guard !collection.isEmpty else { throw StoreError("the collection has an empty name") }
        guard collection.utf8.count <= collectionName else {
            throw StoreError("the collection's name is longer than \(collectionName) bytes")
        }
    }

    static func check(dimension: Int) throws(StoreError) {
        guard (1...Limits.dimension).contains(dimension) else {
            throw StoreError("the dimension must be 1 to \(Limits.dimension), not \(dimension)")
        }
    }

    /// - Returns: The length of the vector.
    static func check(_ vector: [Float], _ what: String) throws(StoreError) -> Double {
        guard !vector.isEmpty else { throw StoreError("the \(what) has no components") }
        guard vector.count <= dimension else {
            throw StoreError(
                "the \(what) has \(vector.count) components: the most are \(dimension)")
        }
        let square = unsafe hector_dot(vector, vector, vector.count)
        guard square.isFinite else {
            let place = vector.firstIndex { !$0.isFinite }!
            throw StoreError("component \(place) of the \(what) is \(vector[place]), not a number")
        }
        return square.squareRoot()
    }
}
