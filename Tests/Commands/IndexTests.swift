import Foundation
import Testing

/// The contents of a store after `hector index`.
@Suite(.serialized) struct IndexTests: IndexShells {
    @Test func `makes a collection equal to a folder, and touches only what differs`() async throws
    {
        let result = try await makeShell().run(
            Self.tools + """
                mkdir docs/sub
                for n in 1 2 3; do echo "text $n" > docs/$n.md; echo "sub $n" > docs/sub/$n.txt; done
                age
                hector index --plan | tail -1
                hector index; echo $? $(calls) $(stored | wc -l); reset
                hector index docs; echo $? $(wc -l < log); reset
                touch docs/1.md; hector index; echo $? $(wc -l < log); reset
                echo changed > docs/2.md; rm -r docs/sub; echo new > docs/4.md
                hector index --plan
                hector index --json | jq -c '[.added, .changed, .removed, .unchanged, .failed]'
                echo $(calls) $(stored | cut -d' ' -f1)
                """)
        #expect(
            result.lines == [
                "docs: 6 to add, 0 to change, 0 to remove, 0 unchanged; 39 bytes to read",
                "0 6 6", "0 0", "0 0", "+ 4.md\t4", "~ 2.md\t8", "- sub/1.txt", "- sub/2.txt",
                "- sub/3.txt", "docs: 2 documents, 2 chunks, 2 texts to embed, about 3 tokens",
                "docs: 1 to add, 1 to change, 3 to remove, 2 unchanged; 12 bytes to read",
                "[1,1,3,2,0]", "2 1.md#1 2.md#1 3.md#1 4.md#1",
            ])
        #expect(result.errors == "")
    }

    @Test func `takes what the patterns say, and what is text`() async throws {
        let result = try await makeShell(
            """
            { path: ./docs, include_patterns: ["*.md", "*.html", "*.up"], exclude_patterns: [drafts/],
                  max_file_size: 100, chunk: { size: 40, overlap: 0 }, extractors: { "*.up": "tr a-z A-Z < {}" } }
            """
        ).run(
            Self.tools + """
                mkdir docs/drafts docs/.hidden "docs/it's"
                echo no | tee docs/drafts/a.md docs/.hidden/a.md docs/a.txt docs/ignored.md >/dev/null
                echo '/ignored.md' > docs/.hectorignore
                printf -- '---\\ntitle: x\\n---\\nfirst paragraph of the text\\n\\nsecond paragraph of it\\n' > docs/a.md
                echo '<title>T</title><p>a &lt; b<br>c<style>p{}</style>' > "docs/it's/b.html"
                echo louder > "docs/it's/c.up"
                head -c 101 /dev/zero | tr '\\0' x > docs/large.md
                printf 'a\\0b' > docs/binary.md
                hector index --json | jq -c '[.added, .not_text, .too_large, .failed]'
                grep '^embed ' log | cut -d' ' -f3- | sort
                """)
        #expect(
            result.lines == [
                // The title is embedded with each paragraph.
                "[3,1,1,0]", "LOUDER", "T", "x", "x",
            ])
        #expect(
            result.errors
                == "hector-index: 'large.md' is not indexed: it is larger than max_file_size\n"
                + "hector-index: 'binary.md' is not indexed: it is binary\n")
    }

    @Test func `a single file may be too large, and needs to match no pattern`() async throws {
        let result = try await makeShell(
            #"{ path: ./a.md, max_file_size: 100, include_patterns: ["*.txt"], exclude_patterns: ["*.md"] }"#
        ).run(
            Self.tools + """
                counts() { hector index --json | jq -c '[.added, .removed, .too_large, .failed]'; }
                echo small > a.md; counts
                head -c 101 /dev/zero | tr '\\0' x > a.md; counts; hector index --plan; stored | wc -l
                hector index -v 2>&1 | grep -c '1 too large'
                """)
        #expect(
            result.lines == [
                "[1,0,0,0]", "[0,1,1,0]",
                "docs: 0 to add, 0 to change, 0 to remove, 0 unchanged; 0 bytes to read", "0", "1",
            ])
        #expect(
            result.errors
                == "hector-index: 'a.md' is not indexed: it is larger than max_file_size\n")
    }

    @Test func `a file with fewer chunks leaves none behind`() async throws {
        let result = try await makeShell("{ path: ./docs, chunk: { size: 20, overlap: 0 } }").run(
            Self.tools + """
                printf 'one two three four\\n\\nfive six seven\\n\\neight nine ten\\n' > docs/a.md; age
                hector index; stored | cut -d' ' -f1
                echo one > docs/a.md; hector index; stored | cut -d' ' -f1
                : > docs/a.md; hector index; stored | wc -l
                hector index status --json | jq -c '[.documents, .chunks, .stale.added, .last_failures]'
                """)
        #expect(result.lines == ["a.md#1", "a.md#2", "a.md#3", "a.md#1", "0", "[1,0,0,0]"])
        #expect(result.errors == "")
    }

    @Test func `what fails is reported, the rest is done, and it is tried again`() async throws {
        let result = try await makeShell(
            #"{ path: ./docs, extractors: { "*.pdf": "grep -h . {} ; test ! -e broken" } }"#
        ).run(
            Self.tools + """
                echo good > docs/a.md; echo page > docs/b.pdf; touch docs/broken; age
                hector index; echo $? $(stored | cut -d' ' -f1)
                hector index --retry -v 2>&1 | grep -c 'grep -h . {} .* exited with status 1'
                rm docs/broken; hector index --retry; echo $? $(stored | cut -d' ' -f1)
                echo better > docs/b.pdf; touch docs/broken
                hector index 2>/dev/null; echo $? $(stored | wc -l)
                rm docs/broken; reset; hector index --retry; echo $? $(calls) $(stored | wc -l)
                """)
        #expect(
            result.lines == ["1 a.md#1", "1", "0 a.md#1 b.pdf#1", "1 2", "0 1 2"])
    }

    @Test(arguments: [
        ("echo page > docs/b.pdf", "1 1"), ("", "0 0"), ("printf '\\0' > docs/c", "0 0"),
    ])
    func `status tells of a run that had nothing to embed`(
        documents: String, told: String
    ) async throws {
        let result = try await makeShell(
            #"{ path: ./docs, extractors: { "*.pdf": "false {}" } }"#
        ).run(
            Self.tools + """
                \(documents)
                hector index status --json | jq .last_run
                hector index 2>/dev/null; echo $? $(hector index status --json | jq .last_failures)
                hector index status --json | jq '.last_run | sub("[.][0-9]+"; "") | fromdate > now - 600'
                hector index status | grep -c '^last run .*Z'; wc -c < log
                """)
        #expect(result.lines == ["null", told, "true", "1", "0"])
        #expect(result.errors == "")
    }

    @Test func `an extractor that takes too long is ended, with all that it has started`()
        async throws
    {
        let result = try await makeShell(
            #"{ path: ./docs, extractor_timeout: 1, extractors: { "*.pdf": "sleep 1234 | cat; : {}" } }"#
        ).run(
            Self.tools + """
                echo good > docs/a.md; echo page > docs/b.pdf; age
                hector index; echo $? $(stored | cut -d' ' -f1) $(pgrep -cfx 'sleep 1234')
                """)
        #expect(result.lines == ["1 a.md#1 0"])
        #expect(result.errors.contains("docs/b.pdf'"))
        #expect(result.errors.contains("took longer than 1.0 seconds"))
    }

    @Test func `the default database is the same with its name and without`() async throws {
        let result = try await makeShell().run(
            Self.tools + """
                echo one > docs/a.md; echo two > docs/b.md; age; hector index
                rm docs/b.md; echo 'defaults: { database: local-vectors }' >> hector.yaml
                hector index --json | jq -c '[.added, .removed, .unchanged]'; stored | cut -d' ' -f1
                """)
        #expect(result.lines == ["[0,1,1]", "a.md#1"], "\(result.errors)")
    }

    @Test func `a document that could not be changed keeps its records, and is counted`()
        async throws
    {
        let result = try await makeShell().run(
            Self.tools + """
                for n in 1 2 3; do echo "text $n" > docs/$n.md; done; age; hector index
                echo other > docs/1.md
                FAULT=error hector index --json 2>/dev/null | jq -c '[.failed, .unchanged, .chunks]'
                hector index status --json | jq .chunks
                """)
        #expect(result.lines == ["[1,2,3]", "3"], "\(result.errors)")
    }

    @Test func `an embedder that fails for some texts is reported, and asked again`() async throws {
        let result = try await makeShell().run(
            Self.tools + """
                for n in 1 2 3 4; do echo "text $n" > docs/$n.md; done; age
                FAULT=error:2 hector index; echo $? $(stored | wc -l)
                FAULT=exit hector index 2>/dev/null; echo $?
                reset; hector index; echo $? $(calls) $(stored | wc -l)
                """)
        #expect(result.lines == ["1 2", "69", "0 2 4"])
        let told = /hector-index: cannot index '\d.md': plugin 'logged': cannot embed text \d/
        #expect(result.errors.matches(of: told).count == 2)
    }

    @Test func `another embedder or other chunks are refused until they are asked for`()
        async throws
    {
        let result = try await makeShell().run(
            Self.tools + """
                echo one > docs/a.md; echo two > docs/b.md; age
                hector index; sed -i 's/faulty" }/faulty", config: { fault: "dimension:5" } }/' hector.yaml
                hector index; echo $?; stored | wc -l
                reset; hector index --rebuild; echo $? $(calls)
                echo '{"vector":[1,1,1,1,1]}' | hector-search -C docs | jq -c '[.results[].id] | sort'
                reset; hector index; echo $? $(wc -l < log)
                sed -i 's/docs }/docs, chunk: { size: 9 } }/' hector.yaml
                hector index 2> told; echo $?; cat told >&2
                reset; hector index --plan > plan 2> foretold; echo $? $(cat plan) $(wc -l < log)
                cmp told foretold
                echo 'hector-index:' "$(hector index status --json | jq -r .refused)" | cmp - told
                hector index status | grep -c '^refused     the collection .docs. was made with'
                hector index --rebuild -v; hector index --plan; echo $?
                hector index status --json | jq .refused; hector index status | grep -c refused
                """)
        #expect(
            result.lines == [
                "78", "2", "0 2", #"["a.md#1","b.md#1"]"#, "0 0", "78", "78 0", "1",
                "docs: 0 to add, 0 to change, 0 to remove, 2 unchanged; 0 bytes to read", "0",
                "null", "0",
            ])
        #expect(result.errors.contains("was made with vectors of 4 numbers, not 5"))
        #expect(result.errors.contains("hector index --rebuild docs"))
        #expect(result.errors.contains("chunks of 2000 characters with an overlap of 200, not 9"))
    }

    @Test func `another place of the database is refused until it is asked for`() async throws {
        let shell = try makeShell()
        let database = """
              database_providers:
                db: { path: local-vectors, config: { path: "\(shell.path)/v1" } }
            """
        try shell.write(
            try shell.read("hector.yaml").replacing("plugins:", with: "plugins:\n\(database)"),
            to: "hector.yaml")
        let result = try await shell.run(
            Self.tools + """
                echo one > docs/a.md; age; hector index; stored | wc -l
                sed -i 's,/v1",/v2",' hector.yaml
                hector index; echo $?; touch docs/a.md; hector index 2>/dev/null; echo $?
                hector index --rebuild; echo $? $(stored | wc -l)
                reset; hector index; echo $? $(wc -l < log)
                """)
        #expect(result.lines == ["1", "78", "78", "0 1", "0 0"], "\(result.errors)")
        #expect(
            result.errors
                == "hector-index: the collection 'docs' was made with other settings of the "
                + "database; make it again: hector index --rebuild docs\n")
    }

    @Test func `a rebuild that fails leaves the old collection as it is`() async throws {
        let result = try await makeShell().run(
            Self.tools + """
                for n in 1 2 3; do echo "text $n" > docs/$n.md; done; age
                hector index; stored > before
                FAULT=exit hector index --rebuild 2>/dev/null; echo $?
                stored | cmp - before && hector index && echo same
                """)
        #expect(result.lines == ["69", "same"])
    }

    @Test func `another folder does not take over a collection, but a moved one keeps it`()
        async throws
    {
        let result = try await makeShell().run(
            Self.tools + """
                echo one > docs/a.md; age; mkdir other; echo two > other/b.md
                hector index; sed -i 's,/docs },/other },' hector.yaml
                hector index; echo $? $(stored | cut -d' ' -f1)
                sed -i 's,/other },/moved },' hector.yaml; mv docs moved
                reset; hector index; echo $? $(wc -l < log)
                sed -i 's,/moved },/other },' hector.yaml
                hector index --rebuild; echo $? $(stored | cut -d' ' -f1)
                """)
        #expect(result.lines == ["78 a.md#1", "0 0", "0 b.md#1"])
        #expect(result.errors.contains("the collection 'docs' holds '"))
    }

    @Test func `what was never stored is forgotten with its document`() async throws {
        let result = try await makeShell().run(
            Self.tools + """
                echo one > docs/a.md; echo two > docs/b.md; age
                FAULT=exit hector index 2>/dev/null; echo $?
                FAULT=error hector index 2>/dev/null; echo $?
                rm docs/a.md; hector index; echo $? $(stored | cut -d' ' -f1)
                rm docs/b.md; hector index; echo $? $(stored | wc -l)
                hector index status --json | jq -c '[.documents, .chunks]'
                """)
        #expect(result.lines == ["69", "1", "0 b.md#1", "0 0", "[0,0]"])
        #expect(result.errors == "")
    }

    @Test func `what has a long path is stored, and forgotten with its document`() async throws {
        let result = try await makeShell("{ path: ./docs, chunk: { size: 20, overlap: 0 } }").run(
            Self.tools + """
                # An id may have 507 bytes, and these paths have more.
                name() { printf "$1%.0s" $(seq $2); }
                echo one > docs/a.md
                folder=docs/$(name x 200)/$(name y 200)
                add() { mkdir -p $folder; echo two > $folder/$(name z 150).md
                    seq 100000 100030 | sed 's/$/\\n/' > $folder/$(name z 100).md; }
                add; hector index 2>/dev/null; echo $? $(stored | wc -l)
                rm -r docs/xx*; hector index; echo $? $(stored | cut -d' ' -f1)
                add; hector index --rebuild 2>/dev/null; echo $? $(stored | wc -l)
                rm -r docs/xx*; hector index; echo $? $(stored | cut -d' ' -f1)
                """)
        #expect(result.lines == ["0 18", "0 a.md#1", "0 18", "0 a.md#1"])
        #expect(result.errors == "")
    }

    @Test func `a store that cannot be read does not hide the others`() async throws {
        let shell = try Shell()
        try shell.write(
            """
            document_stores: { s: { path: ./s }, t: { path: ./t }, u: { path: ./u } }

            """, to: "hector.yaml")
        let result = try await shell.run(
            """
            mkdir s u; echo one > s/a.md; echo two > u/b.md
            hector index --plan; echo $?
            hector index --json | jq -r .store; echo ${PIPESTATUS[0]}
            hector index status --json | jq -r .store; echo ${PIPESTATUS[0]}
            : > runs; hector index --watch --json >> runs 2> words & watcher=$!
            until_run() { timeout 60 grep -q -m1 "$1" <(tail -n +1 -f runs); }
            until_run '"store":"u"'; mkdir t; echo three > t/c.md; echo four > s/d.md
            until_run '"store":"t","added":1'
            kill -TERM $watcher; wait $watcher; sort -u words
            """)
        let told =
            "hector-index: store 't': cannot open '\(shell.path)/t': No such file or directory"
        #expect(
            result.lines == [
                "+ a.md\t4", "s: 1 document, 1 chunk, 1 text to embed, about 1 token",
                "s: 1 to add, 0 to change, 0 to remove, 0 unchanged; 4 bytes to read",
                "+ b.md\t4", "u: 1 document, 1 chunk, 1 text to embed, about 1 token",
                "u: 1 to add, 0 to change, 0 to remove, 0 unchanged; 4 bytes to read",
                "74", "s", "u", "74", "s", "u", "74", told,
            ])
        #expect(result.errors == String(repeating: "\(told)\n", count: 3))
    }

    @Test func `says what is wrong with the stores`() async throws {
        let shell = try makeShell("{ path: ./none }")
        let result = try await shell.run(
            """
            hector index; echo $?
            hector index dosc; echo $?
            hector index --plan --watch; echo $?
            printf 'document_stores: { a: { path: ., collection: c }, b: { path: ., collection: c } }' > hector.yaml
            hector index; echo $?
            for line in 'path: "${NOTHING:-}"' 'path: ., collection: ""' 'command: ""'; do
                echo "document_stores: { docs: { $line } }" > hector.yaml; hector index; echo $?
            done
            echo > hector.yaml; hector index; echo $?
            """)
        #expect(result.lines == ["74", "78", "64", "78", "78", "78", "78", "78"])
        for message in [
            "cannot open '\(shell.path)/none': No such file or directory",
            "no document store 'dosc', did you mean 'docs'?",
            "the stores 'a' and 'b' have the same collection 'c'; give each its own",
            "'document_stores.docs.path' is empty", "'document_stores.docs.collection' is empty",
            "'document_stores.docs.command' is empty",
        ] {
            #expect(result.errors.contains(message), "\(result.errors)")
        }
    }
}
