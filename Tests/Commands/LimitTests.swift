import Foundation
import Testing

/// Programs that get less than they need: each says which limit is too low.
@Suite(.serialized) struct LimitTests {
    private static let commands = [
        "hector-embed hi", "hector-generate hello", "hector-tool list --plugin system-tools",
        "hector-search upsert -C docs --create", "hector-chunk text", "hector-plugin list",
        "hector-plugin check hash-embedder", "hector query docs keys", "hector-index docs",
        "hector-shell",
    ]

    @Test(arguments: commands) func `no program crashes for want of descriptors`(command: String)
        async throws
    {
        let result = try await Shell().run(
            """
            echo '# Keys' > text
            echo 'document_stores: { docs: { path: ./text } }' > hector.yaml
            for limit in 4 5 6 7 8 9 10 12 14 16 18; do
                echo '{"id":"a","vector":[1]}' | timeout 60 sh -c 'ulimit -c 0; ulimit -n '$limit'; exec \(command)' \\
                    > out 2> errors
                status=$?
                case $status in
                    0 | 1 | 69 | 74) ;;
                    71) grep -q 'ulimit -n' errors || echo "$limit: $(cat errors)" ;;
                    *) echo "$limit: $status $(cat errors)" ;;
                esac
            done
            """)
        #expect(result.output == "")
    }

    @Test(arguments: commands) func `no program crashes for want of memory`(command: String)
        async throws
    {
        let result = try await Shell().run(
            """
            echo '# Keys' > text
            echo 'document_stores: { docs: { path: ./text } }' > hector.yaml
            for limit in 100000 200000 400000 1000000; do
                echo '{"id":"a","vector":[1]}' | timeout 60 sh -c 'ulimit -c 0; ulimit -v '$limit'; exec \(command)' \\
                    > out 2> errors
                status=$?
                case $status in
                    0 | 1 | 69 | 71 | 74) ;;
                    *) echo "$limit: $status $(cat errors)" ;;
                esac
            done
            """)
        #expect(result.output == "")
    }

    @Test func `the limit that is too low is named`() async throws {
        let result = try await Shell().run(
            """
            (ulimit -n 10; hector-embed hi)
            echo $?
            (ulimit -v 100000; hector-embed hi)
            echo $?
            """)
        #expect(result.lines == ["71", "71"])
        let errors = result.errors.split(separator: "\n")
        #expect(errors.count == 2)
        #expect(
            errors.first?.hasPrefix("hector-embed: at most 10 files may be open (ulimit -n)")
                == true)
        #expect(errors.last?.contains("KiB of memory may be mapped (ulimit -v)") == true)
    }

    /// Limits of threads do not count for root, so another user is needed.
    @Test(.enabled(if: geteuid() == 0)) func `no program waits for threads that it may not start`()
        async throws
    {
        let result = try await Shell().run(
            """
            chmod -R a+rwX "$HOME" "$TMPDIR" .. .
            for limit in 1 2 4 8 12 16; do
                for command in 'hector-embed hi' 'hector-plugin list'; do
                    # No other process of the machine has this user.
                    setpriv --reuid 54321 --clear-groups timeout 60 \
                        bash -c "ulimit -c 0; ulimit -u $limit; exec $command" > out 2> errors
                    status=$?
                    case $status in
                        0) ;;
                        69 | 71) grep -q 'ulimit -[uv]' errors || echo "$limit: $(cat errors)" ;;
                        *) echo "$limit: $status $(cat errors)" ;;
                    esac
                done
            done
            """)
        #expect(result.output == "")
    }

    @Test func `a file that may not grow is an error`() async throws {
        let result = try await Shell().run(
            """
            (ulimit -f 0; hector-embed hi > out) 2>&1 | cat
            (ulimit -f 0; hector-embed hi | wc -l) | cat
            """)
        #expect(result.lines == ["hector-embed: cannot write: File too large", "1"])
    }
}
