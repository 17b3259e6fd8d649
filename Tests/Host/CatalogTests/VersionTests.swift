import Catalog
import Testing

@Suite struct VersionTests {
    @Test(arguments: [
        "0.0.0", "1.0.0", "10.20.30", "1.0.0-alpha", "1.0.0-alpha.1", "1.0.0-0.3.7",
        "1.0.0-x-y-z.--", "1.0.0+001", "1.0.0-beta+exp.sha.5114f85", "1.0.0-0a",
        "1.0.0+21AF26D3----117B344092BD", "1.0.0-99999999999999999999",
    ])
    func `a semantic version is read and shown`(text: String) {
        #expect(Version(text)?.description == text)
    }

    @Test(arguments: [
        "", "1", "1.0", "1.0.0.0", "v1.0.0", "01.0.0", "1.0.-1", "1.0.0-", "1.0.0-01", "1.0.0-a..b",
        "1.0.0+", "1.0.0-é", "1.0.0 ", " 1.0.0", "1.a.0", "1..0", "99999999999999999999.0.0",
        "9223372036854775807.0.0", "1.0.0+a+b",
    ])
    func `what is no semantic version is refused`(text: String) {
        #expect(Version(text) == nil)
    }

    @Test func `versions have the order of the specification`() throws {
        let ordered = try [
            "0.9.9", "1.0.0-1", "1.0.0-2", "1.0.0-10", "1.0.0-99999999999999999999", "1.0.0-alpha",
            "1.0.0-alpha.1", "1.0.0-alpha.beta", "1.0.0-beta", "1.0.0-beta.2", "1.0.0-beta.11",
            "1.0.0-rc.1", "1.0.0", "1.0.1", "1.1.0", "1.10.0", "2.0.0",
        ].map { try #require(Version($0)) }
        for (index, version) in ordered.enumerated() {
            for (other, otherVersion) in ordered.enumerated() {
                #expect((version < otherVersion) == (index < other))
                #expect((version == otherVersion) == (index == other))
            }
        }
    }

    @Test func `builds are equal`() {
        #expect(Version("1.0.0+a") == Version("1.0.0+b"))
    }
}

@Suite struct VersionRangeTests {
    @Test(arguments: [
        (">=0.1.0", ["0.1.0", "0.1.1", "9.0.0"], ["0.0.9", "0.1.0-rc.1"]),
        (">=0.1.0,<2.0.0", ["0.1.0", "1.99.0"], ["2.0.0", "2.0.0-rc.1", "0.0.1"]),
        (" >= 0.1.0 , < 2.0.0 ", ["0.1.0"], ["2.0.0"]),
        (">=0.1.0 <2.0.0", ["0.1.0"], ["2.0.0"]),
        ("<2.0.0-rc.2", ["2.0.0-rc.1", "1.0.0"], ["2.0.0-rc.2", "2.0.0"]),
        ("<=1.2.3", ["1.2.3", "1.2.3-a"], ["1.2.4"]), ("<=1.2", ["1.2.9"], ["1.3.0", "1.3.0-a"]),
        (">1.2.3", ["1.2.4"], ["1.2.3"]), (">1.2", ["1.3.0"], ["1.2.9"]),
        ("=1.2.3", ["1.2.3", "1.2.3+b"], ["1.2.4", "1.2.3-a"]),
        ("1.2.3", ["1.2.3"], ["1.2.4"]), ("=1.2", ["1.2.0", "1.2.9"], ["1.3.0", "1.1.9"]),
        ("1", ["1.0.0", "1.9.9"], ["2.0.0", "0.9.9"]), ("1.x", ["1.5.0"], ["2.0.0"]),
        ("1.2.*", ["1.2.0", "1.2.7"], ["1.3.0"]), ("*", ["0.0.0", "9.9.9"], []),
        ("^1.2.3", ["1.2.3", "1.9.0"], ["2.0.0", "1.2.2", "2.0.0-a"]),
        ("^1.2", ["1.2.0", "1.9.0"], ["2.0.0", "1.1.0"]), ("^1", ["1.0.0", "1.9.9"], ["2.0.0"]),
        ("^0.2.3", ["0.2.3", "0.2.9"], ["0.3.0"]), ("^0.0.3", ["0.0.3"], ["0.0.4"]),
        ("^0.0", ["0.0.0", "0.0.9"], ["0.1.0"]), ("^0", ["0.0.0", "0.9.0"], ["1.0.0"]),
        ("^0.0.0", ["0.0.0"], ["0.0.1"]),
        ("~1.2.3", ["1.2.3", "1.2.9"], ["1.3.0", "1.2.2"]), ("~1.2", ["1.2.0"], ["1.3.0"]),
        ("~1", ["1.0.0", "1.9.0"], ["2.0.0"]), ("<1.2", ["1.1.9"], ["1.2.0"]),
        ("<1,>2", [], ["0.5.0", "1.0.0", "3.0.0"]),
    ])
    func `a range accepts some versions`(text: String, inside: [String], outside: [String]) throws {
        let range = try #require(VersionRange(text))
        for version in inside {
            #expect(range.contains(try #require(Version(version))), "\(version)")
        }
        for version in outside {
            #expect(!range.contains(try #require(Version(version))), "\(version)")
        }
    }

    @Test(arguments: [
        "", " ", ",", ">=", "1.0.0,", ",1.0.0", "=>1.0.0", "~>1.0", "!=1.0.0", "1.0.0 ||", "a",
        "1.2.3.4", "01.0", ">=1<2", "1.*.3", "1.x-a", "^", "1.-", "latest", "1.2-rc",
    ])
    func `what is no range is refused`(text: String) {
        #expect(VersionRange(text) == nil)
    }

    @Test func `this Hector's version is the first`() {
        #expect(hectorVersion.description == "0.1.0")
    }
}
