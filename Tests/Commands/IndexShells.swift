import Foundation

/// The shells that the suites about hector-index share.
protocol IndexShells {}

extension IndexShells {
    /// A shell with an embedder that writes down each text, and the built-in database.
    ///
    /// - Parameter collection: The collection of the store; nil for the one of its folder.
    func makeShell(
        _ store: String = "{ path: ./docs }", collection: String? = "docs"
    ) throws -> Shell {
        let shell = try Shell()
        var store = store
        if let collection {
            store.replace("{ ", with: "{ collection: \(collection), ", maxReplacements: 1)
        }
        try shell.write(
            """
            plugins:
              embedder_providers: { logged: { path: "\(Shell.foreign)/faulty" } }
            document_stores:
              docs: \(store)

            """, to: "hector.yaml")
        return shell
    }

    /// Functions that count calls and print what is stored as `id sha256`, one per line.
    static var tools: String {
        """
        export FAULT_LOG=$PWD/log; : > log
        calls() { grep -c '^embed ' log; }
        reset() { : > log; }
        stored() {
            echo '{"vector":[1,1,1,1]}' | hector-search -C docs --all -k 100000 2>/dev/null |
                jq -r '.results[] | "\\(.id) \\(.metadata.sha256)"' | sort
        }
        age() { find docs -exec touch -d '1 hour ago' {} +; }
        mkdir -p docs
        # What these suites count would otherwise be known from before.
        hector-index cache --limit 0

        """
    }
}
