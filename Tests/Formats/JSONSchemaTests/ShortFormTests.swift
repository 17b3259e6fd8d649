import JSON
import JSONSchema
import Testing

struct ShortFormTests {
    @Test(arguments: [
        (
            "name, age int, bio: a short text",
            #"{"type":"object","properties":{"name":{"type":"string"},"age":{"type":"integer"},"bio":{"type":"string","description":"a short text"}},"required":["name","age","bio"]}"#
        ),
        (
            "score float\nok bool: yes, or no\n\n",
            #"{"type":"object","properties":{"score":{"type":"number"},"ok":{"type":"boolean","description":"yes, or no"}},"required":["score","ok"]}"#
        ),
    ])
    func `stands for a schema of an object`(text: String, schema: String) throws {
        #expect(try Schema(shortForm: text).source.description == schema)
    }

    @Test(arguments: [
        ("age integre", "'age': expected str, int, float or bool, not 'integre'"),
        ("the full name", "'the full name': expected a name and perhaps a type"),
        (": text", "'': expected a name and perhaps a type"),
        (" , ", "no members"),
    ])
    func `refuses a member that it cannot read`(text: String, problem: String) {
        let error = #expect(throws: SchemaError.self) { try Schema(shortForm: text) }
        #expect(error?.description == problem)
    }
}
