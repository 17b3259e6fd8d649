import Testing

@testable import MCP

struct HTTPRefusalTests {
    @Test(arguments: [
        ("<!DOCTYPE html><title>A\n  B</title>", "an HTML page, 'A B'"),
        ("\u{FEFF} <HTML><HEAD><TITLE lang=en>x</TITLE>", "an HTML page, 'x'"),
        ("<html>", "an HTML page"),
        (#"{"detail":"no"}"#, "no"), (#"{"error":"no"}"#, "no"),
        (#"{"error":{"message":"no"}}"#, "no"), ("no\n  way ", "no way"), ("", ""),
    ])
    func `a body is shown as people want to read it`(body: String, text: String) {
        #expect(HTTPRefusal.text(of: Array(body.utf8)[...]) == text)
    }
}
