import Unix
package import YAML

extension Settings {
    /// The most bytes that a hector.yaml may have.
    private static let largestFile = 4 * 1024 * 1024

    /// Finds and reads the hector.yaml that applies, for a command that only shows it: trust in the
    /// working directory is not asked for.
    ///
    /// - Parameters:
    ///   - explicit: The file named by `--config`, if that was given.
    ///   - environment: The environment for `HECTOR_CONFIG`, `XDG_CONFIG_HOME` and `HOME`.
    ///   - workingDirectory: An absolute path.
    /// - Returns: Nil if a file was neither named nor found.
    package static func load(
        explicit: String?, environment: [String: String],
        workingDirectory: String = Directory.current
    ) throws(SettingsError) -> Settings? {
        let found = try find(
            explicit: explicit, environment: environment, workingDirectory: workingDirectory)
        guard let (settings, problems) = found else { return nil }
        guard let settings, problems.isEmpty else { throw .problems(problems) }
        return settings
    }

    /// Finds and reads the hector.yaml, and returns its problems together with the readable part,
    /// for a caller that may find more problems.
    ///
    /// - Parameter skipsWorkingDirectory: True to find a file only elsewhere.
    package static func find(
        explicit: String?, environment: [String: String],
        workingDirectory: String = Directory.current, skipsWorkingDirectory: Bool = false
    ) throws(SettingsError) -> (settings: Settings?, problems: [YAMLError])? {
        func read(_ file: String, _ bytes: [UInt8]) -> (settings: Settings?, problems: [YAMLError])
        {
            let directory = Path.parent(of: Path.absolute(file, in: workingDirectory))
            return Settings.read(
                bytes, file: file, directory: directory, environment: environment)
        }
        if let file = explicit ?? environment["HECTOR_CONFIG"].flatMap({ $0.isEmpty ? nil : $0 }) {
            let path = Path.absolute(file, in: workingDirectory)
            do throws(SystemError) {
                return read(file, try File.readRegular(path, limit: largestFile).bytes)
            } catch {
                throw .unreadable(error)
            }
        }
        let vouched = TrustedPaths(environment: environment).vouched(in: workingDirectory)
        let local = Path.absolute(fileName, in: workingDirectory)
        if !skipsWorkingDirectory,
            let bytes = try readIfSafe(local, called: fileName, vouched: vouched)
        {
            var found = read(fileName, bytes)
            found.settings?.isFromWorkingDirectory = true
            found.settings?.isNamed = false
            return found
        }
        for file in standardFiles(environment) {
            guard let bytes = try readIfSafe(file, called: file) else { continue }
            var found = read(file, bytes)
            found.settings?.isNamed = false
            return found
        }
        return nil
    }

    /// The name of the file in the working directory.
    private static let fileName = "hector.yaml"

    /// Returns the absolute paths that are searched after the working directory, in that order.
    private static func standardFiles(_ environment: [String: String]) -> [String] {
        let directories = BaseDirectories(environment: environment)
        return [directories.configuration.map { "\($0)/hector/hector.yaml" }].compactMap { $0 }
            + [directories.home.map { "\($0)/.hector/hector.yaml" }].compactMap { $0 }
            + ["/etc/hector/hector.yaml"]
    }

    /// Returns the bytes of a file that was not named, or nil if it does not exist.
    private static func readIfSafe(
        _ path: String, called file: String, vouched: UInt32? = nil
    ) throws(SettingsError) -> [UInt8]? {
        let danger: String?
        let bytes: [UInt8]
        do throws(SystemError) {
            // A link matters too: the user who made it chose the file that is read.
            let link = try File(path, followsLink: false)
            let opened = try File.readRegular(path, limit: largestFile)
            danger = opened.file.danger(vouched: vouched) ?? link.danger(vouched: vouched)
            bytes = opened.bytes
        } catch {
            if error.isAbsence { return nil }
            throw .unreadable(error)
        }
        if let danger {
            throw .unsafe(
                "'\(file)' \(danger), so it is not used; name it with --config if you trust it")
        }
        if let unsafe = UnsafeFolder.onTheWay(to: path, vouched: vouched) {
            throw .unsafe("\(unsafe): '\(file)' in it is not used, unless --config names it")
        }
        return bytes
    }
}
