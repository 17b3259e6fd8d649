internal import Chunking
internal import Documents
internal import FilterKit
internal import Glibc
internal import Unix

/// Lists the documents in a folder and the folders below it.
struct FolderLister {
    private let root: String
    private let selection: Selection
    private let listsAll: Bool
    private var listing = DocumentListing()
    private var pending: [Pending]

    /// A folder to list.
    private typealias Pending = (path: String, folder: Selection.Folder)

    /// The largest size of a file with patterns, in bytes.
    private static let largestIgnoreFile = 1 << 20

    /// - Parameter listsAll: True to list the files that patterns exclude, too.
    init(_ root: String, _ selection: Selection, listsAll: Bool = false) {
        self.root = root
        self.listsAll = listsAll
        self.selection = selection
        pending = [(root, selection.root)]
    }

    /// - Throws: `Failure`, if the folder itself cannot be read.
    mutating func list() throws(Failure) -> DocumentListing {
        while let (path, folder) = pending.popLast() { try list(path, folder) }
        return listing
    }

    private mutating func list(_ path: String, _ folder: Selection.Folder) throws(Failure) {
        let entries: [Directory.Entry]
        do throws(SystemError) { entries = try Directory.entries(in: path) } catch {
            if path == root { throw Failure(.ioError, "\(error)") }
            if error.isAbsence { return }
            return addUnknown(String(decoding: folder.path, as: UTF8.self), "\(error)")
        }
        listing.folders.append(path)
        guard let folder = readIgnoreFiles(entries, path, folder) else { return }
        var folders: [Pending] = []
        for entry in entries {
            if entry.kind == .directory {
                guard let inner = selection.folder(entry.name, in: folder) else {
                    skip(folder.path + entry.name + [UInt8(ascii: "/")], .excluded)
                    continue
                }
                folders.append((root + "/" + RawPath.text(of: inner.path.dropLast()), inner))
            } else if let file = entry.file,
                let document = selection.file(entry.name, in: folder)
            {
                add(file, document)
            } else {
                skip(folder.path + entry.name, entry.file == nil ? .notRegular : .excluded)
            }
        }
        pending += folders.reversed()
    }

    /// - Returns: Nil if a file with patterns cannot be read, because any document of the folder
    ///   may be ignored by it.
    private mutating func readIgnoreFiles(
        _ entries: [Directory.Entry], _ path: String, _ folder: Selection.Folder
    ) -> Selection.Folder? {
        var folder = folder
        for name in [".gitignore", ".hectorignore"]
        where entries.contains(where: { $0.name.elementsEqual(name.utf8) && $0.file != nil }) {
            do throws(SystemError) {
                let file = try File.readRegular("\(path)/\(name)", limit: Self.largestIgnoreFile)
                selection.read(file.bytes, in: &folder)
            } catch {
                if error.isAbsence { continue }
                let inFolder = String(decoding: folder.path, as: UTF8.self)
                let advice = error.code == EFBIG ? "; it may have 1 MiB" : ""
                listing.problems.append(
                    Problem(name: inFolder + name, message: "\(error)\(advice)"))
                listing.unknown.append(inFolder)
                return nil
            }
        }
        return folder
    }

    private mutating func add(_ file: File, _ path: [UInt8]) {
        if file.size > selection.limit(of: path) {
            listing.skipped.append(
                SkippedFile(name: documentID(RawPath.text(of: path)), reason: .tooLarge))
        } else {
            listing.documents.append(
                DocumentListing.Document(
                    path: RawPath.text(of: path), size: file.size, modified: file.modified))
        }
    }

    private mutating func skip(_ path: [UInt8], _ reason: SkipReason) {
        guard listsAll else { return }
        listing.skipped.append(
            SkippedFile(name: documentID(RawPath.text(of: path)), reason: reason))
    }

    private mutating func addUnknown(_ name: String, _ message: String) {
        listing.problems.append(Problem(name: name, message: message))
        listing.unknown.append(name)
    }
}
