import Testing

/// A plugin at a socket that stops answering in the middle of a run.
struct SilentServerTests {
    @Test func `a filter whose served plugin falls silent ends as unavailable`() async throws {
        let result = try await Shell().run(
            """
            hector-plugin serve hash-embedder -o dimension=8 --socket e.sock 2> log &
            server=$!
            until [ -S e.sock ]; do kill -0 $server || exit; sleep 0.01; done
            plugin=$(pgrep -P $server)
            [ -n "$plugin" ] || exit
            # A pipe, so that the filter reads each record as soon as it is written.
            mkfifo in
            hector-embed --socket e.sock --timeout 2s < in > out 2> errors &
            filter=$!
            exec 3> in
            echo '{"id":1,"content":"a"}' >&3
            until [ -s out ]; do kill -0 $filter || exit; sleep 0.01; done
            # Kill the server, too, which would start another plugin in a while.
            kill -STOP $server $plugin
            # A thread goes on until another of its process has taken the signal.
            for process in $server $plugin; do
                for state in /proc/$process/task/*/stat; do
                    until grep -q ') T ' $state; do sleep 0.01; done
                done
            done
            echo '{"id":2,"content":"b"}' >&3
            exec 3>&-
            wait $filter
            echo status $?
            kill -CONT $server $plugin
            jq -r '"\\(.id) \\(.error.code) \\(.error.retryable)"' out
            grep -c 'does not answer at .*e.sock any more' errors
            kill $server
            wait $server
            """)
        #expect(
            result.lines == ["status 69", "1 null null", "2 plugin_unavailable true", "1"],
            "\(result.errors)")
    }
}
