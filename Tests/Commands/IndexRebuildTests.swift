import Foundation
import TestSupport
import Testing

/// The data that `hector index --rebuild` keeps when an obstacle stops it.
@Suite(.serialized) struct IndexRebuildTests: IndexShells {
    /// A database that cannot move a collection. After `down` it starts once more, to say that, and
    /// not again while the file `down` exists.
    private static let database = """
        down() { touch down; rm -f asked; }
        {
            echo '#!/bin/sh'
            echo "if [ -e $PWD/down ]; then [ ! -e $PWD/asked ] || exit 1; touch $PWD/asked; fi"
            echo "PLAIN=1 exec $(command -v catalog-database)"
        } > db
        chmod +x db
        sed -i "s|^plugins:|&\\n  database_providers: { db: { path: ./db, config: { path: $PWD/v } } }|" hector.yaml
        spool=$HOME/.local/state/hector/index/docs-*/rebuilt.jsonl

        """

    @Test func `a rebuild that would lose documents leaves the collection as it is`() async throws {
        let result = try await makeShell(
            #"{ path: ./docs, extractors: { "*.pdf": "! grep -q bad {} && cat {}" } }"#
        ).run(
            Self.tools + """
                mkdir docs/sub; echo page > docs/p.pdf; echo sub > docs/sub/s.md
                for n in 1 2 3; do echo "text $n" > docs/$n.md; done; age
                hector index; stored > before
                kept() { echo $? $(stored | cmp - before && echo kept); }
                FAULT=error hector index --rebuild; kept
                FAULT=error:5 hector index --rebuild --json 2>/dev/null |
                    jq -c '[.added, .removed, .unchanged, .failed, .chunks]'; kept
                echo bad > docs/p.pdf; hector index --rebuild 2>/dev/null; kept
                echo page > docs/p.pdf; age; reset; hector index; echo $? $(calls)
                hector index status --json | jq -c '[.documents, .last_failures]'
                # A document that was not in the collection is not lost.
                echo bad > docs/new.pdf; hector index --rebuild 2>/dev/null; kept
                """)
        #expect(
            result.lines == [
                "1 kept", "[0,0,5,1,5]", "1 kept", "1 kept", "0 0", "[5,0]", "1 kept",
            ])
        let told = /hector-index: cannot index '.*': plugin 'logged': cannot embed text \d/
        #expect(result.errors.matches(of: told).count == 5)
        #expect(
            result.errors.hasSuffix(
                "hector-index: store 'docs': a rebuild would lose 5 documents; the collection is "
                    + "left as it was\n"))
    }

    @Test func `a rebuild keeps what is in a folder that cannot be read`() async throws {
        let result = try await makeShell("{ path: ./docs, embedder: hash-embedder }").run(
            """
            # The name of one goes on with what looks like a part of the slash before it.
            mkdir -p docs/sub; echo one > docs/a.md; echo two > docs/sub/$'\\xcc\\x81'b.md
            as=; [ $(id -u) = 0 ] && as='setpriv --reuid=65534 --regid=65534 --clear-groups'
            [ $(id -u) = 0 ] && chown -R 65534:65534 . "$HOME" "$TMPDIR"
            $as hector-index; chmod 0 docs/sub
            $as hector-index --rebuild; echo $?
            $as hector-index status --json | jq .chunks
            chmod 755 docs/sub; $as hector-index --json | jq -c '[.added, .unchanged]'
            """)
        #expect(result.lines == ["1", "2", "[0,2]"])
        #expect(result.errors.contains("would lose 1 document;"))
    }

    @Test func `a rebuild that a rate limit stops may be tried later`() async throws {
        let shell = try Shell()
        let limit = shell.path + "/limited"
        let server = try Loopback { request, connection in
            let input = request.json["input"] as? [String] ?? []
            if FileManager.default.fileExists(atPath: limit), request.text.contains("text") {
                try connection.answer(#"{"error":{"message":"not now"}}"#, status: 429)
                return
            }
            let data = input.indices.map { #"{"index":\#($0),"embedding":[1,1,1,1]}"# }
            try connection.answer(#"{"data":[\#(data.joined(separator: ","))]}"#)
        }
        try shell.write(
            """
            plugins:
              embedder_providers:
                served: { path: openai-embedder, config: { base_url: "\(server.url)", model: m, max_retries: 0 } }
            document_stores:
              docs: { collection: docs, path: ./docs }

            """, to: "hector.yaml")
        let result = try await shell.run(
            Self.tools + """
                echo "text 1" > docs/1.md; echo "text 2" > docs/2.md; age
                hector index; echo $? $(stored | wc -l)
                touch limited; hector index --rebuild 2>/dev/null; echo $? $(stored | wc -l)
                rm limited; hector index --rebuild; echo $? $(stored | wc -l)
                """)
        #expect(result.lines == ["0 2", "75 2", "0 2"], "\(result.errors)")
    }

    @Test func `a swap whose file is lost is given up, and all is made again`() async throws {
        let result = try await makeShell().run(
            Self.tools + Self.database + """
                for n in 1 2 3; do echo "text $n" > docs/$n.md; done; age
                hector index; echo $? $(stored | wc -l)
                down; hector index --rebuild 2>/dev/null; echo $?; rm down
                hector index status --json | jq -c '[.documents, .chunks, .stale.added]'
                rm $spool docs/1.md; reset
                hector index; echo $? $(calls) $(stored | cut -d' ' -f1)
                hector index status --json | jq -c '[.documents, .stale.added]'
                down; hector index --rebuild 2>/dev/null; rm down $spool; reset
                hector index --rebuild; echo $? $(calls) $(stored | cut -d' ' -f1)
                hector index; echo $? $(calls)
                """)
        #expect(
            result.lines == [
                "0 3", "69", "[0,0,3]", "0 2 2.md#1 3.md#1", "[2,0]", "0 2 2.md#1 3.md#1", "0 2",
            ])
        #expect(result.errors == "")
    }

    @Test func `another rebuild takes the place of one that was not completed`() async throws {
        let result = try await makeShell().run(
            Self.tools + Self.database + """
                for n in 1 2 3; do echo "text $n" > docs/$n.md; done; age
                hector index; down; hector index --rebuild 2>/dev/null; echo $?; rm down
                # A failed rebuild leaves the first one to be completed.
                echo other > docs/2.md; reset
                FAULT=error hector index --rebuild 2>/dev/null; echo $?
                reset; hector index; echo $? $(calls) $(stored | wc -l)
                down; hector index --rebuild 2>/dev/null; echo $?; rm down
                rm docs/1.md; reset; hector index --rebuild; echo $? $(calls) $(stored | cut -d' ' -f1)
                hector index; echo $? $(calls); ls ${spool%/*} | grep -c jsonl
                """)
        #expect(
            result.lines == [
                "69", "1", "0 1 3", "69", "0 2 2.md#1 3.md#1", "0 2", "0",
            ])
        #expect(result.errors == "")
    }

    @Test func `--watch rebuilds until that has succeeded, and once`() async throws {
        let result = try await makeShell().run(
            Self.tools + """
                echo one > docs/a.md; echo two > docs/b.md; hector index
                : > runs
                lines() { timeout 60 tail -n +1 -f runs 2>/dev/null | head -$1 | tail -1 |
                    jq -c '[.added, .changed]'; }
                FAULT=exit FAULT_ONCE=$PWD/once hector index --watch --rebuild --json >> runs 2>errors & watcher=$!
                until grep -q . errors; do read -t 0.05 < <(:); done
                echo three > docs/a.md; lines 1
                echo four > docs/a.md; lines 2
                kill -TERM $watcher; wait $watcher; echo $?
                """)
        #expect(result.lines == ["[2,0]", "[0,1]", "143"])
    }

    @Test func `--watch does not rebuild again what came into a new folder`() async throws {
        let result = try await makeShell().run(
            Self.tools + """
                echo one > docs/a.md; hector index; reset
                : > runs
                exec 9> $HOME/.local/state/hector/index/docs-*/lock; flock 9
                hector index --watch --rebuild --json >> runs 9>&- & watcher=$!
                # It watches folders before it waits for its turn. Until it runs, we hold its lock.
                until [[ $(cat /proc/$watcher/comm) = hector-index ]]; do read -t 0.05 < <(:); done
                until ls -l /proc/$watcher/fd 2>/dev/null | grep -q /lock; do read -t 0.05 < <(:); done
                mkdir docs/new; echo two > docs/new/b.md; flock -u 9
                timeout 60 tail -n +1 -f runs | head -2 | jq -c '[.added, .unchanged]'
                kill -TERM $watcher; wait $watcher; echo $? $(calls)
                """)
        #expect(result.lines == ["[2,0]", "[0,2]", "143 2"])
    }
}
