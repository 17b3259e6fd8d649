import Foundation
import Testing

/// `hector index` with records that a command prints.
@Suite(.serialized) struct IndexCommandTests: IndexShells {
    @Test func `files do not follow the records of a command, nor these them, unasked`()
        async throws
    {
        let result = try await makeShell("{ command: 'cat records' }").run(
            Self.tools + """
                become() { sed -i "s,docs: .*,docs: { collection: docs\\, $1 }," hector.yaml; }
                echo '{"id":"t1","content":"one"}' > records; echo two > docs/a.md; age
                hector index; become 'path: .'; hector index; echo $? $(stored | cut -d' ' -f1)
                hector index status --json | jq -r .refused
                become 'path: ./docs'; hector index --rebuild; echo $? $(stored | cut -d' ' -f1)
                mv docs gone; become 'command: cat records'
                hector index; echo $? $(stored | cut -d' ' -f1)
                hector index --rebuild; echo $? $(stored | cut -d' ' -f1)
                : > records; hector index; echo $? $(stored | wc -l)
                """)
        let refusals = [("records of a command", "files"), ("files", "records of a command")].map {
            "the collection 'docs' was made with \($0), not \($1); make it again: "
                + "hector index --rebuild docs"
        }
        #expect(result.lines == ["78 t1", refusals[0], "0 a.md#1", "78 a.md#1", "0 t1", "0 0"])
        #expect(result.errors == refusals.map { "hector-index: \($0)\n" }.joined())
    }

    @Test func `the commands of two configurations do not empty one collection in turn`()
        async throws
    {
        let shell = try makeShell("{ command: 'cat records' }")
        let result = try await shell.run(
            Self.tools + """
                for n in p q; do
                    mkdir $n; cp hector.yaml $n; echo '{"id":"'$n'","content":"text"}' > $n/records
                done
                index() { (cd $1; shift; hector index "$@"; echo $? $(stored | cut -d' ' -f1)); }
                index p; index q; index p
                # The store of a configuration that has moved is the same.
                mv p r; index r; index q 2>/dev/null
                index q --rebuild; index r 2>/dev/null
                """)
        #expect(result.lines == ["0 p", "78 p", "0 p", "0 p", "78 p", "0 q", "78 q"])
        #expect(
            result.errors
                == "hector-index: the collection 'docs' holds records of a command in "
                + "'\(shell.path)/p'; give the store 'docs' another 'collection', or fill it again: "
                + "hector index --rebuild docs\n")
    }

    @Test func `the records that a command prints are a store`() async throws {
        let result = try await makeShell("{ command: 'cat records; test ! -e broken' }").run(
            Self.tools + """
                for n in 1 2 3; do echo '{"id":"r'$n'","content":"text '$n'"}'; done > records
                hector index; echo $? $(calls) $(stored | cut -d' ' -f1)
                reset; hector index; echo $? $(wc -l < log)
                sed -i -e 1d -e 's/text 2/other/' records; touch broken
                hector index 2>/dev/null; echo $? $(stored | wc -l)
                rm broken; hector index; echo $? $(calls) $(stored | cut -d' ' -f1)
                echo nonsense >> records; hector index; echo $?
                """)
        #expect(
            result.lines == ["0 3 r1 r2 r3", "0 0", "69 3", "0 1 r2 r3", "1"])
        #expect(
            result.errors.hasSuffix("line 3 of the command's output is not a JSON object\n"))
    }

    @Test func `the manual's command keeps the collection when the exporter fails`() async throws {
        let page = try String(contentsOfFile: "\(Shell.root)/man/hector-index.1", encoding: .utf8)
        let example = try #require(
            page.firstMatch(of: /\n  tickets:\n(.*?\n)\.Ed/.dotMatchesNewlines()))
        let shell = try makeShell(
            "\n    collection: docs\n\(example.1.replacing("\\e", with: "\\"))", collection: nil)
        let result = try await shell.run(
            Self.tools + """
                printf '#!/bin/sh\\ncat issues && test ! -e broken\\n' > tickets; chmod +x tickets; PATH=$PWD:$PATH
                printf '%s\\n' '{"key":"t1","text":"a\\\\nb"}' '{"key":"t2","text":"c"}' > issues
                hector index; echo $? $(stored | cut -d' ' -f1)
                touch broken; : > issues; hector index 2>/dev/null; echo $? $(stored | cut -d' ' -f1)
                rm broken; hector index; echo $? $(stored | wc -l)
                """)
        #expect(result.lines == ["0 t1 t2", "69 t1 t2", "0 0"], "\(result.errors)")
    }

    @Test func `a record that a command prints damaged stays as it was`() async throws {
        let result = try await makeShell("{ command: 'cat records' }").run(
            Self.tools + """
                record() { echo '{"id":"'$1'","content":"text '$1'"}'; }
                counts() { hector index --json "$@" | jq -c '[.added, .removed, .unchanged, .failed]'
                    echo ${PIPESTATUS[0]} $(stored | cut -d' ' -f1); }
                for id in n1 n2 n20 n3; do record $id; done > records; counts
                # Records that only begin like the damaged one are not kept.
                { record n1; record n3; echo '{"id":"n2","error":{"code":"x","message":"lost"}}'; } > records
                hector index --plan 2>/dev/null; counts --rebuild; counts
                { record n1; printf '{"id":"n3","content":"thr'; } > records; counts --rebuild; counts
                { record n2; echo '{"content":"whose?"}'; } > records; counts
                # Nothing would be lost.
                { for id in n3 n2 n1 n4; do record $id; done; echo; echo nonsense; } > records
                counts --rebuild
                record n2 > records; counts; counts --rebuild
                """)
        #expect(
            result.lines == [
                "[4,0,0,0]", "0 n1 n2 n20 n3", "- n20",
                "docs: 0 to add, 0 to change, 1 to remove, 2 unchanged; 0 bytes to read",
                "[0,0,2,1]", "1 n1 n2 n20 n3", "[0,1,2,1]", "1 n1 n2 n3",
                "[0,0,1,1]", "1 n1 n2 n3", "[0,0,1,1]", "1 n1 n2 n3", "[0,0,1,1]", "1 n1 n2 n3",
                "[4,0,0,1]", "1 n1 n2 n3 n4", "[0,3,1,0]", "0 n2", "[1,0,0,0]", "0 n2",
            ], "\(result.errors)")
        #expect(result.errors.contains("would lose 1 document;"))
        #expect(result.errors.contains("would lose 2 documents;"))
        #expect(result.errors.contains("line 3 of the command's output: lost\n"))
    }
}
