import Unix

/// The files below a directory, each directory before its contents. Links are not followed.
struct Walk {
    struct File {
        /// The path relative to the start of the walk.
        let path: String
        let kind: Unix.File.Kind
        fileprivate let depth: Int
    }

    private let directory: ConfinedDirectory
    private let deepest: Int
    private let includes: (ConfinedDirectory.Entry) -> Bool

    /// The entries still to come; the next one is at the end.
    private var pending: [File]

    /// The number of directories that could not be read.
    private(set) var unreadable = 0

    /// - Parameter includes: Returns true to include an entry and its contents.
    init(
        _ directory: ConfinedDirectory, deepest: Int = .max,
        includes: @escaping (ConfinedDirectory.Entry) -> Bool
    ) {
        self.directory = directory
        self.deepest = deepest
        self.includes = includes
        pending = [File(path: "", kind: .directory, depth: 0)]
    }

    /// - Throws: An error if the directory where the walk begins cannot be read.
    mutating func next() throws(ConfinementError) -> File? {
        while let file = pending.popLast() {
            if file.kind == .directory, file.depth < deepest { try enter(file) }
            if !file.path.isEmpty { return file }
        }
        return nil
    }

    private mutating func enter(_ folder: File) throws(ConfinementError) {
        let entries: [ConfinedDirectory.Entry]
        do throws(ConfinementError) {
            entries = try directory.entries(
                in: folder.path.isEmpty ? "." : folder.path, followsLinks: false)
        } catch {
            if folder.path.isEmpty { throw error }
            unreadable += 1
            return
        }
        let prefix = folder.path.isEmpty ? "" : folder.path + "/"
        for entry in entries.reversed() where includes(entry) {
            // It will be gone in a moment.
            if entry.name.hasPrefix(ConfinedDirectory.temporaryPrefix) { continue }
            pending.append(
                File(path: prefix + entry.name, kind: entry.kind, depth: folder.depth + 1))
        }
    }
}
