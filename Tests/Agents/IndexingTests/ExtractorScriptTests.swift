import Testing

@testable import Indexing

@Suite struct ExtractorScriptTests {
    @Test(arguments: [
        ("cat {}", #"cat "${1}""#),
        ("cat '{}' \"{}\" --in={}", #"cat "${1}" "${1}" --in="${1}""#),
        ("cat \"file:{}\"", #"cat "file:${1}""#),
        ("jq '. // {}' {}", #"jq '. // {}' "${1}""#),
        (#"echo "$(basename {} .pdf)" {}"#, #"echo "$(basename "${1}" .pdf)" "${1}""#),
        (#"echo "$( (cat {}) )" "{}""#, #"echo "$( (cat "${1}") )" "${1}""#),
        (#"echo "`cat {}` '{}'""#, #"echo "`cat "${1}"` '${1}'""#),
        (#"echo "\"{}" \' {}"#, #"echo "\"${1}" \' "${1}""#),
        ("# it's\ncat {} # it's {}\ncat {}", "# it's\ncat \"${1}\" # it's {}\ncat \"${1}\""),
        ("echo ${#a} a#'b {}' {}", #"echo ${#a} a#'b {}' "${1}""#),
        (#"echo \{}"#, #"echo \{}"#),
        ("echo 'never closed {}", "echo 'never closed {}"),
        ("echo \"{}", "echo \"${1}"), ("\\", "\\"), ("$(", "$("), (")", ")"), ("", ""),
    ])
    func `the file is one word where it is not to be taken literally`(
        command: String, script: String
    ) {
        #expect(ExtractorScript(command).text == script)
    }
}
