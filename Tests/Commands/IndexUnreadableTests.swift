import Foundation
import Testing

/// The records that `hector index` keeps for files and folders that it cannot read.
@Suite(.serialized) struct IndexUnreadableTests: IndexShells {
    @Test func `a file that cannot be read is reported, and the rest is done`() async throws {
        let result = try await makeShell("{ path: ./docs, embedder: hash-embedder }").run(
            """
            mkdir -p docs/sub; echo one > docs/a.md; echo two > docs/b.md; echo three > docs/sub/c.md
            # Root may read everything, so this runs as another user.
            as=; [ $(id -u) = 0 ] && as='setpriv --reuid=65534 --regid=65534 --clear-groups'
            [ $(id -u) = 0 ] && chown -R 65534:65534 . "$HOME" "$TMPDIR"
            counts() { jq -c '[.added, .changed, .removed, .unchanged, .failed, .chunks]'; }
            chmod 0 docs/b.md
            $as hector-index --json | counts; echo ${PIPESTATUS[0]}
            chmod 644 docs/b.md; $as hector-index --json | counts; echo ${PIPESTATUS[0]}
            # The files of a folder that cannot be read may still exist.
            chmod 0 docs/sub; $as hector-index --json | counts; echo ${PIPESTATUS[0]}
            # So may those of a folder that can be listed but not entered.
            chmod 444 docs/sub; $as hector-index --json | counts; echo ${PIPESTATUS[0]}
            chmod 755 docs/sub; $as hector-index --json | counts; echo ${PIPESTATUS[0]}
            """)
        #expect(
            result.lines == [
                "[2,0,0,0,1,2]", "1", "[1,0,0,2,0,3]", "0", "[0,0,0,2,1,3]", "1", "[0,0,0,2,1,3]",
                "1", "[0,0,0,3,0,3]", "0",
            ])
        let told = /hector-index: cannot open '.*\/docs\/(b\.md|sub|sub\/c\.md)': Permission denied/
        #expect(result.errors.matches(of: told).count == 3, "\(result.errors)")
        #expect(result.errors.split(separator: "\n").count == 3, "\(result.errors)")
    }

    @Test func `a folder whose patterns cannot be read is left as it is`() async throws {
        let result = try await makeShell("{ path: ./docs, embedder: hash-embedder }").run(
            """
            mkdir -p docs/sub/deep; echo one > docs/a.md; echo two > docs/sub/b.md
            echo three > docs/sub/deep/c.md
            as=; [ $(id -u) = 0 ] && as='setpriv --reuid=65534 --regid=65534 --clear-groups'
            [ $(id -u) = 0 ] && chown -R 65534:65534 . "$HOME" "$TMPDIR"
            counts() { $as hector-index --json | jq -c '[.added, .changed, .removed, .failed, .chunks]'
                echo ${PIPESTATUS[0]}; }
            counts
            echo secret > docs/sub/secret.md; rm docs/sub/b.md; echo four > docs/d.md
            { echo secret.md; head -c 1048576 /dev/zero | tr '\\0' '#'; } > docs/sub/.gitignore; counts
            echo secret.md > docs/sub/.gitignore; chmod 0 docs/sub/.gitignore; counts
            # The store's own.
            echo '*' > docs/.hectorignore; chmod 0 docs/.hectorignore; counts
            rm -f docs/.hectorignore; chmod 644 docs/sub/.gitignore; counts
            """)
        #expect(
            result.lines == [
                "[3,0,0,0,3]", "0", "[1,0,0,1,4]", "1", "[0,0,0,1,4]", "1", "[0,0,0,1,4]", "1",
                "[0,0,1,0,3]", "0",
            ], "\(result.errors)")
        let told = /hector-index: cannot (read|open) '.*\/docs\/.*ignore': .*/
        #expect(result.errors.matches(of: told).count == 3, "\(result.errors)")
        #expect(result.errors.contains("File too large; it may have 1 MiB\n"))
    }

    @Test func `other extractors are noticed in folders that could not be read then, too`()
        async throws
    {
        let result = try await makeShell(
            #"{ path: ./docs, extractors: { "*.x": "echo old; : {}" } }"#
        ).run(
            Self.tools + """
                mkdir docs/sub; echo one > docs/a.x; echo two > docs/sub/b.x; age; hector index
                mv docs/sub/b.x .; head -c 1048577 /dev/zero > docs/sub/.gitignore; mv b.x docs/sub
                sed -i 's/echo old/echo new/' hector.yaml; hector index 2>/dev/null; echo $?
                rm docs/sub/.gitignore; hector index --json | jq -c '[.changed, .unchanged]'
                hector index --json | jq -c '[.changed, .unchanged]'
                """)
        #expect(result.lines == ["1", "[1,1]", "[0,2]"], "\(result.errors)")
    }
}
