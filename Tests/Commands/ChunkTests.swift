import Foundation
import Testing

/// The built `hector-chunk`.
@Suite(.serialized) struct ChunkTests {
    private let notes = Array("# Keys\n\nRotate them.\n\n# Locks\n\nChange “them”.\n".utf8)

    @Test func `a record tells where its text is`() async throws {
        let run = try await shell(
            "hector-chunk --size 24 --overlap 0 notes.md", files: ["notes.md": notes])
        #expect(run.status == 0 && run.errors == "")
        let records = try run.records()
        #expect(records.map { $0["id"] as? String } == ["notes.md#1", "notes.md#2"])
        #expect(
            records.map { $0["content"] as? String }
                == ["# Keys\n\nRotate them.", "# Locks\n\nChange “them”."])
        for (number, record) in records.enumerated() {
            let metadata = try #require(record["metadata"] as? [String: Any])
            #expect(metadata["path"] as? String == "notes.md")
            #expect(metadata["chunk"] as? Int == number + 1)
            let offset = try #require(metadata["offset"] as? Int)
            let bytes = try #require(metadata["bytes"] as? Int)
            let content = try #require(record["content"] as? String)
            #expect(Array(notes[offset..<offset + bytes]) == Array(content.utf8))
            #expect(abs((metadata["mtime"] as? Double ?? 0) - Date().timeIntervalSince1970) < 3600)
            let digest = try await shell("sha256sum < text", files: ["text": Array(content.utf8)])
            #expect(digest.output.hasPrefix(metadata["sha256"] as? String ?? "none"))
        }
    }

    @Test func `makes one record of a whole file`() async throws {
        let text = Array(" as\n\n it is \n".utf8)
        let run = try await shell(
            "hector-chunk --whole notes blank", files: ["notes": text, "blank": [0x0A, 0x20]])
        let records = try run.records()
        #expect(run.status == 0 && records.count == 1)
        #expect(records.first?["id"] as? String == "notes")
        #expect(records.first?["content"] as? String == " as\n\n it is \n")
    }

    @Test func `skips what is not text and goes on`() async throws {
        let run = try await shell(
            "mkdir folder; hector-chunk --errors errors none folder binary notes; s=$?; "
                + "jq -r .error.code errors >&2; exit $s",
            files: ["binary": [0x7F, 0, 1], "notes": Array("text".utf8)])
        #expect(run.status == 1)
        #expect(try run.records().map { $0["id"] as? String } == ["notes#1"])
        #expect(
            run.errors == """
                hector-chunk: cannot open 'none': No such file or directory
                hector-chunk: 'folder' is a directory; list its files: \
                find 'folder' -type f | hector-chunk
                hector-chunk: skipped 'binary': it is binary
                cannot_read
                is_directory
                not_text

                """)
    }

    @Test func `stops at the first failure if asked to`() async throws {
        let run = try await shell("hector-chunk --fail-fast none notes", files: ["notes": notes])
        #expect(run.status == 1 && run.output == "")
    }

    @Test func `ends in order while its threads are still at work`() async throws {
        // About one exit in a hundred used to meet a thread in OpenSSL, whose locks were gone by
        // then.
        let run = try await shell(
            """
            for run in $(seq 200); do
                hector-chunk --fail-fast none notes 2> /dev/null; echo $?
            done | sort | uniq -c | tr -s ' '
            """, files: ["notes": notes])
        #expect(run.output == " 200 1\n")
    }

    @Test func `repairs text and leaves out a byte order mark`() async throws {
        let run = try await shell(
            "hector-chunk text",
            files: ["text": [0xEF, 0xBB, 0xBF] + Array("a long word, caf".utf8) + [0xE9]])
        let record = try #require(try run.records().first)
        #expect(record["content"] as? String == "a long word, caf\u{FFFD}")
        let metadata = try #require(record["metadata"] as? [String: Any])
        #expect(metadata["offset"] as? Int == 3 && metadata["bytes"] as? Int == 17)
    }

    @Test func `a name that is not UTF-8, or too long for an id, has a short one`() async throws {
        let run = try await shell(
            #"""
            one=$'\xff.md' two=$'\xfe.md' deep=$(printf 'x%.0s' $(seq 200))
            echo one > $one; echo two > $two
            mkdir -p $deep/$deep; echo three > $deep/$deep/$deep.md
            { ls *.md; echo $deep/$deep/$deep.md; } | hector-chunk > all
            jq -r '[.content, (.id | length < 450), (.id == .metadata.path + "#1")] | @tsv' all
            jq -r .id all | sort -u | wc -l; jq -r .metadata.path all | tail -n 1 | wc -c
            """#)
        #expect(
            run.lines == [
                "two\ttrue\tfalse", "one\ttrue\tfalse", "three\ttrue\tfalse", "3", "606",
            ], "\(run.output)\(run.errors)")
    }

    @Test func `the context is embedded, and the content stays as it is`() async throws {
        let run = try await shell(
            """
            hector-chunk --size 24 --overlap 0 notes.md > records
            jq -c '[.context, .metadata.title, .metadata.headings]' records
            vector() { hector-embed -o dimension=8 | jq -c .vector; }
            head -n 1 records | vector > one
            head -n 1 records | jq -c '.content = .context + "\n\n" + .content | del(.context)' |
                vector | cmp - one && echo same
            hector-chunk --context none --size 24 --overlap 0 notes.md | jq -c 'has("context")'
            hector-search upsert --create --embed -C c < records
            hector-search get -C c 'notes.md#1' | jq -c '[.content, .metadata.context]'
            """, files: ["notes.md": notes])
        #expect(
            run.lines == [
                #"["Keys","Keys",["Keys"]]"#, #"["Keys > Locks","Keys",["Locks"]]"#, "same",
                "false",
                "false", ##"["# Keys\n\nRotate them.",null]"##,
            ], "\(run.output)\(run.errors)")
    }

    @Test func `reads what the library reads`() async throws {
        let run = try await shell(
            """
            cd $ROOT/Tests/Documents
            for name in *; do
                case $name in expected|notes.*) continue ;; esac
                # These are formatted by a program that may be installed.
                case $name in *.[0-9]) continue ;; esac
                { hector-chunk --size 300 --overlap 30 $name 2>/dev/null || echo '{"content":"skipped"}'; } |
                    jq -rj '.content + "\n"' > $TMPDIR/found
                sed -e '/^== [0-9]* to [0-9]* {/d' -e 's/^skipped: .*/skipped/' expected/$name.txt |
                    cmp - $TMPDIR/found || echo $name
            done
            """)
        #expect(run.output == "" && run.errors == "")
    }

    @Test func `formats of other programs are read by them`() async throws {
        let run = try await shell(
            """
            cp $ROOT/Tests/Documents/notes.* $ROOT/Tests/Documents/rotate.1 .
            mv notes.pdf NOTES.PDF
            for name in notes.docx notes.odt notes.epub notes.rtf NOTES.PDF rotate.1; do
                hector-chunk $name > out 2> err || { cut -d: -f3- err; continue; }
                jq -r '[.metadata.extractor,
                    (.content | test("month|Copy it.|makes a new key"))] | join(" ")' out
            done
            echo text > not.pdf; hector-chunk not.pdf | jq -r .content
            PATH=$(dirname $(command -v hector-chunk)) hector-chunk NOTES.PDF 2>&1
            """)
        let read = [
            ["pandoc true"], ["pandoc true"], ["pandoc true"], ["pandoc true"], ["pdftotext true"],
            ["mandoc true"],
        ]
        for (line, expected) in zip(run.lines, read) {
            #expect(expected.contains(line) || line.contains("which is not installed"), "\(line)")
        }
        #expect(run.lines.count == 8 && run.lines[6] == "text", "\(run.output)\(run.errors)")
        #expect(
            run.lines.last
                == "hector-chunk: skipped 'NOTES.PDF': PDF is read by pdftotext, which is not "
                + "installed (Debian's package poppler-utils)")
    }

    @Test func `an encoding that is certain is used, and named`() async throws {
        let run = try await shell(
            "hector-chunk text page.html | jq -c '[.content, .metadata.encoding]'",
            files: [
                "text": Array("a long word, caf".utf8) + [0xE9],
                "page.html": Array("<meta charset=iso-8859-1><p>J".utf8) + [0xE9]
                    + Array("r".utf8) + [0xF4] + Array("me".utf8),
            ])
        #expect(
            run.lines == [
                #"["a long word, café","WINDOWS-1252"]"#, #"["Jérôme","ISO-8859-1"]"#,
            ])
    }

    @Test(arguments: [
        ("ls | hector-chunk", ["a#1", "b c#1"]),
        ("printf 'b c\\0a\\0' | hector-chunk -0", ["b c#1", "a#1"]),
        ("printf '\\na\\n\\n' | hector-chunk", ["a#1"]),
        ("hector-chunk - a < 'b c'", ["-#1", "a#1"]),
        ("hector-chunk <(echo text) | sed 's:/dev/fd/[0-9]*:pipe:'", ["pipe#1"]),
    ])
    func `takes paths as they come`(script: String, ids: [String]) async throws {
        let run = try await shell(
            script, files: ["a": Array("first".utf8), "b c": Array("second".utf8)])
        #expect(run.status == 0 && run.errors == "")
        #expect(try run.records().map { $0["id"] as? String } == ids)
    }

    @Test func `keeps the order of a thousand files`() async throws {
        let run = try await shell(
            """
            for i in $(seq 1000); do seq $((i % 7 * 300)) > $i; echo $i; done > paths
            echo x >> 5; hector-chunk -j 8 --summary < paths | jq -r .metadata.path | uniq > found
            for i in $(seq 1000); do test -s $i && echo $i; done | diff - found
            """)
        #expect(run.status == 0 && run.output == "")
        #expect(run.errors.hasPrefix(#"{"stage":"chunk","files":1000,"records":"#))
    }

    @Test func `the first record leaves before the last path arrives`() async throws {
        let run = try await shell(
            """
            mkfifo gate; { echo a; cat gate; } | hector-chunk | {
                read -r record; echo "$record"; echo a > gate; cat; }
            """, files: ["a": Array("text".utf8)])
        #expect(run.status == 0)
        #expect(try run.records().count == 2)
    }

    @Test func `a large file takes no more memory than a small one`() async throws {
        let run = try await shell(
            """
            yes 'A sentence of six words.' | head -n 2000000 > large
            head -n 1000 large > small
            for file in small large; do
                python3 -c 'import resource, subprocess, sys
            subprocess.run(["hector-chunk", sys.argv[1]], stdout=subprocess.DEVNULL, check=True)
            print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)' $file
            done
            """)
        let kibibytes = run.output.split(separator: "\n").compactMap { Int($0) }
        try #require(run.status == 0 && kibibytes.count == 2)
        #expect(kibibytes[1] < kibibytes[0] + 24 * 1024, "50 MB in \(kibibytes) KiB")
    }

    @Test(arguments: [
        ("yes a | head -n 10000 | hector-chunk | head -n 1 > /dev/null", 141, ""),
        ("hector-chunk a > /dev/full", 74, "hector-chunk: cannot write: No space left on device\n"),
        (
            "hector-chunk a --errors /none/file", 74,
            "hector-chunk: cannot write '/none/file': No such file or directory\n"
        ),
        ("hector-chunk < /dev/null", 0, ""),
        ("hector-chunk --size 0 2> /dev/null", 64, ""),
        ("hector-chunk --size 9 --overlap 9 2> /dev/null", 64, ""),
        ("hector-chunk --version > /dev/null", 0, ""),
    ])
    func `ends as it should`(script: String, status: Int32, errors: String) async throws {
        let run = try await shell(script, files: ["a": Array("text".utf8)])
        #expect(run.status == status)
        #expect(run.errors == errors)
    }

    /// Runs a script in a directory with some files in it.
    private func shell(_ script: String, files: [String: [UInt8]] = [:]) async throws
        -> Shell.Result
    {
        let shell = try Shell()
        for (name, bytes) in files {
            try Data(bytes).write(to: URL(filePath: "\(shell.path)/\(name)"))
        }
        return try await shell.run(script)
    }
}
