package import Configuration
internal import OpenSSL
internal import Unix

/// The folders that the user trusts: a file for each under `$XDG_STATE_HOME/hector/trust`, which
/// only the user can read and write.
package struct TrustStore: Sendable {
    /// Nil without a home directory.
    private let directory: String?

    private static let largestRecord = 16 * 1024 * 1024

    package init(environment: [String: String]) {
        directory = BaseDirectories(environment: environment).state.map { "\($0)/hector/trust" }
    }

    /// Returns the record of a folder, whether or not it still holds.
    ///
    /// - Parameter folder: An absolute path without links.
    /// - Throws: `.unsafe` if other users could have written the record.
    func record(of folder: String) throws(SettingsError) -> TrustRecord? {
        guard let file = file(folder) else { return nil }
        guard let record = try read(file), record.path == folder else { return nil }
        return record
    }

    private func read(_ file: String) throws(SettingsError) -> TrustRecord? {
        let bytes: [UInt8]
        let description: File
        do throws(SystemError) {
            (bytes, description) = try File.readRegular(
                file, limit: Self.largestRecord, followsLink: false)
        } catch {
            if error.isAbsence { return nil }
            throw .unreadable(error)
        }
        if let danger = description.danger {
            throw .unsafe("'\(file)', which says what is trusted, \(danger); remove it")
        }
        if let unsafe = UnsafeFolder.onTheWay(to: file) {
            throw .unsafe("'\(file)' says what is trusted, but \(unsafe)")
        }
        return TrustRecord(json: bytes)
    }

    /// Returns all records, in the order of their paths.
    package func all() throws(SettingsError) -> [TrustRecord] {
        guard let directory, let names = try? Directory.names(in: directory) else { return [] }
        var records: [TrustRecord] = []
        for name in names where name.hasSuffix(Self.suffix) {
            if let record = try read("\(directory)/\(name)") { records.append(record) }
        }
        return records.sorted { $0.path < $1.path }
    }

    func save(_ record: TrustRecord) throws(SettingsError) {
        guard let directory, let file = file(record.path) else {
            throw .untrusted("cannot keep what is trusted: HOME is not set")
        }
        do throws(SystemError) {
            try PrivateFile.makeDirectory(directory)
            try PrivateFile.replace(file, by: record.json)
            try? File.remove(refusal(record.path) ?? "")
        } catch {
            throw .untrusted(
                "cannot keep what is trusted: \(error); set \(TrustedPaths.variable) instead")
        }
    }

    /// - Returns: False if the folder was not trusted.
    package func remove(_ folder: String) throws(SettingsError) -> Bool {
        guard let file = file(folder) else { return false }
        do throws(SystemError) {
            try File.remove(file)
            return true
        } catch {
            if error.isAbsence { return false }
            throw .unreadable(error)
        }
    }

    /// Runs `body` while no other process changes a record. Without a place for the lock it runs
    /// all the same.
    func locked<R, E: Error>(_ body: () throws(E) -> R) throws(E) -> R {
        let lock = directory.flatMap { try? FileLock.waitOnThisThread(for: "\($0)/lock") }
        defer { withExtendedLifetime(lock) {} }
        return try body()
    }

    // MARK: A no

    /// Keeps a no for the other processes of the same job, which would ask the same.
    func refuse(_ folder: String, for job: Int32) {
        guard let directory, let file = refusal(folder) else { return }
        try? PrivateFile.makeDirectory(directory)
        try? PrivateFile.replace(file, by: Array("\(job)\n".utf8))
    }

    /// True if the user has said no to a process of the same job within the last minute.
    func isRefused(_ folder: String, for job: Int32) -> Bool {
        guard let file = refusal(folder),
            let (bytes, description) = try? File.readRegular(file, limit: 100, followsLink: false)
        else { return false }
        let age = Timestamp.now.microseconds - description.modified / 1000
        return (0..<60_000_000).contains(age) && bytes == Array("\(job)\n".utf8)
    }

    // MARK: Files

    private static let suffix = ".json"

    private func file(_ folder: String) -> String? { name(folder).map { $0 + Self.suffix } }

    private func refusal(_ folder: String) -> String? { name(folder).map { $0 + ".refused" } }

    private func name(_ folder: String) -> String? {
        directory.map { "\($0)/\(SHA256.hex(of: Array(folder.utf8)))" }
    }
}
