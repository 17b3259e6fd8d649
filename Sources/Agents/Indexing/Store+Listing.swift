internal import Documents
internal import FilterKit
internal import FilterProcesses
internal import Unix

extension Store {
    /// Lists the documents that the store has now.
    ///
    /// - Throws: `Failure`, if none of them can be listed.
    ///
    /// - Parameter listsAll: True to list the files that patterns exclude, too.
    func list(all listsAll: Bool = false) async throws -> DocumentListing {
        switch source {
        case .folder(let path, let selection):
            var lister = FolderLister(path, selection, listsAll: listsAll)
            return try lister.list()
        case .file(let path, let selection):
            let file: File
            do { file = try File(path) } catch { throw Failure(.ioError, "\(error)") }
            if file.size > selection.limit(of: Array(path.utf8)) {
                return DocumentListing(
                    skipped: [SkippedFile(name: Path.name(of: path), reason: .tooLarge)])
            }
            return DocumentListing(documents: [
                DocumentListing.Document(
                    path: Path.name(of: path), size: file.size, modified: file.modified)
            ])
        case .command(let line, let directory):
            let lister = CommandLister()
            let ending = try await Subprocess.run(
                "/bin/sh", ["-c", "cd -- \"$1\" && eval \"$2\"", "sh", directory, line],
                environment: environment, longestLine: CommandLister.longestRecord
            ) { lister.add($0) }
            guard ending == .exited(0) else {
                throw Failure(.unavailable, "the command of '\(name)' \(ending): \(line)")
            }
            return lister.listing
        }
    }
}
