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
