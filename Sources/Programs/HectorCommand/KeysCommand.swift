import ArgumentParser
import FilterKit
import Keys
import Unix

/// The keys that a user has given to Hector.
struct KeysCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "keys", abstract: "Keep keys for ${NAME} in the settings of plugins.",
        subcommands: [List.self, Set.self, Remove.self], defaultSubcommand: List.self)

    struct List: Program {
        static let configuration = CommandConfiguration(
            commandName: "list", abstract: "Print the names of the keys.")

        func work() throws -> ExitStatus {
            let names = KeyStore(environment: Environment.current).names
            try writeToStandardOutput(names.map { $0 + "\n" }.joined())
            return .success
        }
    }

    struct Set: Program {
        static let configuration = CommandConfiguration(
            commandName: "set",
            abstract: "Keep a key, read from standard input or asked for at the terminal.")

        @Argument(help: ArgumentHelp("The key's name, as in ${NAME}.", valueName: "name"))
        var name: String

        @Flag(help: "Keep it in a file, even if there is a keyring.")
        var file = false

        @Argument(help: .hidden)
        var rest: [String] = []

        func validate() throws {
            // The error does not repeat what may be the key.
            guard rest.isEmpty, !name.contains("=") else {
                throw ValidationError(
                    "the key itself is read from standard input, or asked for at a terminal: what "
                        + "is on a command line is in the list of processes and the shell's history"
                )
            }
            guard KeyStore.isName(name) else {
                throw ValidationError(
                    "the name of a key has only letters, digits and '_', such as OPENAI_API_KEY")
            }
        }

        func work() async throws -> ExitStatus {
            MemoryProtection.forbidDumps()
            let value = try await value()
            let store = KeyStore(environment: Environment.current)
            do throws(KeyError) {
                try await store.set(
                    name, to: value, inKeyring: !file && store.hasKeyring,
                    onMessage: Diagnostics.line)
            } catch {
                throw failure(error)
            }
            return .success
        }

        /// The most bytes of a key.
        private static let limit = 1 << 16

        /// - Throws: `Failure`.
        private func value() async throws -> String {
            var bytes: [UInt8]
            if TerminalModes.ofStandardInput != nil {
                guard let line = try await Terminal().ask("\(name): ", echoes: false) else {
                    throw Failure(.usage, "no key was typed")
                }
                bytes = Array(line.utf8)
            } else {
                bytes = try InputFile.standardInput.read(Self.limit + 1)
            }
            while let last = bytes.last, "\r\n".utf8.contains(last) { bytes.removeLast() }
            if bytes.isEmpty {
                throw Failure(.badInput, "standard input is empty, expected a key")
            }
            guard bytes.count <= Self.limit else {
                throw Failure(.badInput, "the key has more than \(Self.limit) bytes")
            }
            guard let text = String(validating: bytes, as: UTF8.self), !bytes.contains(0) else {
                throw Failure(.badInput, "the key is not text in UTF-8")
            }
            return text
        }
    }

    struct Remove: Program {
        static let configuration = CommandConfiguration(
            commandName: "remove", abstract: "Forget keys.")

        @Argument(
            help: ArgumentHelp("The keys' names.", valueName: "name"),
            completion: .custom { _, _, _ in KeyStore(environment: Environment.current).names })
        var names: [String]

        func work() async throws -> ExitStatus {
            let store = KeyStore(environment: Environment.current)
            var status = ExitStatus.success
            for name in names {
                do throws(KeyError) {
                    if try await store.remove(name, onMessage: Diagnostics.line) { continue }
                    Diagnostics.error("no key '\(name)'; 'hector keys list' lists those there are")
                    status = .incomplete
                } catch {
                    throw failure(error)
                }
            }
            return status
        }
    }
}

private func failure(_ error: KeyError) -> Failure {
    Failure(error.isExposure ? .notPermitted : .ioError, error.message)
}
