import JSON
import Testing

@testable import MCP

struct CallResultTests {
    @Test(arguments: [
        (#"{"content":[{"type":"text","text":"a"},{"type":"text","text":"b"}]}"#, "a\nb"),
        (#"{"content":[]}"#, ""), ("{}", ""), (#"{"content":3}"#, ""), ("null", ""),
        (#"{"content":null}"#, ""), (#"{"content":"a"}"#, "a"),
        (#"{"content":{"type":"text","text":"a"}}"#, "a"),
        (#"{"content":["a",{"text":"b"}]}"#, "a\nb"),
        (#"{"content":[{"type":"text","text":{"a":1}}]}"#, #"{"a":1}"#),
        (#"{"content":[{"type":"text","text":null}]}"#, ""), (#"{"toolResult":"a"}"#, "a"),
        (#"{"toolResult":{"content":[{"type":"text","text":"a"}]}}"#, "a"),
        (
            #"{"content":[{"type":"image","data":"AAAA","mimeType":"image/png"}]}"#,
            "[image, image/png, 3 bytes]"
        ),
        (#"{"content":[{"type":"audio","data":"QQ=="}]}"#, "[audio, 1 byte]"),
        (#"{"content":[{"type":"image","data":"QU\nI="}]}"#, "[image, 2 bytes]"),
        (#"{"content":[{"type":"image"}]}"#, "[image, 0 bytes]"),
        (
            #"{"content":[{"type":"resource","resource":{"uri":"file:///a","text":"t"}}]}"#,
            "[resource file:///a]\nt"
        ),
        (
            #"{"content":[{"type":"resource","resource":{"uri":"x:y","mimeType":"a/b","blob":"AAAA"}}]}"#,
            "[resource x:y, a/b, 3 bytes]"
        ),
        (#"{"content":[{"type":"resource"}]}"#, "[resource without a URI, 0 bytes]"),
        (
            #"{"content":[{"type":"resource_link","uri":"x:y","name":"n","title":"T","size":2}]}"#,
            "[resource x:y, T, 2 bytes]"
        ),
        (#"{"content":[{"type":"hologram"}]}"#, "[content of type hologram]"),
        (#"{"content":[{},1]}"#, "[content without a type]\n[content without a type]"),
        (#"{"content":[],"structuredContent":{"t":21.50,"u":"C"}}"#, #"{"t":21.50,"u":"C"}"#),
        (#"{"structuredContent":[1,2]}"#, "[1,2]"), (#"{"structuredContent":null}"#, ""),
        (
            #"{"content":[{"type":"text","text":"{\"t\": 1}"}],"structuredContent":{"t":1}}"#,
            #"{"t": 1}"#
        ),
        (#"{"content":[{"type":"text","text":""}],"structuredContent":{"t":1}}"#, "\n{\"t\":1}"),
        (
            #"{"content":[{"type":"image","data":""}],"structuredContent":{"t":1}}"#,
            "[image, 0 bytes]\n{\"t\":1}"
        ),
    ])
    func `content becomes text`(json: String, text: String) throws {
        let result = CallResult(try Value(parsing: Array(json.utf8)))
        #expect(result.text == text)
        #expect(!result.isError)
    }

    @Test(arguments: [("true", true), ("false", false), ("null", false), (#""yes""#, false)])
    func `a tool says itself that it has failed`(json: String, isError: Bool) throws {
        let value = try Value(parsing: Array(#"{"isError":\#(json)}"#.utf8))
        #expect(CallResult(value).isError == isError)
    }
}
