internal import Unix

/// The keys that a user has given to Hector, by their names.
///
/// Each is in a file of its own, in a folder that only the user may enter, or in the keyring of the
/// desktop, by secret-tool(1); of these the folder has only the names.
package struct KeyStore: Sendable {
    /// The folder; nil without a home directory.
    package let folder: String?
    private let environment: [String: String]

    /// The end of the name of a file that stands for a key in the keyring.
    private static let keyringSuffix = ".keyring"

    package init(environment: [String: String]) {
        self.environment = environment
        folder = BaseDirectories(environment: environment).data.map { "\($0)/hector/keys" }
    }

    /// True for a name that a variable can have.
    package static func isName(_ text: String) -> Bool {
        text.utf8.count <= 200 && text.utf8.first.map { !(48...57).contains($0) } == true
            && text.utf8.allSatisfy { byte in
                (48...57).contains(byte) || (65...90).contains(byte) || (97...122).contains(byte)
                    || byte == UInt8(ascii: "_")
            }
    }

    /// The names of all keys, sorted.
    package var names: [String] {
        guard let folder, let files = try? Directory.names(in: folder) else { return [] }
        let names = files.map {
            $0.hasSuffix(Self.keyringSuffix) ? String($0.dropLast(Self.keyringSuffix.count)) : $0
        }
        return Set(names.filter(Self.isName)).sorted()
    }

    package func has(_ name: String) -> Bool {
        Self.isName(name) && (exists(name) || exists(name + Self.keyringSuffix))
    }

    private func exists(_ file: String) -> Bool {
        folder.map { (try? File("\($0)/\(file)")) != nil } == true
    }

    // MARK: The keyring

    /// True if a desktop's keyring can be reached.
    package var hasKeyring: Bool { secretTool != nil && hasSessionBus }

    private var secretTool: String? {
        CredentialProgram.path(of: "secret-tool", in: "/", environment)
    }

    private var hasSessionBus: Bool {
        if environment["DBUS_SESSION_BUS_ADDRESS"]?.isEmpty == false { return true }
        return environment["XDG_RUNTIME_DIR"].map { (try? File("\($0)/bus"))?.kind == .socket }
            == true
    }

    private func keyring(
        _ arguments: [String], _ name: String, input: String = "",
        onMessage: @escaping @Sendable (String) -> Void
    ) async throws(KeyError) -> CredentialProgram.Result {
        guard let secretTool else {
            throw KeyError("'\(name)' is in the keyring, and secret-tool is not installed")
        }
        return try await CredentialProgram(
            name: "secret-tool", path: secretTool,
            arguments: arguments + ["service", "hector", "key", name], environment: environment
        ).run(input: input, onMessage: onMessage)
    }

    // MARK: Values

    /// Returns the value of a key.
    ///
    /// - Parameter onMessage: Gets each line that the keyring's program writes to standard error.
    package func value(
        _ name: String, onMessage: @escaping @Sendable (String) -> Void
    ) async throws(KeyError) -> String {
        guard let folder, has(name) else { throw KeyError("no key '\(name)'") }
        guard exists(name) else {
            let result = try await keyring(["lookup"], name, onMessage: onMessage)
            let value = result.lines.joined(separator: "\n")
            guard result.hasSucceeded, !value.isEmpty else {
                throw KeyError(
                    "the keyring does not give the key '\(name)': secret-tool \(result.ending)")
            }
            return value
        }
        try check(folder)
        do throws(SecretFileError) { return try SecretFile.read("\(folder)/\(name)") } catch {
            if case .exposed(let reason) = error { throw KeyError(reason, isExposure: true) }
            throw KeyError("\(error)")
        }
    }

    /// Keeps a value under a name, in place of an earlier one.
    ///
    /// - Parameter inKeyring: True to give it to the desktop's keyring.
    package func set(
        _ name: String, to value: String, inKeyring: Bool,
        onMessage: @escaping @Sendable (String) -> Void
    ) async throws(KeyError) {
        let folder = try privateFolder()
        var bytes = Array(value.utf8)
        if inKeyring {
            let result = try await keyring(
                ["store", "--label", "Hector: \(name)"], name, input: value, onMessage: onMessage)
            guard result.hasSucceeded else {
                throw KeyError(
                    "the keyring does not take the key: secret-tool \(result.ending); "
                        + "--file keeps it in a file")
            }
            bytes = []
        }
        do throws(SystemError) {
            let path = "\(folder)/\(name)"
            try PrivateFile.replace(inKeyring ? path + Self.keyringSuffix : path, by: bytes)
            try removeFile(inKeyring ? path : path + Self.keyringSuffix)
        } catch {
            throw KeyError("\(error)")
        }
    }

    /// Removes a key.
    ///
    /// - Returns: False if there was none.
    package func remove(
        _ name: String, onMessage: @escaping @Sendable (String) -> Void
    ) async throws(KeyError) -> Bool {
        guard let folder, Self.isName(name) else { return false }
        PrivateFile.removeLeftovers(of: "\(folder)/\(name)")
        guard has(name) else { return false }
        if exists(name + Self.keyringSuffix) {
            let result = try await keyring(["clear"], name, onMessage: onMessage)
            guard result.hasSucceeded else {
                throw KeyError("the keyring keeps the key '\(name)': secret-tool \(result.ending)")
            }
        }
        do throws(SystemError) {
            try removeFile("\(folder)/\(name)")
            try removeFile("\(folder)/\(name)\(Self.keyringSuffix)")
        } catch {
            throw KeyError("\(error)")
        }
        return true
    }

    private func removeFile(_ path: String) throws(SystemError) {
        do throws(SystemError) { try File.remove(path) } catch {
            if !error.isAbsence { throw error }
        }
    }

    /// Makes the folder, and makes sure that only the user may enter it.
    private func privateFolder() throws(KeyError) -> String {
        guard let folder else {
            throw KeyError("there is no place for keys: neither HOME nor XDG_DATA_HOME is set")
        }
        do throws(SystemError) { try PrivateFile.makeDirectory(folder) } catch {
            throw KeyError("\(error)")
        }
        try check(folder)
        return folder
    }

    /// Makes sure that only the user may enter the folder.
    private func check(_ folder: String) throws(KeyError) {
        let file: File
        do throws(SystemError) { file = try File(folder) } catch { throw KeyError("\(error)") }
        guard file.danger == nil, file.mode & 0o077 == 0 else {
            throw KeyError(
                "others may enter '\(folder)' (mode \(String(file.mode, radix: 8))); "
                    + "chmod 700 '\(folder)'", isExposure: true)
        }
    }
}
