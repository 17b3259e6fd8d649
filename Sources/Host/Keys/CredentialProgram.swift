internal import Synchronization
internal import Unix
internal import Waiting

/// A program that prints a key, or takes one.
struct CredentialProgram: Sendable {
    /// The name in messages.
    let name: String

    /// An absolute path.
    let path: String
    let arguments: [String]
    let environment: [String: String]

    /// The longest time that it may take. A user may have to unlock a keyring meanwhile.
    var timeout = Duration.seconds(60)

    private static let grace = Duration.seconds(1)

    /// The most lines of output that are kept.
    private static let mostLines = 1000

    /// The exit status, and the lines of standard output.
    struct Result: Sendable {
        let ending: Ending
        let lines: [String]

        var hasSucceeded: Bool { ending == .exited(0) }
    }

    /// Runs the program to its end.
    ///
    /// It stays in the process group of this process, so that it may ask the user at the terminal.
    ///
    /// - Parameters:
    ///   - input: The bytes for its standard input.
    ///   - onMessage: Gets each line of its standard error.
    func run(
        input: String = "", onMessage: @escaping @Sendable (String) -> Void
    ) async throws(KeyError) -> Result {
        let lines = Mutex<[String]>([])
        let isLate = Atomic(false)
        let process: LineProcess
        do {
            process = try await LineProcess.launch(
                path, arguments: arguments, environment: environment.map { "\($0)=\($1)" },
                takesInput: !input.isEmpty, usesTerminal: true,
                onLine: { output, line in
                    let text = String(decoding: line, as: UTF8.self)
                    switch output {
                    case .errors: onMessage(text)
                    case .standard:
                        lines.withLock { if $0.count < Self.mostLines { $0.append(text) } }
                    }
                })
        } catch {
            let reason =
                ExecutionProblem(error.code, running: path)?.description ?? "\(error.reason)"
            throw KeyError("cannot run \(name): \(reason)")
        }
        if !input.isEmpty {
            process.write(Array(input.utf8))
            process.closeInput()
        }
        let clock = Task {
            guard (try? await Task.sleep(for: timeout)) != nil else { return }
            isLate.store(true, ordering: .releasing)
            process.beginToEnd(grace: Self.grace)
        }
        defer { clock.cancel() }
        let ending = await process.ending.wait()
        guard let ending else {
            await process.end(grace: Self.grace)
            throw KeyError("interrupted while \(name) was running")
        }
        if isLate.load(ordering: .acquiring) {
            throw KeyError("\(name) did not end within \(timeout)")
        }
        return Result(ending: ending, lines: lines.withLock { $0 })
    }
}

extension CredentialProgram {
    /// Returns the path of a program: of a name as the shell finds it, and of a relative path from a
    /// directory.
    static func path(
        of name: String, in directory: String, _ environment: [String: String]
    ) -> String? {
        if name.contains("/") {
            let home = BaseDirectories(environment: environment).home
            return Path.absolute(Path.expandingTilde(name, home: home), in: directory)
        }
        return (environment["PATH"] ?? "/usr/bin:/bin").split(separator: ":").lazy
            .map { "\($0)/\(name)" }.first(where: File.isExecutable)
    }
}
