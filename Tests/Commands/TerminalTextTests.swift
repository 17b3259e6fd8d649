import Foundation
import Testing

/// The text that programs write to a terminal, from any source.
@Suite struct TerminalTextTests {
    /// Text that sets the clipboard, rings, erases, reverses text and hides what stands before it.
    private static let hostile =
        #"key \033]52;c;QQ==\007 \302\2332J \342\200\256 rotates\rweekly, \033[31mred."#

    private func shell() throws -> Shell {
        let shell = try Shell()
        try shell.write(
            """
            import os, sys
            from terminal import *

            for command in sys.stdin.read().splitlines():
                terminal = Terminal("bash", "-c", command, rows=24, columns=200)
                status = terminal.end()
                shown = terminal.all
                left = shown.replace(b"\\r\\n", b"")
                bad = [code for code in (b"\\x1b", b"\\x07", b"\\r", b"\\xc2\\x9b", b"\\xe2\\x80\\xae")
                       if code in left]
                if bad or not shown or b"weekly" not in shown and " # silent" not in command:
                    print(command, status, bad, shown)
            print("done")
            """, to: "look.py")
        try shell.write(
            """
            export PYTHONPATH=$ROOT/Tests/Foreign/python PYTHONDONTWRITEBYTECODE=1
            H=$(printf '\(Self.hostile)')
            export H
            printf '%s\\n' "$H" > f.txt
            record() { jq -cn --arg t "$H" "$1"; }
            record '{id: $t, content: $t, vector: [1, 2]}' > records
            hector-search -C c upsert --create -o path=v < records
            record '{messages: [{role: "assistant", content: "", tool_calls: [{id: "1",
                type: "function", function: {name: "read_file", arguments: "{\\"path\\":\\"f.txt\\"}"}}]}]}' > calls

            """, to: "begin")
        return shell
    }

    @Test func `no program lets others command the terminal`() async throws {
        let result = try await shell().run(
            #"""
            . ./begin
            python3 look.py << 'END'
            hector-embed -o dimension=1 "$H"
            hector-embed --plugin "$H" x
            hector-embed -o dimension="$H" x
            hector-embed "--$H" x # silent
            hector-embed --errors /dev/tty -o dimension=1 < records
            hector-chunk f.txt
            hector-chunk --whole f.txt
            hector-chunk "no $H"
            hector-search -C c -o path=v <<< '{"vector":[1,2]}'
            hector-search -C "no $H" -o path=v <<< '{"vector":[1,2]}'
            hector-search --filter "$H" -C c # silent
            hector-search delete -C c -o path=v --ack "$H"
            hector-generate --plugin extractive-llm 'When does the key rotate?' < f.txt
            hector-generate --plugin extractive-llm --json 'When does the key rotate?' < f.txt
            hector-generate --plugin "$FOREIGN/python-llm" "$H"
            hector-tool call --plugin system-tools --allow '*' read_file --path f.txt
            hector-tool --plugin system-tools --allow '*' < calls
            hector-tool call --plugin system-tools "$H"
            hector-reason --plugin "$H" < records
            hector-plugin info "$H"
            hector-plugin check "./$H"
            hector-plugin list --kind "$H"
            hector --agent "$H" 'A question of words'
            hector --llm extractive-llm -- "$H" # silent
            hector "$H" --no-such # silent
            hector session show "$H"
            hector config path --config "$H"
            hector query "$H" x
            hector-index "$H" # silent
            hector-shell --agent "$H"
            echo ".$H" | hector-shell --llm extractive-llm # silent
            END
            """#)
        #expect(result.lines == ["done"], "\(result.errors)")
    }

    @Test func `a pipe gets the bytes`() async throws {
        let result = try await shell().run(
            #"""
            . ./begin
            hector-tool call --plugin system-tools --allow '*' read_file --path f.txt |
                cmp - <(printf '%s\n' "$H") && echo tool
            hector-chunk --whole f.txt | jq -j .content | cmp - f.txt && echo chunk
            hector-embed -o dimension=1 "$H" | jq -r .content | cmp - f.txt && echo embed
            """#)
        #expect(result.lines == ["tool", "chunk", "embed"], "\(result.errors)")
    }

    @Test(arguments: ["", "dumb"])
    func `a terminal without a cursor gets plain lines`(kind: String) async throws {
        let shell = try shell()
        try shell.write(
            """
            from terminal import *
            terminal = Terminal(
                "bash", "-c", "hector-embed --progress -o dimension=1 < records", TERM="\(kind)")
            terminal.end()
            print(b"\\x1b" in terminal.all, b"1 records" in terminal.all)
            """, to: "look.py")
        let result = try await shell.run(
            ". ./begin\npython3 look.py")
        #expect(result.lines == ["False True"], "\(result.errors)")
    }

    @Test func `a newline in a name begins no line`() async throws {
        let result = try await Shell().run(
            #"""
            hector-chunk $'no\nhector-chunk: all is well' 2>&1
            hector-embed --plugin $'no\nhector-embed: all is well' x 2>&1 | head -1
            """#)
        #expect(
            result.lines.first
                == #"hector-chunk: cannot open 'no\u000ahector-chunk: all is well': No such file or directory"#,
            "\(result.output)")
        #expect(result.lines.count == 2)
        #expect(!result.output.contains("\nhector-embed: all"))
    }
}
