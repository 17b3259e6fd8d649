import Foundation
import TestSupport
import Testing

/// Runs of `hector index`: from cron, one at a time, killed, and asked to end.
@Suite(.serialized) struct IndexRunTests: IndexShells {
    @Test func `one run at a time has a store`() async throws {
        let result = try await makeShell().run(
            Self.tools + """
                echo one > docs/a.md
                FAULT=sleepy:1500 hector index & first=$!
                until grep -q '^embed ' log; do read -t 0.05 < <(:); done
                hector index; echo $?
                hector index --wait; echo $?
                wait $first; echo $? $(calls)
                """)
        #expect(result.lines == ["75", "0", "0 1"])
        #expect(
            result.errors
                == "hector-index: another run has the store 'docs'; --wait waits for its end\n")
    }

    @Test func `a run that only a rate has held up is to be tried later`() async throws {
        let server = try Loopback { request, connection in
            let inputs = request.json["input"] as? [String] ?? []
            if inputs.contains(where: { $0.hasPrefix("many") }) {
                return try connection.answer(#"{"error":{"message":"not now"}}"#, status: 429)
            }
            let vectors = inputs.indices.map { #"{"index":\#($0),"embedding":[1,2]}"# }
            try connection.answer(#"{"data":[\#(vectors.joined(separator: ","))]}"#)
        }
        let shell = try Shell()
        try shell.write(
            """
            plugins:
              embedder_providers:
                served: { path: openai-embedder, config: { base_url: "\(server.url)", model: m,
                          batch_size: 1, max_retries: 0, encoding_format: float } }
            document_stores: { docs: { path: ./docs, extractors: { "*.bad": "false {}" } } }

            """, to: "hector.yaml")
        let result = try await shell.run(
            """
            mkdir docs; echo good > docs/a.md; hector-index; echo $?
            for n in 1 2 3; do echo many > docs/$n.md; done; hector-index; echo $?
            echo bad > docs/b.bad; hector-index 2> words; echo $? $(wc -l < words)
            """)
        #expect(result.lines == ["0", "75", "1 2"], "\(result.errors)")
        #expect(
            result.errors.contains(
                /hector-index: cannot index '\d.md' and 2 more: plugin 'served': .* 429/),
            "\(result.errors)")
        #expect(result.errors.split(separator: "\n").count == 1)
    }

    @Test func `a disk that was full at first is no matter later`() async throws {
        let result = try await makeShell().run(
            Self.tools + """
                echo one > docs/a.md
                # The lock files are longer than the limit below.
                hector index
                rm ~/.local/state/hector/index/*/data.mdb
                rm -r ~/.local/share/hector/vectors
                # Through a pipe, as the output may be a file.
                full() { (trap '' XFSZ; ulimit -f $1; shift; "$@" 2>&1; echo $?) | cat; }
                full 4 hector-index
                full 0 hector-search create -C docs --dimension 4
                hector index; echo $? $(stored | wc -l)
                """)
        #expect(result.lines.filter { !$0.hasPrefix("hector-") } == ["74", "1", "0 1"])
        #expect(result.output.contains("No space left on device"), "\(result.output)")
        #expect(result.output.contains("File too large"), "\(result.output)")
        #expect(result.errors == "")
    }

    @Test func `runs as cron would run it`() async throws {
        let result = try await makeShell().run(
            Self.tools + """
                echo one > docs/a.md; bin=$(dirname $(command -v hector-index))
                env -i HOME="$HOME" timeout 60 "$bin/hector-index" --config "$PWD/hector.yaml" <&- >out 2>&1
                echo $? $(wc -c < out) $(stored | wc -l)
                env -i HOME="$HOME" timeout 60 "$bin/hector-index" <&- >&-; echo $?
                hector trust -q
                env -i HOME="$HOME" timeout 60 "$bin/hector-index" <&- >&-; echo $?
                """)
        #expect(result.lines == ["0 0 1", "77", "0"])
        #expect(result.errors.contains("hector trust"), "\(result.errors)")
    }

    @Test func `the crontab works with the configuration that is beside it`() async throws {
        let result = try await Shell().run(
            """
            mkdir -p ~/docs/drafts ~/.config/hector bin
            cp $ROOT/examples/hector.yaml ~/.config/hector/
            echo one > ~/docs/a.md; echo two > ~/docs/drafts/b.md
            # The jobs that cron runs, the commented ones too, with the PATH of this test.
            sed -n 's/^#*[*0-9/]* [*0-9]* [*] [*] [*] //p' $ROOT/examples/cron/crontab > jobs
            wc -l < jobs
            while read -r job; do
                env -i HOME="$HOME" PATH="$PATH" LOGNAME=me SHELL=/bin/sh sh -c "$job" < /dev/null
                echo $?
            done < jobs
            cat ~/.local/state/hector/index.log
            hector query docs one | head -1 | cut -d' ' -f2
            """)
        #expect(result.lines.prefix(3) == ["2", "0", "0"], "\(result.errors)")
        #expect(
            result.lines[3].hasPrefix("hector-index: docs: 0 added, 0 changed, 0 removed, 1 unch"))
        #expect(result.lines.last == "a.md#1")
        #expect(result.errors == "")
    }

    @Test func `a run that is killed is completed by the next`() async throws {
        let result = try await makeShell("{ path: ./docs, chunk: { size: 60, overlap: 0 } }").run(
            Self.tools + """
                unset FAULT_LOG
                sed -i 's/faulty/go-embedder/' hector.yaml
                # Files of 1 to 5 chunks, fewer or more each time.
                make() {
                    awk -v g=$1 'BEGIN { for (n = 1; n <= 300; n++) {
                        for (p = 0; p <= (n + g * 3) % 5; p++)
                            printf "generation %s of file %s has a part %s\\n\\n", g, n, p > "docs/" n ".md"
                        close("docs/" n ".md") } }'
                }
                make 0; start=${EPOCHREALTIME/./}; hector index
                length=$((${EPOCHREALTIME/./} - start))
                for round in 1 2 3 4 5 6 7 8; do
                    make $round; rm -f docs/${round}?.md
                    # At any moment of a run, the first tenth of which is its start.
                    hector-index 2>/dev/null & run=$!
                    sleep $(awk "BEGIN { print $length / 1e6 * (0.1 + $RANDOM / 36408) }")
                    kill -KILL $run 2>/dev/null && killed=$((killed + 1))
                    wait $run 2>/dev/null
                done
                make 9; rm docs/2?.md
                hector index; echo $?
                query() { echo part | hector-embed --text --plugin logged | hector-search -C $1 -k 100000 |
                    jq -r '.results[] | "\\(.id) \\(.metadata.sha256) \\(.content)"' | sort; }
                query docs > killed
                sed -i 's/collection: docs/collection: fresh/' hector.yaml
                hector index; echo $?; query fresh > fresh
                cmp killed fresh && wc -l < fresh
                [ $killed -ge 6 ] && echo killed
                """)
        // 290 files of 3 chunks on average.
        #expect(result.lines == ["0", "0", "870", "killed"], "\(result.output)\(result.errors)")
    }

    @Test func `a rebuild that is killed leaves the old or becomes the new`() async throws {
        let result = try await makeShell().run(
            Self.tools + """
                unset FAULT_LOG; sed -i 's/faulty/go-embedder/' hector.yaml
                for n in $(seq 400); do echo "text $n" > docs/$n.md; done; age
                listed() { hector-embed --text --plugin logged <<< text | hector-search -C docs -k 1000 |
                    jq -r '.results[] | "\\(.id) \\(.content)"' | sort; }
                start=${EPOCHREALTIME/./}; hector index --rebuild
                length=$((${EPOCHREALTIME/./} - start)); listed > all; wc -l < all
                for share in 0.2 0.4 0.55 0.7 0.85 0.95; do
                    hector-index --rebuild 2>/dev/null & run=$!
                    sleep $(awk "BEGIN { print $length / 1e6 * $share }")
                    kill -KILL $run 2>/dev/null; wait $run 2>/dev/null
                    hector index && listed | cmp - all && echo $share
                done
                hector index --rebuild; ls ~/.local/state/hector/index/*/ | grep -c jsonl
                """)
        #expect(
            result.lines.dropLast() == ["400", "0.2", "0.4", "0.55", "0.7", "0.85", "0.95"])
        #expect(result.lines.last == "0")
        #expect(result.errors == "")
    }

    @Test(arguments: ["TERM", "INT"])
    func `a run that a signal ends keeps what is done`(signal: String) async throws {
        let result = try await makeShell().run(
            Self.tools + """
                for n in $(seq 200); do echo "text $n" > docs/$n.md; done; age
                export FAULT=sleepy:500
                # With job control, because a background job without it ignores SIGINT.
                set -m; hector-index & run=$!; set +m
                until [ "$(hector-index status --json | jq .chunks)" -gt 0 ]; do :; done
                kill -\(signal) $run; wait $run; echo $?
                done=$(hector-index status --json | jq .chunks)
                [ $done -gt 0 ] && [ $done -lt 200 ] && echo partly
                reset; unset FAULT; hector index; echo $?
                [ $(calls) -le $((200 - done)) ] && echo rest
                stored | wc -l
                """)
        #expect(
            result.lines == [signal == "TERM" ? "143" : "130", "partly", "0", "rest", "200"])
        #expect(result.errors == "")
    }

    @Test(arguments: ["TERM", "INT"])
    func `a command that does not end when asked to is killed`(signal: String) async throws {
        let result = try await makeShell("{ command: '. ./command' }").run(
            Self.tools + """
                echo 'trap : TERM; echo $$ > group; sleep 340; sleep 350' > command
                set -m; hector-index & run=$!; set +m
                until [ "$(pgrep -cfx 'sleep 340' -g "$(cat group 2>/dev/null)")" = 1 ]; do :; done 2>/dev/null
                kill -\(signal) $run; wait $run; echo $?
                # The shell and what it ran.
                timeout 20 sh -c "while pgrep -g $(cat group) >/dev/null; do sleep 0.1; done"; echo $?
                """)
        #expect(result.lines == [signal == "TERM" ? "143" : "130", "0"], "\(result.errors)")
    }

    @Test func `follows changes as they happen`() async throws {
        let result = try await makeShell().run(
            Self.tools + """
                echo one > docs/a.md
                : > runs
                hector index --watch --json >> runs & watcher=$!
                # Waits until the output has a line that matches, or a long time has passed.
                until_run() { timeout 60 grep -q -m1 "$1" <(tail -n +1 -f runs); }
                until_run '"added":1'
                mkdir -p docs/new/deep; echo two > docs/new/deep/b.md
                until_run '"added":1,"changed":0,"removed":0,"unchanged":1'
                rm -r docs/new; until_run '"removed":1'
                stored | cut -d' ' -f1
                kill -TERM $watcher; wait $watcher; echo $?
                """)
        #expect(result.lines == ["a.md#1", "143"])
        #expect(result.errors == "")
    }

    @Test func `--watch follows a file that is kept open`() async throws {
        let result = try await makeShell().run(
            Self.tools + """
                exec 8>>docs/a.log; echo one >&8
                : > runs
                hector index --watch --json >> runs 8>&- & watcher=$!
                until_run() { timeout 60 grep -q -m1 "$1" <(tail -n +1 -f runs) || echo "no $1"; }
                until_run '"added":1'; echo two >&8; until_run '"changed":1'
                kill -TERM $watcher; wait $watcher; echo $?
                """)
        #expect(result.lines == ["143"])
        #expect(result.errors == "")
    }

    @Test func `--watch follows a store that is a link, and a file that was missing`()
        async throws
    {
        let shell = try Shell()
        try shell.write(
            """
            document_stores: { docs: { path: ./current }, file: { path: ./there/a.md } }

            """, to: "hector.yaml")
        let result = try await shell.run(
            """
            mkdir r1 r2 there; ln -s r1 current; echo one > r1/a.md
            for n in 1 2 3; do echo $n > r2/$n.md; done
            : > runs
            hector index --watch --json >> runs 2> words & watcher=$!
            until_run() { timeout 60 grep -q -m1 "$1" <(tail -n +1 -f runs) || echo "no $1"; }
            until_run '"docs","added":1'
            ln -sfn r2 current; until_run '"docs","added":3,"changed":0,"removed":1'
            mkdir r2/new; echo four > r2/new/4.md; until_run '"docs","added":1.*"unchanged":3'
            echo five > there/a.md; until_run '"file","added":1'
            told=$(wc -l < words); rm there/a.md
            until [ $(wc -l < words) -gt $told ]; do read -t 0.05 < <(:); done
            echo four > there/a.md; until_run '"file","added":0,"changed":1'
            kill -TERM $watcher; wait $watcher; echo $?
            # The change may come between a look at the type and a look at the content.
            grep -v ': Not a directory$' words | sort -u
            """)
        let told = "hector-index: store 'file': cannot open '\(shell.path)/there/a.md'"
        #expect(result.lines == ["143", "\(told): No such file or directory"])
        #expect(result.errors == "")
    }

    @Test(arguments: [
        // The second of them has made the folder.
        ("{ path: ./docs }", "export XDG_STATE_HOME=$PWD/docs/state", 2),
        (
            #"{ path: ./docs, extractors: { "*.pdf": "touch t; rm t; false {}" } }"#,
            "echo page > docs/b.pdf", 5
        ),
    ])
    func `--watch does not go round and round after what it does itself`(
        store: String, script: String, most: Int
    ) async throws {
        let result = try await makeShell(store).run(
            Self.tools + """
                echo one > docs/a.md; \(script)
                : > runs
                hector index --watch --json >> runs 2>/dev/null & watcher=$!
                until_run() { timeout 60 grep -q -m1 "$1" <(tail -n +1 -f runs); }
                until_run '"added":[12]' || echo late; sleep 4; wc -l < runs
                # Changes of other files do not wait for that.
                echo two >> docs/a.md; until_run '"changed":1' || echo late
                kill -TERM $watcher; wait $watcher; echo $?
                """)
        let runs = try #require(Int(result.lines.first ?? ""))
        #expect(runs <= most && result.lines.dropFirst() == ["143"], "\(result.output)")
        #expect(result.errors == "")
    }
}
