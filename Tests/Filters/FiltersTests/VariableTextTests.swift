import GenerateFilter
import Testing

@Suite struct VariableTextTests {
    @Test(arguments: [
        ("", ""), ("plain", "plain"), ("$name", "Mia"), ("${name}s", "Mias"), ("a$name.", "aMia."),
        ("$$name", "$name"), ("$", "$"), ("$5", "$5"), ("${", "${"), ("${name", "${name"),
        ("${5}", "${5}"), ("$_x", ""), ("$name$name", "MiaMia"), ("$$$name", "$Mia"),
        ("${na me}", "${na me}"), ("$näme", "äme"), ("$other", ""),
    ])
    func `variables are expanded, and any other dollar sign is one`(text: String, expanded: String)
    {
        #expect(VariableText(text).expanded(with: ["name": "Mia"]) == expanded)
    }

    @Test func `a value is not expanded again`() {
        #expect(VariableText("$a").expanded(with: ["a": "$b", "b": "x"]) == "$b")
    }
}
