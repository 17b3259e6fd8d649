import Foundation
import OpenSSL
import TestSupport
import Testing

@Suite struct SHA256Tests {
    @Test(arguments: [
        ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
        ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
        (
            "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
            "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
        ),
    ])
    func `gives the digests of FIPS 180-2`(text: String, digest: String) {
        #expect(SHA256.hex(of: Array(text.utf8)) == digest)
    }

    @Test(arguments: [0, 1, 65_535, 65_536, 65_537, 1_000_003])
    func `agrees with sha256sum about a file`(size: Int) throws {
        let folder = try TemporaryFolder()
        let bytes = (0..<size).map { UInt8(truncatingIfNeeded: $0 &* 31 &+ $0 >> 8) }
        let file = try folder.write(Data(bytes), to: "file")
        let digest = try SHA256.hex(ofFile: file)
        #expect(try run("sha256sum", file) == "\(digest)  \(file)\n")
        #expect(digest == SHA256.hex(of: bytes))
    }

    @Test(arguments: [("/nonexistent", ENOENT), ("/", EISDIR)])
    func `cannot read`(path: String, code: Int32) {
        #expect(throws: FileError(path: path, code: code)) { try SHA256.hex(ofFile: path) }
    }

    @Test func `says which file it cannot read`() {
        let error = FileError(path: "/a b", code: EACCES)
        #expect("\(error)" == "cannot read '/a b': Permission denied")
    }

    @Test(arguments: [
        ("ab01", "ab01", true), ("AB01", "ab01", true), ("", "", true),
        ("ab01", "ab02", false), ("ab01", "ab0", false), ("ab0", "ab01", false),
    ])
    func `compares`(first: String, second: String, areEqual: Bool) {
        #expect(SHA256.areEqual(first, second) == areEqual)
    }
}
