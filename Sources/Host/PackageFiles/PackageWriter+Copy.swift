internal import Unix

extension PackageWriter {
    /// Adds everything in a folder, except what version control keeps in `.git`.
    package mutating func addCopy(of source: String) throws(PackageError) {
        try addContents(of: source, as: "")
    }

    private mutating func addContents(
        of source: String, as path: String
    ) throws(PackageError) {
        let names: [String]
        do throws(SystemError) { names = try Directory.names(in: source) } catch {
            throw PackageError(error)
        }
        for name in names where !(path.isEmpty && name == ".git") {
            try add("\(source)/\(name)", as: path.isEmpty ? name : "\(path)/\(name)")
        }
    }

    private mutating func add(_ source: String, as path: String) throws(PackageError) {
        do {
            let file = try File(source, followsLink: false)
            switch file.kind {
            case .directory:
                try addDirectory(path)
                try addContents(of: source, as: path)
            case .link:
                try addLink(path, to: try File.target(ofLink: source))
            case .regular:
                let input = try OpenFile(source)
                try addFile(path, mode: file.mode) { () throws(PackageError) in
                    do throws(SystemError) { return try input.next() } catch {
                        throw PackageError(error)
                    }
                }
            case .socket, .other:
                throw PackageError(
                    .notPermitted, "'\(source)' is not a file, and cannot be in a package")
            }
        } catch let error as SystemError {
            throw PackageError(error)
        } catch let error as PackageError {
            throw error
        } catch {
            throw PackageError(.unreadable, "\(error)")
        }
    }
}
