import Foundation
import Testing

/// The messages of `hector index` about files that are not indexed, and documents that fail.
@Suite(.serialized) struct IndexSkippedTests: IndexShells {
    @Test func `what is skipped is said once, and can be asked for`() async throws {
        let result = try await makeShell(
            "{ path: ./docs, max_file_size: 100, exclude_patterns: [drafts/], include_patterns: ['*.md', '*.bin', '*.pdf'] }"
        ).run(
            Self.tools + """
                # The programs of other formats are out of reach.
                hector() { PATH=$(dirname "$(type -P hector)") command hector "$@"; }
                mkdir docs/drafts docs/sub; echo text > docs/a.md; echo no > docs/drafts/b.md; echo no > docs/c.txt
                printf 'a\\0b' > docs/d.bin; printf '%%PDF-1.4\\0' > docs/sub/e.pdf
                head -c 101 /dev/zero | tr '\\0' x > docs/large.md; ln -s a.md docs/link.md; age
                hector index --plan | tail -1; hector index status --json | jq -c '.stale'
                hector index status --skipped | sort > before
                hector index 2> first; echo $?; hector index; echo $?
                sort first; hector index status --skipped | sort | tee after; cmp before after
                hector index status --json --skipped | jq -c '[.skipped[] | select(.reason == "too_large").file]'
                hector index --plan | tail -1
                # Not what was never stored.
                rm docs/d.bin; printf 'x\\0y' > docs/a.md
                hector index --plan; hector index -q --json | jq -c '[.added, .removed, .not_text, .chunks]'
                echo words > docs/a.md; hector index --json | jq -c '[.added, .changed, .removed]'
                """)
        let skipped = [
            "no_extractor\tsub/e.pdf", "not_regular\tlink.md", "not_text\td.bin", "pattern\tc.txt",
            "pattern\tdrafts/", "too_large\tlarge.md",
        ]
        let plan = "docs: 1 to add, 0 to change, 0 to remove, 0 unchanged; 5 bytes to read"
        #expect(
            result.lines == [
                plan, #"{"added":1,"changed":0,"removed":0}"#, "0", "0",
                "hector-index: 'd.bin' is not indexed: it is binary",
                "hector-index: 'large.md' is not indexed: it is larger than max_file_size",
                "hector-index: 'sub/e.pdf' is not indexed: PDF is read by pdftotext, which is not "
                    + "installed (Debian's package poppler-utils)",
            ] + skipped + [
                #"["large.md"]"#,
                "docs: 0 to add, 0 to change, 0 to remove, 1 unchanged; 0 bytes to read", "- a.md",
                "docs: 0 to add, 0 to change, 1 to remove, 0 unchanged; 0 bytes to read",
                "[0,1,2,0]", "[1,0,0]",
            ], "\(result.output)\(result.errors)")
        #expect(result.errors == "")
    }

    @Test func `a document that fails for good is tried again only when there is a reason`()
        async throws
    {
        let result = try await makeShell(
            #"{ path: ./docs, extractors: { "*.pdf": "echo try >> ../tries; grep good {}" } }"#
        ).run(
            Self.tools + """
                echo text > docs/a.md; echo bad > docs/b.pdf; age
                tried() { echo $? $(wc -l < tries); : > tries; }; : > tries
                hector index 2> told; tried; cat told
                hector index; tried; hector index --json | jq -c '[.failed, .failed_before, .unchanged]'
                hector index --plan; hector index status --json | jq -c '[.stale.added, .failures[0].document]'
                hector index status | grep -c "^fails .*b.pdf"; : > tries
                hector index --retry 2>/dev/null; tried
                echo worse > docs/b.pdf; hector index 2>/dev/null; tried; hector index; tried
                sed -i 's/grep good/grep -e worse/' hector.yaml; hector index; tried
                hector index status --json | jq -c '[.documents, .failures]'
                echo else > docs/b.pdf; hector index 2>/dev/null; tried; rm docs/b.pdf
                hector index --json | jq -c '[.removed, .failed_before, .chunks]'
                hector index status --json | jq -c .failures
                """)
        #expect(
            result.lines.filter { !$0.hasPrefix("hector-index: cannot extract text of") } == [
                "1 1", "0 0", "[0,1,1]",
                "docs: 0 to add, 0 to change, 0 to remove, 1 unchanged; 0 bytes to read",
                #"[0,"b.pdf"]"#, "1", "1 1", "1 1", "0 0", "0 1", "[2,[]]", "1 1", "[1,0,1]", "[]",
            ], "\(result.output)\(result.errors)")
        #expect(result.errors == "")
    }

    @Test func `a text that an embedder refuses twice is left alone`() async throws {
        let result = try await makeShell().run(
            Self.tools + """
                for n in 1 2; do echo "text $n" > docs/$n.md; done; age; export FAULT=error
                for n in 1 2 3; do hector index 2>/dev/null; echo $? $(calls); reset; done
                unset FAULT; hector index --retry; echo $? $(calls) $(stored | wc -l)
                hector index status --json | jq -c .failures
                """)
        #expect(result.lines == ["1 2", "1 2", "0 0", "0 2 2", "[]"], "\(result.errors)")
    }
}
