import Foundation
import LogFormat
import TestSupport
import Testing
import Unix

@testable import PluginKit

@Suite struct LoggerTests {
    @Test func `a line is hclog's`() {
        let line = LogEntry(
            Logger.Level.debug, "plugin address", module: "",
            time: Timestamp(microseconds: 1_795_455_468_806_639),
            values: ["address": "/tmp/plugin2004108018", "network": "unix"]
        ).line
        #expect(
            String(decoding: line, as: UTF8.self)
                == #"{"@level":"debug","@message":"plugin address","#
                + #""@timestamp":"2026-11-23T17:37:48.806639Z","#
                + #""address":"/tmp/plugin2004108018","network":"unix"}"# + "\n")
    }

    @Test(arguments: [
        "", "plain", #"a "quoted" \ word"#, "two\nlines\r\n", "tab\tand \u{1}\u{1f} control",
        "naïve 日本 👍🏽", "\u{7f}\u{2028}",
    ])
    func `any text comes back from the JSON`(text: String) throws {
        let line = LogEntry(
            Logger.Level.info, text, module: text, time: Timestamp.now, values: [text: text]
        ).line
        #expect(line.last == UInt8(ascii: "\n"))
        #expect(line.filter { $0 == UInt8(ascii: "\n") }.count == 1)
        let object = try JSONSerialization.jsonObject(with: Data(line)) as? [String: Any]
        #expect(object?["@message"] as? String == text)
        #expect(object?[text] as? String == text)
        #expect(object?["@module"] as? String == (text.isEmpty ? nil : text))
    }

    @Test func `numbers and Booleans stay such`() {
        let line = LogEntry(
            Logger.Level.info, "", module: "m", time: Timestamp(microseconds: 0),
            values: [
                "int": 3, "byte": UInt8(7), "double": 0.5, "float": Float(-2), "yes": true,
                "infinite": Double.infinity, "duration": Duration.seconds(2),
            ]
        ).line
        #expect(
            String(decoding: line, as: UTF8.self).hasSuffix(
                #""int":3,"byte":7,"double":0.5,"float":-2.0,"yes":true,"infinite":"inf","#
                    + #""duration":"2.0 seconds"}"# + "\n"))
    }

    @Test(arguments: [
        (0, "1970-01-01T00:00:00.000000Z"),
        (1, "1970-01-01T00:00:00.000001Z"),
        (-1, "1969-12-31T23:59:59.999999Z"),
        (951_782_399_999_999, "2000-02-28T23:59:59.999999Z"),
        (951_782_400_000_000, "2000-02-29T00:00:00.000000Z"),
        (951_868_800_000_000, "2000-03-01T00:00:00.000000Z"),
        (1_709_164_800_500_000, "2024-02-29T00:00:00.500000Z"),
        (4_107_542_399_000_000, "2100-02-28T23:59:59.000000Z"),
        (4_107_542_400_000_000, "2100-03-01T00:00:00.000000Z"),
    ])
    func `prints a point in time`(microseconds: Int, text: String) {
        #expect(Timestamp(microseconds: microseconds).description == text)
    }

    @Test func `agrees with the system about today`() {
        let before = Int(Date().timeIntervalSince1970)
        let now = Timestamp.now.microseconds / 1_000_000
        #expect((before...before + 5).contains(now))
    }

    @Test func `long lines of many threads are not mixed up`() async throws {
        let folder = try TemporaryFolder()
        let path = "\(folder.path)/log"
        let descriptor = open(path, O_CREAT | O_WRONLY | O_APPEND, 0o600)
        defer { close(descriptor) }
        let log = Logger("m", least: .info, descriptor: descriptor)
        await withTaskGroup { group in
            for writer in 0..<8 {
                group.addTask {
                    let text = String(repeating: "\(writer)", count: 20_000)
                    for _ in 0..<10 {
                        log.info(text)
                        log.debug(text)
                    }
                }
            }
        }
        let lines = try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n")
        #expect(lines.count == 80)
        for line in lines {
            let object = try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any]
            let message = try #require(object?["@message"] as? String)
            #expect(message.utf8.count == 20_000 && Set(message).count == 1)
        }
    }
}
