import Testing
import YAML

@Suite struct DocumentTests {
    @Test(arguments: [
        ("plain text", Scalar.Style.plain, "plain text"),
        ("plain\n  and more", .plain, "plain and more"),
        ("'it''s'", .singleQuoted, "it's"),
        (#""a\tb\0\u00e9\U0001F600""#, .doubleQuoted, "a\tb\0é😀"),
        ("|\n  one\n   two\n\n", .literal, "one\n two\n"),
        ("|-\n  one\n", .literal, "one"),
        ("|+\n  one\n\n", .literal, "one\n\n"),
        ("|2\n   one\n", .literal, " one\n"),
        (">\n  one\n  two\n\n  three\n", .folded, "one two\nthree\n"),
    ])
    func `every style of scalar is read`(text: String, style: Scalar.Style, value: String) throws {
        let node = try document("key: \(text)")["key"]
        #expect(node?.scalar == Scalar(text: value, style: style))
    }

    @Test(arguments: [
        ("a: 1\nb: [x, {y: z}]\n", "{a=1 b=[x {y=z}]}"),
        ("- 1\n-\n- - a\n  - b\n", "[1  [a b]]"),
        ("a: &x {k: 1}\nb: *x", "{a={k=1} b={k=1}}"),
        ("&a a: &a b\nc: *a", "{a=b c=b}"),
        ("a: &x [&x 1]\nb: *x", "{a=[1] b=1}"),
        ("? a\n: 1\n? b\n", "{a=1 b=}"),
        (
            "a: !!str 12\nb: !!int '12'\nc: ! 1\nd: !!float 1\ne: !!map {}\nf: !!seq []",
            "{a=12 b=12 c=1 d=1 e={} f=[]}"
        ),
        ("\u{feff}a: 1", "{a=1}"),
        ("%YAML 1.1\n---\na: 1", "{a=1}"),
    ])
    func `a document is read in its order`(text: String, shown: String) throws {
        #expect(show(try document(text)) == shown)
    }

    @Test(arguments: [
        ("base: &b {a: 1, b: 2}\nc: {<<: *b, b: 3}", "{a=1 b=3}"),
        ("base: &b {a: 1, b: 2}\nc: {b: 3, <<: *b, d: 4}", "{b=3 a=1 d=4}"),
        ("x: &x {a: 1}\ny: &y {a: 2, b: 2}\nc: {<<: [*x, *y]}", "{a=1 b=2}"),
        ("x: &x {a: 1}\ny: &y {<<: *x, b: 2}\nc: {<<: *y, c: 3}", "{a=1 b=2 c=3}"),
        ("c: {<<: {a: 1}}", "{a=1}"),
        ("c: {<<: []}", "{}"),
        ("c: {'<<': 1}", "{<<=1}"),
    ])
    func `a merge fills in what the mapping itself has not`(text: String, shown: String) throws {
        let node = try #require(try document(text)["c"])
        #expect(show(node) == shown)
    }

    @Test(arguments: [
        ("", 0), ("# nothing\n", 0), ("---\n", 1), ("a", 1), ("a\n---\nb\n...\n---\nc\n", 3),
    ])
    func `a text has any number of documents`(text: String, count: Int) throws {
        #expect(try Source(text, file: "f").documents().count == count)
    }

    @Test func `an anchor ends with its document`() {
        #expect(throws: YAMLError.self) { try Source("&a x\n---\n*a", file: "f").documents() }
    }

    @Test func `nodes and keys know where they stand`() throws {
        let root = try document("\na:\n  é: [x, 'y']\n")
        #expect(root.mark == Mark(line: 2, column: 1))
        let inner = try #require(root["a"]?.entries?.first)
        #expect(inner.mark == Mark(line: 3, column: 3))
        #expect(inner.value.mark == Mark(line: 3, column: 6))
        #expect(inner.value.elements?[1].mark == Mark(line: 3, column: 10))
    }

    @Test func `an alias is the node itself`() throws {
        let root = try document("a: &x [1]\nb: *x")
        #expect(root["a"] === root["b"])
    }

    @Test(
        arguments: [
            ([0xfe, 0xff, 0x00, 0x61, 0x00, 0x3a, 0x00, 0x20, 0x00, 0xe9], "{a=é}"),
            ([0xff, 0xfe, 0x61, 0x00, 0x3a, 0x00, 0x20, 0x00, 0x3d, 0xd8, 0x00, 0xde], "{a=😀}"),
            ([0xef, 0xbb, 0xbf, 0x61, 0x3a, 0x20, 0xc3, 0xa9], "{a=é}"),
        ] as [([UInt8], String)])
    func `a byte order mark tells the encoding`(bytes: [UInt8], shown: String) throws {
        let document = try #require(try Source(bytes, file: "f").documents().first)
        #expect(show(document) == shown)
    }
}

private extension Scalar {
    init(text: String, style: Style) { self.init(text, style: style) }
}

func document(_ text: String) throws -> Node {
    try #require(try Source(text, file: "f").documents().first)
}

/// Returns a document in one line, without styles.
func show(_ node: Node) -> String {
    switch node.content {
    case .scalar(let scalar): scalar.text
    case .sequence(let nodes): "[\(nodes.map(show).joined(separator: " "))]"
    case .mapping(let entries):
        "{\(entries.map { "\($0.key)=\(show($0.value))" }.joined(separator: " "))}"
    }
}
