import Foundation
import Testing

/// Stores that are their folders, with and without a configuration.
@Suite(.serialized) struct StoreFolderTests: IndexShells {
    @Test func `a folder becomes a store, and is asked, without a configuration`() async throws {
        let result = try await Shell().run(
            """
            mkdir -p ~/notes/sub other
            echo 'Backups run at night. Restore one every month.' > ~/notes/backups.md
            echo 'Rotate the signing key twice a year.' > ~/notes/sub/keys.md
            hector query 'when do backups run?'; echo $?
            hector query ~/notes 'when do backups run?'; echo $?
            hector index ~/notes && hector query 'when do backups run?' -k 1 --json | jq -r .id
            (cd ~/notes/sub && hector query 'rotate the key' -k 1 --json | jq -r .id)
            for store in ~/notes notes; do hector query $store 'rotate the key' -k 1 --json | jq -r .id; done
            (cd ~ && hector query notes/ 'rotate the key' -k 1 --json | jq -r .id)
            hector index list --json | jq -r '[.store, .folder, .documents, .chunks, .bytes] | @csv'
            hector index list | tail -1 | awk '{ print $1, $2, $3, $NF }'
            (cd ~/notes && echo more > more.md && hector index --json | jq -c '[.added, .unchanged]')
            hector index ~/notes --json | jq -c '[.added, .unchanged]'
            hector index status notes --json | jq -c '[.documents, .stale.added]'
            hector index forget ~/notes; hector index list --json | wc -l; hector-search collections | wc -l
            hector query ~/notes 'when?'; echo $?; ls ~/notes
            """)
        let home = result.lines.count > 8 ? result.lines[8] : ""
        #expect(
            result.lines.filter { !$0.contains(",") || $0.hasPrefix("[") } == [
                "78", "78", "backups.md#1", "sub/keys.md#1", "sub/keys.md#1", "sub/keys.md#1",
                "sub/keys.md#1", result.lines.first { $0.hasPrefix("notes 2 2") } ?? "", "[1,2]",
                "[0,3]", "[3,0]", "0", "0", "78", "backups.md", "more.md", "sub",
            ], "\(result.output)\(result.errors)")
        #expect(home.hasPrefix(#""notes","#) || result.output.contains(#""notes","/"#))
        #expect(result.errors.contains("there is no document store: 'hector index DIR' makes one"))
        #expect(result.errors.contains("/notes' has not been indexed: hector index "))
    }

    @Test func `two projects with one name for their stores stay apart`() async throws {
        let result = try await Shell().run(
            """
            for p in a b; do
                mkdir -p $p/kb; echo 'document_stores: { kb: { path: ./kb } }' > $p/hector.yaml
                echo 'agents: { x: { document_stores: [kb] } }' >> $p/hector.yaml
            done
            echo 'The password of a is swordfish.' > a/kb/a.md; echo 'Nothing to see.' > b/kb/b.md
            (cd a && hector index)
            (cd b && hector query kb password; echo $?; hector --no-tools 'what is the password?'; echo $?) 2>/dev/null
            (cd b && hector index && hector query kb 'password' --json | jq -r .id)
            (cd a && hector query kb 'password' --json | jq -r .id)
            hector-search collections --json | jq -r .name | sed 's/-.*/-/'
            # A collection that both name.
            sed -i 's/kb }/kb, collection: kb }/' */hector.yaml
            (cd a && hector index)
            cd b; for command in index 'query kb password' '--no-tools what is the password?'; do hector $command; echo $?; done
            printf '.search kb password\\n' | hector-shell --no-tools; echo $?
            """)
        #expect(
            result.lines == [
                "1", "1", "b.md#1", "a.md#1", "kb-", "kb-", "78", "78", "78", "78",
            ], "\(result.output)\(result.errors)")
        #expect(!result.output.contains("swordfish"))
        #expect(
            result.errors.matches(of: /the collection 'kb' holds '.*\/a\/kb'; give/).count == 4,
            "\(result.errors)")
    }

    @Test func `a collection is another project's by what the database says, too`() async throws {
        let result = try await Shell().run(
            """
            for p in a b; do
                mkdir -p $p/kb; echo $p > $p/kb/$p.md
                cat > $p/hector.yaml <<YAML
            plugins:
              database_providers: { db: { path: local-vectors, config: { path: "$PWD/shared" } } }
            document_stores: { kb: { path: ./kb, collection: kb } }
            YAML
            done
            (cd a && hector index); cd b
            hector index; echo $?; hector query kb a; echo $?
            rm -r ../a; hector query kb a --json | jq -r .id; hector index --json | jq -c .added
            """)
        #expect(result.lines == ["78", "78", "a.md#1", "1"], "\(result.output)\(result.errors)")
        #expect(
            result.errors.matches(of: /holds the documents of '.*\/a\/kb', not of '.*\/b\/kb'/)
                .count
                >= 2, "\(result.errors)")
    }

    @Test func `a store of an earlier version is recognised, and moved once`() async throws {
        let result = try await makeShell("{ path: ./docs, collection: docs }", collection: nil).run(
            Self.tools + """
                echo one > docs/a.md; echo two > docs/b.md; age; hector index
                # As an earlier version has left it.
                rm ~/.local/state/hector/index/docs-*/store.json
                sed -i 's/, collection: docs//' hector.yaml
                hector query docs one --json | jq -r .id | sort
                hector index status --json | jq -c '[.collection, .documents, .stale.added]'
                reset; hector index --json | jq -c '[.added, .unchanged]'; echo $(calls)
                hector index status --json | jq -r '.collection | test("^docs-[0-9a-f]{12}$")'
                hector-search collections --json | jq -r '.name | length'
                hector query docs one --json | jq -r .id | sort; ls ~/.local/state/hector/index | wc -l
                # The store of another folder is not it.
                mkdir -p p/docs; echo three > p/docs/c.md; cp hector.yaml p; cd p
                hector index --json | jq -c '[.added, .unchanged]'
                """)
        #expect(
            result.lines == [
                "a.md#1", "b.md#1", #"["docs",2,0]"#, "[0,2]", "0", "true", "17", "a.md#1",
                "b.md#1",
                "1", "[1,0]",
            ], "\(result.output)\(result.errors)")
    }

    @Test func `a database that cannot move a collection keeps its name`() async throws {
        let result = try await makeShell("{ path: ./docs, collection: docs }", collection: nil).run(
            Self.tools + """
                printf '#!/bin/sh\\nPLAIN=1 exec %s\\n' "$(command -v catalog-database)" > db; chmod +x db
                sed -i "s|^plugins:|&\\n  database_providers: { db: { path: ./db, config: { path: $PWD/v } } }|" hector.yaml
                echo one > docs/a.md; age; hector index
                rm ~/.local/state/hector/index/docs-*/store.json
                sed -i 's/, collection: docs//' hector.yaml; reset
                hector index --json | jq -c '[.added, .unchanged]'; echo $(calls)
                echo two > docs/b.md; hector index --json | jq -c '[.added, .unchanged]'
                hector index status --json | jq -r .collection; hector query docs one --json | jq -r .id | sort
                """)
        #expect(
            result.lines == ["[0,1]", "0", "[1,1]", "docs", "a.md#1", "b.md#1"],
            "\(result.output)\(result.errors)")
    }

    @Test func `a folder that was moved, or named by a configuration, keeps its records`()
        async throws
    {
        let result = try await Shell().run(
            """
            export FAULT_LOG=$PWD/log; : > log
            echo "plugins: { embedder_providers: { logged: { path: $FOREIGN/faulty } } }" > hector.yaml
            mkdir docs; echo one > docs/a.md; echo two > docs/b.md
            counts() { jq -c '[.store, .added, .unchanged]'; grep -c '^embed ' log; : > log; }
            hector index docs --json | counts
            mv docs papers; hector index papers --json | counts
            echo 'document_stores: { kb: { path: ./papers } }' >> hector.yaml
            hector index --json | counts
            hector index list --json | jq -r .store; hector-search collections --json | wc -l
            # Without the configuration in sight it is still used.
            cd papers; hector query one --json | jq -r .id | sort
            """)
        #expect(
            result.lines == [
                #"["docs",2,0]"#, "2", #"["papers",0,2]"#, "0", #"["kb",0,2]"#, "0", "kb", "1",
                "a.md#1", "b.md#1",
            ], "\(result.output)\(result.errors)")
    }

    @Test func `an embedder that was named once stays the store's`() async throws {
        let result = try await Shell().run(
            """
            export FAULT_LOG=$PWD/log; : > log
            mkdir docs; echo one > docs/a.md
            hector index docs --embedder $FOREIGN/faulty; grep -c '^embed ' log
            echo two > docs/b.md; hector index docs; grep -c '^embed ' log
            hector query docs one --json | jq -r .id | sort
            hector index docs --embedder hash-embedder; echo $?
            hector index --rebuild docs --embedder hash-embedder; echo $?
            hector index docs; hector query docs one --json | head -1 | jq -r .id
            echo 'document_stores: { d: { path: ./docs } }' > hector.yaml
            hector index d --embedder hash-embedder; echo $?
            """)
        #expect(
            result.lines == ["1", "2", "a.md#1", "b.md#1", "78", "0", "a.md#1", "64"],
            "\(result.output)\(result.errors)")
        #expect(result.errors.contains("make it again: hector index --rebuild"))
        #expect(result.errors.contains("which says its embedder; leave out --embedder"))
    }

    @Test func `which store is meant is said where it cannot be known`() async throws {
        let result = try await Shell().run(
            """
            mkdir one two; echo first > one/a.md; echo second > two/b.md
            hector index; echo $?
            hector index one two; hector query first; echo $?
            (cd two && hector query first --json | jq -r .id)
            hector query none first; echo $?; hector query one; echo $?; hector query ./one; echo $?
            hector --store one --no-tools 'first?' ; hector --store ./two --no-tools --json 'second?' |
                jq -r 'select(.event == "context") | .results[].id'
            printf '%s\\n' .store '.store one' .store '.store nowhere' '.store default' .store |
                hector-shell --store two --no-tools --keep-going
            """)
        #expect(
            result.lines.filter { !$0.contains("[") } == [
                "78", "64", "b.md#1", "78", "64", "64", "b.md#1", "two", "one", "two",
            ], "\(result.output)\(result.errors)")
        #expect(
            result.errors.contains(
                /is in no document store; name one: one \(.*\/one\), two \(.*\/two\)/),
            "\(result.errors)")
        #expect(result.errors.contains("is in no store: 'hector index DIR' makes one of a folder"))
        #expect(result.errors.contains("no document store 'none', did you mean 'one'?"))
    }
}
