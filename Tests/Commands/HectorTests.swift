import FilterKit
import Foundation
import Testing

/// The work of hector beside running agents.
@Suite(.serialized) struct HectorTests: AgentShells {
    @Test func `hector NAME is hector-NAME, from beside it or from PATH`() async throws {
        let result = try await run(
            """
            mkdir bin; printf '#!/bin/sh\\necho "own $*"\\n' > bin/hector-mine; chmod +x bin/hector-mine
            PATH=$PATH:$PWD/bin
            hector mine a b
            hector embed --version
            hector help | grep -c '^  mine\\|^  embed'
            hector help embed | head -1
            hector help run | head -1
            hector config names programs | grep 'mine\\|embed\\|run'
            """)
        #expect(
            result.lines == [
                "own a b", "hector-embed \(version)", "2",
                "OVERVIEW: Add to each record the vector of its text.",
                "OVERVIEW: Answer a question, or each line; the default subcommand.",
                "embed", "mine",
            ])
    }

    @Test(arguments: [
        ("idnex docs", "did you mean 'index'?"), ("plugins list", "did you mean 'plugin'?"),
        ("version", "did you mean '--version'?"), ("-q hlep", "did you mean 'help'?"),
        ("models", "no command 'models', -m chooses a model"),
        ("login", "'hector keys set NAME' keeps a key"),
        ("logs", "see 'hector session list'"), ("serve", "did you mean 'hector plugin serve'?"),
        ("login openai", "type 'hector -- login openai'"),
        ("-m some-model login", "no command 'login'"), ("Models", "see 'hector help'"),
        ("frobnicate", "no command 'frobnicate', see 'hector help'; to ask an agent, type"),
        ("list_models", "type 'hector -- list_models'"),
    ])
    func `what is all but a command is not asked of a model`(words: String, message: String)
        async throws
    {
        let result = try await run("hector \(words)")
        #expect(result.status == 64)
        #expect(result.errors.contains(message), "\(result.errors)")
        let sessions = try await Shell().run("hector \(words); hector config names sessions")
        #expect(sessions.output.isEmpty)
    }

    @Test func `one word may go on with a session`() async throws {
        let result = try await run("hector 'shall I?' > /dev/null; hector -c yes")
        #expect(result.lines == ["You said: yes"])
    }

    @Test(arguments: ["idnex docs", "validate it", "version", "models"])
    func `a question may be all but a command`(words: String) async throws {
        let asked = try await run("hector -- \(words); hector '\(words) ?'; hector run \(words)")
        #expect(
            asked.lines == [
                "You said: \(words)", "You said: \(words) ?", "You said: \(words)",
            ])
    }

    @Test func `every mistake of a configuration and its plugins is reported`() async throws {
        let shell = try shell()
        try shell.write(
            "plugins:\n  llm_providers:\n    gone: { path: ./gone, config: { k: \"${UNSET}\" } }\n    m: { path: ./m }\n",
            to: "other.yaml")
        let result = try await run(
            """
            hector validate || echo $?
            hector validate other.yaml || echo $?
            printf 'agentz: {}\\nagents: { a: { llm: nope } }\\n' > third.yaml
            hector validate third.yaml || echo $?
            cd $HOME; hector validate || echo $?
            """, in: shell)
        #expect(result.lines == ["78", "78", "78"])
        #expect(result.errors.contains("gone"))
        #expect(result.errors.contains("third.yaml:1:1: unknown key 'agentz'"))
        #expect(result.errors.contains("third.yaml:2:21: "))
    }

    @Test func `the configuration is shown without secrets`() async throws {
        let shell = try Shell()
        try shell.write(
            """
            plugins:
              llm_providers:
                a: { path: ./a, config: { api_key: abc123, max_tokens: 5, other_token: "t0p", url: "http://x" } }
                b: { config: { api_key: "${KEY}", headers: { X-Any: s3cret }, list: [1, two] } }
              tool_providers:
                c:
                  config: { url: "https://me:pw@h/mcp?api_key=k1&x=1", env: [A=b], args: [--token, t1, -v] }
                d:
                  config:
                    command: >-
                      srv -H 'Authorization: Bearer abc' --password=p --token "${TOKEN}"

            """, to: "hector.yaml")
        let result = try await shell.run("hector config show; hector config path")
        #expect(
            result.output == """
                plugins:
                  llm_providers:
                    a:
                      path: ./a
                      config:
                        api_key: "********"
                        max_tokens: 5
                        other_token: "********"
                        url: "http://x"
                    b:
                      config:
                        api_key: "${KEY}"
                        headers:
                          X-Any: "********"
                        list:
                          - 1
                          - two
                  tool_providers:
                    c:
                      config:
                        url: "https://me:********@h/mcp?api_key=********&x=1"
                        env:
                          - "********"
                        args:
                          - "--token"
                          - "********"
                          - "-v"
                    d:
                      config:
                        command: "srv -H 'Authorization: Bearer ********' --password=******** --token \\"${TOKEN}\\""
                \(shell.path)/hector.yaml

                """)
    }

    @Test func `a shell completes what the configuration names`() async throws {
        let shell = try shell(
            more: "document_stores: { docs: { path: ./docs, collection: passages } }")
        let result = try await run(
            """
            hector --session mine q > /dev/null
            source /usr/share/bash-completion/bash_completion
            # complete PROGRAM WORD...: the completions of the last word in bash.
            complete_words() {
                source $ROOT/completions/bash/$1
                COMP_WORDS=("$@") COMP_CWORD=$(($# - 1)) COMP_LINE="$*" COMP_POINT=${#COMP_LINE}
                COMPREPLY=()
                _$1 "$1" "${@: -1}" "${@: -2:1}"
                printf '%s\\n' "${COMPREPLY[@]}" | paste -sd ' '
            }
            complete_words hector --agent ''
            complete_words hector run --agent ''
            complete_words hector --llm mod
            complete_words hector session show ''
            complete_words hector query d
            complete_words hector-search -C ''
            complete_words hector-embed --plugin hash
            complete_words hector-embed --docum
            complete_words hector va
            complete_words hector-search -C x upsert --cr
            complete_words hector --config=x session list --js
            """, in: shell)
        #expect(
            result.lines == [
                "a", "a", "model", "mine", "docs", "passages", "hash-embedder", "--document",
                "validate", "--create", "--json",
            ])
    }

    @Test func `bash hands what follows a program's name to its completion`() async throws {
        let result = try await run(
            """
            source $ROOT/completions/bash/hector
            # offered WORD...: the completions of the last word in bash.
            offered() {
                COMP_WORDS=("$@") COMP_CWORD=$(($# - 1)) COMP_LINE="$*" COMP_POINT=${#COMP_LINE}
                COMPREPLY=()
                local function=$(complete -p hector)
                function=${function#*-F }
                ${function%% *} "$1" "${@: -1}" "${@: -2:1}"
                printf '%s\\n' "${COMPREPLY[@]}" | paste -sd ' '
            }
            each() {
                offered hector ind
                offered hector --agent x ind
                offered hector index sta
                offered hector embed --plugin hash
                offered $(type -P hector) embed --plugin hash
                offered hector session del
            }
            each
            unset -f _hector-index _hector-embed
            complete -r hector-index hector-embed
            source /usr/share/bash-completion/bash_completion
            mkdir -p data/bash-completion
            ln -s $ROOT/completions/bash data/bash-completion/completions
            XDG_DATA_DIRS=$PWD/data each
            """)
        let once = ["index", "status", "hash-embedder", "hash-embedder", "delete"]
        #expect(result.lines == once + once, "\(result.errors)")
    }

    @Test func `fish hands what follows a program's name to its completion`() async throws {
        let result = try await run(
            """
            fish --no-config -c '
                set -p fish_complete_path $ROOT/completions/fish
                for line in "hector ind" "hector --agent x ind" "hector index " "hector session del" \\
                    "hector-search -C x upsert --cr" "hector --config=x session list --js"
                    complete -C $line | string split -f 1 \\t | string join " "
                    echo .
                end'
            """)
        #expect(
            result.lines == [
                "index", ".", ".", "cache forget help list run status", ".", "delete", ".",
                "--create", ".",
                "--json", ".",
            ],
            "\(result.errors)")
    }

    @Test func `zsh hands what follows a program's name to its completion`() async throws {
        let shell = try Shell()
        try shell.write(
            #"""
            from terminal import *

            t = Terminal("zsh", "-f", "-i", PS1="zsh> ")
            t.expect("zsh> ")
            t.send("fpath=($ROOT/completions/zsh $fpath); autoload -U compinit; compinit -u -D\r")
            t.expect("zsh> ")
            for line, whole in [
                ("hector ind", "hector index"), ("hector index sta", "hector index status"),
                ("hector embed --plugin hash", "hector embed --plugin hash-embedder"),
                ("hector session del", "hector session delete"),
                ("hector-search -C x upsert --cr", "hector-search -C x upsert --create"),
                ("hector --config x session list --js", "hector --config x session list --json"),
            ]:
                t.send(line + "\t")
                t.expect(whole)
                t.send("\x15")
            print("done")
            """#, to: "drive.py")
        let result = try await run(
            """
            export PYTHONPATH=$ROOT/Tests/Foreign/python PYTHONDONTWRITEBYTECODE=1
            python3 drive.py
            """, in: shell)
        #expect(result.lines == ["done"], "\(result.errors)")
    }
}
