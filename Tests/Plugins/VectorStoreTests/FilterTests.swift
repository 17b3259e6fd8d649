import Testing

@testable import VectorStore

@Suite struct FilterTests {
    private static let metadata = [
        "lang": "en", "year": "2024", "price": "1.50", "draft": "false", "gone": "null",
        "tags": #"["a","b",3]"#, "quoted": #""5""#, "date": "2024-05-01", "empty": "",
        "big": "9007199254740993", "object": #"{"a":1}"#, "huge": "18446744073709551617",
        "far": "1e400", "near": "0.10000000000000000001", "negative": "-9223372036854775809",
        "bigs": "[18446744073709551617,0.5]", "a.b": "literal",
        "deep": #"{"b":{"c":7,"d.e":"x"},"l":[{"n":1},{"n":[2,3]},4],"s":"5","z":null}"#,
    ]

    @Test(arguments: [
        ("{}", true),
        (#"{"lang": "en"}"#, true), (#"{"lang": "de"}"#, false), (#"{"none": "en"}"#, false),
        (#"{"lang": "en", "year": 2024}"#, true), (#"{"lang": "en", "year": 2023}"#, false),
        (#"{"year": 2024.0}"#, true), (#"{"year": 2.024e3}"#, true), (#"{"year": "2024"}"#, true),
        (#"{"price": 1.5}"#, true), (#"{"price": {"$eq": 1.5}}"#, true),
        (#"{"price": {"$ne": 1.5}}"#, false), (#"{"none": {"$ne": 1}}"#, true),
        (#"{"draft": false}"#, true), (#"{"draft": true}"#, false), (#"{"draft": 0}"#, false),
        (#"{"gone": null}"#, true), (#"{"none": null}"#, true), (#"{"lang": null}"#, false),
        (#"{"tags": "a"}"#, true), (#"{"tags": "c"}"#, false), (#"{"tags": 3}"#, true),
        (#"{"tags": {"$in": ["x", "b"]}}"#, true), (#"{"tags": {"$nin": ["x", "b"]}}"#, false),
        (#"{"quoted": "5"}"#, true), (#"{"quoted": 5}"#, false),
        (#"{"big": 9007199254740993}"#, true), (#"{"big": 9007199254740992}"#, false),
        (#"{"lang": {"$in": ["de", "en"]}}"#, true), (#"{"lang": {"$in": []}}"#, false),
        (#"{"lang": {"$nin": ["de"]}}"#, true), (#"{"none": {"$nin": ["de"]}}"#, true),
        (#"{"year": {"$gt": 2023}}"#, true), (#"{"year": {"$gt": 2024}}"#, false),
        (#"{"year": {"$gte": 2024, "$lt": 2025}}"#, true), (#"{"year": {"$lte": 2023.9}}"#, false),
        (#"{"price": {"$lt": 10}}"#, true), (#"{"lang": {"$gt": 3}}"#, false),
        (#"{"none": {"$gt": 3}}"#, false), (#"{"none": {"$lt": "z"}}"#, false),
        (#"{"date": {"$gte": "2024-05-01", "$lt": "2024-06"}}"#, true),
        (#"{"date": {"$gt": "2024-05-01"}}"#, false),
        (#"{"date": {"$prefix": "2024-"}}"#, true), (#"{"date": {"$prefix": "2023"}}"#, false),
        (#"{"quoted": {"$prefix": "5"}}"#, true), (#"{"empty": {"$prefix": "x"}}"#, false),
        (#"{"none": {"$prefix": ""}}"#, false),
        (#"{"empty": ""}"#, true), (#"{"empty": {"$exists": true}}"#, true),
        (#"{"none": {"$exists": true}}"#, false), (#"{"none": {"$exists": false}}"#, true),
        (#"{"year": {"$not": {"$gt": 2023}}}"#, false),
        (#"{"year": {"$not": {"$gt": 2030}}}"#, true),
        (#"{"$not": {"lang": "de"}}"#, true),
        (#"{"$and": [{"lang": "en"}, {"year": {"$lt": 2000}}]}"#, false),
        (#"{"$or": [{"lang": "de"}, {"year": {"$gt": 2000}}]}"#, true),
        (#"{"$nor": [{"lang": "de"}, {"year": 1}]}"#, true),
        (#"{"lang": "en", "$or": [{"lang": "de"}]}"#, false),
        (#"{"huge": 18446744073709551617}"#, true), (#"{"huge": 18446744073709551616}"#, false),
        (#"{"huge": 1.8446744073709551617e19}"#, true),
        (#"{"huge": {"$gt": 18446744073709551616}}"#, true),
        (#"{"huge": {"$lt": 18446744073709551617}}"#, false),
        (#"{"huge": {"$in": [1, 18446744073709551617]}}"#, true),
        (#"{"negative": {"$lt": -9223372036854775808}}"#, true),
        (#"{"negative": {"$lt": -9223372036854775809}}"#, false),
        (#"{"far": 1e400}"#, true), (#"{"far": 10e399}"#, true), (#"{"far": 1e401}"#, false),
        (#"{"far": {"$gt": 9e399}}"#, true), (#"{"far": {"$lt": 1e401}}"#, true),
        (#"{"near": 0.1}"#, false), (#"{"near": {"$gt": 0.1}}"#, true),
        (#"{"near": 0.100000000000000000010}"#, true), (#"{"price": 1.500}"#, true),
        (#"{"bigs": 18446744073709551617}"#, true), (#"{"bigs": 18446744073709551616}"#, false),
        (#"{"bigs": 0.50}"#, true), (#"{"year": 2024.0000000000000000001}"#, false),
        (#"{"a.b": "literal"}"#, true), (#"{"object.a": 1}"#, true), (#"{"object.a": 2}"#, false),
        (#"{"object.b": null}"#, true), (#"{"object.a": {"$exists": true}}"#, true),
        (#"{"object.b": {"$exists": true}}"#, false), (#"{"deep.b.c": {"$gte": 7}}"#, true),
        (#"{"deep.b.d.e": "x"}"#, true), (#"{"deep.b.d": "x"}"#, false),
        (#"{"deep.s": "5"}"#, true), (#"{"deep.s": 5}"#, false), (#"{"deep.z": null}"#, true),
        (#"{"deep.l.n": 3}"#, true), (#"{"deep.l.n": 4}"#, false), (#"{"lang.x": "en"}"#, false),
        (#"{"deep.s": {"$prefix": "5"}}"#, true), (#"{".": 1}"#, false),
    ])
    func `accepts`(filter: String, accepted: Bool) throws {
        let bytes = StoredRecord.encode(
            Record(id: "a", vector: [1], metadata: Self.metadata), length: 1)
        let filter = try Filter(json: filter)
        let isAccepted = try BorrowedBytes.with(bytes) { bytes in
            filter.accepts(try #require(StoredRecord(bytes)))
        }
        #expect(isAccepted == accepted)
    }

    @Test(arguments: [
        ("[]", "a filter must be an object, not an array"),
        ("3", "a filter must be an object, not a number"),
        (
            #"{"$where": 1}"#,
            "the filter has an unknown operator '$where': "
                + "expected $and, $or, $nor, $not or a key of the metadata"
        ),
        (
            #"{"a": {"$regex": "x"}}"#,
            "the filter has an unknown operator '$regex' for 'a': expected $eq, $ne, $in, $nin, "
                + "$lt, $lte, $gt, $gte, $prefix, $exists or $not"
        ),
        (#"{"a": {}}"#, "'a' in the filter needs a value or an operator such as $gt"),
        (
            #"{"a": [1]}"#,
            "'a' in the filter needs a string, a number, true, false or null, not an array"
        ),
        (#"{"a": {"$in": 3}}"#, "'$in' of 'a' in the filter needs a list, not a number"),
        (#"{"a": {"$gt": true}}"#, "'$gt' of 'a' in the filter needs a number or a string"),
        (#"{"a": {"$prefix": 3}}"#, "'$prefix' of 'a' in the filter needs a string, not a number"),
        (#"{"a": {"$exists": 1}}"#, "'$exists' of 'a' in the filter needs true or false"),
        (#"{"$or": []}"#, "'$or' in the filter needs a list of filters"),
    ])
    func `refuses`(filter: String, error: String) {
        let thrown = #expect(throws: StoreError.self) { try Filter(json: filter) }
        #expect(thrown?.description == error)
    }

    @Test func `says what is no JSON`() {
        let thrown = #expect(throws: StoreError.self) { try Filter(json: #"{"a": }"#) }
        #expect(thrown?.description.hasPrefix("the filter is not JSON: ") == true)
    }

    @Test func `a search finds the best of those that are accepted`() async throws {
        try await withStore { store in
            try await store.put(
                (0..<500).map {
                    Record(
                        id: String($0), vector: [Float($0), 100], metadata: ["n": String($0)])
                })
            let found = try store.find([1, 0], limit: 3, filter: #"{"n": {"$lt": 200}}"#)
            #expect(found.map(\.id) == ["199", "198", "197"])
            try #expect(store.find([1, 0], filter: #"{"n": {"$gt": 1000}}"#).isEmpty)
        }
    }
}
