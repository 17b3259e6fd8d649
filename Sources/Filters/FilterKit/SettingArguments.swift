internal import ArgumentParser
internal import GivenSettings
internal import Synchronization
internal import Unix

/// Settings on a command line: `KEY=VALUE`, `KEY=@FILE` for the contents of a file without the
/// newlines at its end, and `KEY=@@VALUE` for a value that begins with an at sign.
package enum SettingArguments {
    /// - Throws: `ValidationError` unless each text has a key. The error does not contain a value.
    package static func validate(
        _ texts: [String], of option: String, form: String = "KEY=VALUE"
    ) throws {
        for text in texts {
            if text.hasPrefix("=") {
                throw ValidationError("\(option) needs \(form), and there is nothing before '='")
            }
            if text.contains("=") { continue }
            // Anything other than a name may be the value of a secret.
            let isName = text.allSatisfy { $0.isASCII && $0.isLetter || "_-.".contains($0) }
            throw ValidationError(
                "\(option) needs \(form), " + (isName ? "not '\(text)'" : "and there is no '='"))
        }
    }

    /// Returns the last value of each key.
    ///
    /// - Throws: `Failure` if a file cannot be read, or has a secret that others may read.
    package static func values(_ texts: [String]) throws(Failure) -> [String: String] {
        var values: [String: String] = [:]
        for text in texts {
            let (key, value) = parts(of: text)
            values[key] = try self.value(value, of: key)
        }
        return values
    }

    private static func parts(of text: String) -> (key: String, value: String) {
        let equals = text.firstIndex(of: "=") ?? text.endIndex
        return (String(text[..<equals]), String(text[equals...].dropFirst()))
    }

    private static func value(_ text: String, of key: String) throws(Failure) -> String {
        guard text.hasPrefix("@") else { return text }
        let rest = String(text.dropFirst())
        return rest.hasPrefix("@") ? rest : try contents(of: rest, key)
    }

    // MARK: Files

    /// The most bytes of a file.
    private static let limit = 4 << 20

    /// The contents of the files read so far: a pipe, as of a shell's `<(command)`, is read once.
    private static let read = Mutex<[String: String]>([:])

    private static func contents(of path: String, _ key: String) throws(Failure) -> String {
        if let text = read.withLock({ $0[path] }) { return text }
        let text: String
        if GivenSettings.isSecret(key) {
            do throws(SecretFileError) { text = try SecretFile.read(path) } catch {
                if case .exposed = error { throw Failure(.notPermitted, "'\(key)': \(error)") }
                throw Failure(.ioError, "'\(key)': \(error)")
            }
        } else {
            do throws(SystemError) {
                var bytes = try File.read(path, limit: limit).bytes
                while bytes.last == UInt8(ascii: "\n") { bytes.removeLast() }
                text = String(decoding: bytes, as: UTF8.self)
            } catch {
                throw Failure(.ioError, "'\(key)': \(error)")
            }
        }
        KnownSecrets.add(fileContents: text)
        read.withLock { $0[path] = text }
        return text
    }

    // MARK: For other programs

    /// Files in memory with secrets for programs that this process starts, by their contents. They
    /// are there until it ends.
    private static let handedOn = Mutex<[String: MemoryFile]>([:])

    /// Returns settings for the command line of another program, which any user may look at: a
    /// secret is replaced by the path of a file that only this user may read, as is a pipe.
    ///
    /// - Throws: `Failure` if a file cannot be read, or if there is no room for another one.
    package static func handingOn(_ texts: [String]) throws(Failure) -> [String] {
        var handed: [String] = []
        for text in texts {
            let (key, value) = parts(of: text)
            let isFile = value.hasPrefix("@") && !value.hasPrefix("@@")
            let isPipe = isFile && (try? File(String(value.dropFirst())))?.kind == .other
            let isSecret = GivenSettings.isSecret(key) || KnownSecrets.hasPassword(url: value)
            guard isPipe || !isFile && isSecret && !value.isEmpty else {
                handed.append(text)
                continue
            }
            let secret = try self.value(value, of: key)
            KnownSecrets.add(settings: [key: secret])
            MemoryProtection.forbidCoreFiles()
            let result = handedOn.withLock { files -> Result<String, SystemError> in
                if let file = files[secret] { return .success(file.path) }
                do throws(SystemError) {
                    let file = try MemoryFile(private: Array(secret.utf8))
                    files[secret] = file
                    return .success(file.path)
                } catch {
                    return .failure(error)
                }
            }
            switch result {
            case .success(let path): handed.append("\(key)=@\(path)")
            case .failure(let error): throw Failure(.systemError, "\(error)")
            }
        }
        return handed
    }
}
