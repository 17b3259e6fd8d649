import Command
import Testing

@Suite struct OptionTests {
    @Test(arguments: [
        ("1", 1), ("512K", 512 << 10), ("64M", 64 << 20), ("2g", 2 << 30),
        ("0", nil), ("-1", nil), ("M", nil), ("1.5M", nil), ("99999999999G", nil), ("", nil),
    ])
    func `a number of bytes may have a unit`(text: String, bytes: Int?) {
        #expect(ByteCount(argument: text)?.bytes == bytes)
    }

    @Test(arguments: [(64 << 20, "64M"), (1000, "1000"), (3 << 10, "3K")])
    func `a number of bytes is shown as one would type it`(bytes: Int, text: String) {
        #expect(ByteCount(bytes).defaultValueDescription == text)
    }

    @Test(arguments: [
        ("90", Duration.seconds(90)), ("90s", .seconds(90)), ("500ms", .milliseconds(500)),
        ("5m", .seconds(300)), ("1.5h", .seconds(5400)), ("0", nil), ("-1", nil), ("x", nil),
        ("inf", nil), ("nan", nil), ("", nil),
    ])
    func `a length of time may have a unit`(text: String, duration: Duration?) {
        #expect(Timeout(argument: text)?.duration == duration)
    }
}
