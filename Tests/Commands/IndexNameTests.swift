import Foundation
import Testing

/// The names of documents in `hector index`.
@Suite(.serialized) struct IndexNameTests: IndexShells {
    @Test func `names may have anything in them, and links are left alone`() async throws {
        let result = try await makeShell(
            #"{ path: ./docs, extractors: { "*.up": "tr a-z A-Z < {}" } }"#
        ).run(
            Self.tools + """
                cd docs
                for name in $'two\\nlines.md' $'\\e[31mred.md' '"quoted".md' 'a#1.md' -rf.md; do echo text > "./$name"; done
                echo louder > $'it\\'s $(touch pwned) {}\\n.up'
                echo text > $'\\xff.md'; mkdir $'\\xfe'; echo text > $'\\xfe/a.md'
                cd ..; age
                ln -s . docs/loop; ln -s a#1.md docs/link.md; ln -s nowhere docs/dangling.md; mkfifo docs/pipe.md
                hector index --plan 2>/dev/null | sort
                hector index; echo $?
                hector index 2>/dev/null; echo $?
                hector index status --json | jq .documents
                grep -c LOUDER log; ls docs | grep -xc pwned
                """)
        let (one, two) = ("e78e1c6ff40ce781e4d6cad31eaf4eef", "d1c984a9c453eace3845b4d2ecbc23b0")
        #expect(
            result.lines == [
                #"+ "\"quoted\".md"\t5"#.replacing(#"\t"#, with: "\t"),
                #"+ "\u001b[31mred.md"\t5"#.replacing(#"\t"#, with: "\t"),
                #"+ "it's $(touch pwned) {}\n.up"\t7"#.replacing(#"\t"#, with: "\t"),
                #"+ "two\nlines.md"\t5"#.replacing(#"\t"#, with: "\t"),
                "+ -rf.md\t5", "+ a#1.md\t5",
                "+ \u{FFFD}.md~\(one)\t5", "+ \u{FFFD}/a.md~\(two)\t5",
                "docs: 8 documents, 8 chunks, 2 texts to embed, about 3 tokens",
                "docs: 8 to add, 0 to change, 0 to remove, 0 unchanged; 42 bytes to read",
                "0", "0", "8", "1", "0",
            ], "\(result.output)\(result.errors)")
        #expect(result.errors == "")
    }

    @Test func `a path that is too long for an id has a short one`() async throws {
        let result = try await makeShell().run(
            Self.tools + """
                deep=$(printf 'x%.0s' $(seq 200)); mkdir -p docs/$deep/$deep
                echo one > docs/$deep/$deep/$deep.md; echo two > docs/$deep/$deep/$deep-2.md; age
                hector index; echo $?
                stored | cut -d' ' -f1 | awk '{ print length($0) < 450 }'
                rm docs/$deep/$deep/$deep.md; hector index --json | jq -c '[.removed, .unchanged, .chunks]'
                """)
        #expect(result.lines == ["0", "1", "1", "[1,1,1]"], "\(result.errors)")
    }

    @Test func `a name is never run, whatever quotes are around an extractor's file`() async throws
    {
        let result = try await makeShell(
            #"{ path: ./docs, extractors: { "*.a": "cat {}", "*.b": "cat '{}'", "*.c": 'cat "{}"', "*.d": 'printf "%s" "$(tail -n +1 {})"' } }"#
        ).run(
            Self.tools + #"""
                for name in '$(touch pwned)' '`touch pwned`' "';touch pwned;'" '";touch pwned;"' '; touch pwned;' "it's {} \\"; do
                    for ending in a b c d; do echo text > "docs/$name.$ending"; done
                done
                age; hector index; echo $? $(stored | wc -l)
                find . -name 'pwned*' | wc -l
                """#)
        #expect(result.lines == ["0 24", "0"])
        #expect(result.errors == "")
    }

    @Test func `names that only look the same are those of two documents`() async throws {
        let result = try await makeShell().run(
            Self.tools + """
                # One character, and a letter with an accent.
                one=$'caf\\u00e9.md' two=$'cafe\\u0301.md'
                found() { echo $(stored | cut -d' ' -f1 | jq -rR @uri); }
                echo secret > docs/$one; hector index; found
                mv docs/$one docs/$two; echo public > docs/$two
                hector index --json | jq -c '[.added, .changed, .removed]'; found
                echo secret > docs/$one; echo other > docs/$two
                hector index --json | jq -c '[.added, .changed, .removed]'; found
                hector index --rebuild; found
                rm docs/$two; hector index; found
                sed -i 's/docs: .*/docs: { collection: docs, command: "cat records" }/' hector.yaml
                jq -nc --arg one $one --arg two $two '$one, $two | {id: ., content: .}' > records
                hector index --rebuild; found; sed -i 1d records; hector index; found
                """)
        let (one, two) = ("caf%C3%A9.md", "cafe%CC%81.md")
        #expect(
            result.lines == [
                "\(one)%231", "[1,0,1]", "\(two)%231", "[1,1,0]", "\(two)%231 \(one)%231",
                "\(two)%231 \(one)%231", "\(one)%231", "\(two) \(one)", two,
            ])
        #expect(result.errors == "")
    }

    @Test func `a name stays on its line`() async throws {
        let result = try await makeShell(
            #"{ path: ./docs, extractors: { "*.pdf": ": {}; exit 3" } }"#
        ).run(
            Self.tools + """
                echo text > $'docs/a\\nhector-index: store s: all is well.pdf'
                echo text > $'docs/b\\nhector-index: c.md'
                FAULT=error hector index; echo $?
                hector index --retry --json 2>/dev/null | jq -c '[.failures[].document]'
                """)
        #expect(
            result.lines == ["1", #"["a\nhector-index: store s: all is well.pdf"]"#])
        #expect(result.errors.split(separator: "\n").count == 2)
        #expect(
            result.errors.contains(#"a\u000ahector-index: store s: all is well.pdf': "#),
            "\(result.errors)")
        #expect(result.errors.contains(#"cannot index 'b\u000ahector-index: c.md': "#))
    }
}
