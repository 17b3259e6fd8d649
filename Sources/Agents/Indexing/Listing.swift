internal import FilterKit
internal import Glibc
internal import JSON
internal import Synchronization
internal import Unix

/// The documents that exist now.
struct Listing: Sendable {
    var documents: [Document] = []

    /// The folders that the documents are in, the store's own first.
    var folders: [String] = []

    /// The number of files that would be documents if they were smaller.
    var tooLarge = 0
    var problems: [Problem] = []

    /// The prefixes of the names of documents that may exist although they are not listed.
    var unknown: [String] = []

    /// Documents that exist although they are not listed.
    var damaged: Set<Name> = []

    /// True if a document that is not listed may exist.
    func mayHave(_ name: String) -> Bool {
        damaged.contains(Name(name)) || unknown.contains { name.utf8.starts(with: $0.utf8) }
    }

    struct Document: Sendable {
        /// The path relative to the store's folder, or the id of a record.
        var name: String
        var size: Int

        /// The time in nanoseconds since 1970; -1 for a record.
        var modified: Int

        /// The record to embed.
        var record: [UInt8]?
    }
}

/// A problem that kept a document out of the collection.
package struct Problem: Equatable, Sendable {
    /// The document's name.
    package let name: String

    /// The event, and its cause if it may have kept out other documents, too.
    package let event, reason: String

    /// True if the document may succeed later without any change.
    package let isExhausted: Bool

    package var message: String { reason.isEmpty ? event : "\(event): \(reason)" }

    init(name: String, message: String) {
        self.name = name
        event = message
        reason = ""
        isExhausted = false
    }

    /// - Parameter verb: The action on the document that failed.
    init(_ verb: String, _ name: String, _ refusal: Refusal) {
        self.name = name
        event = "cannot \(verb) '\(name)'"
        reason = refusal.reason
        isExhausted = refusal.isExhausted
    }
}

extension Store {
    private static let longestRecord = 64 << 20
    private static let largestIgnoreFile = 1 << 20

    /// - Throws: `Failure`, if the existing documents cannot be listed at all.
    func list() async throws -> Listing {
        switch source {
        case .folder(let path, let selection): return try Self.list(path, selection)
        case .file(let path, let selection):
            let file: File
            do { file = try File(path) } catch { throw Failure(.ioError, "\(error)") }
            if file.size > selection.maxFileSize { return Listing(tooLarge: 1) }
            return Listing(documents: [
                Listing.Document(
                    name: Path.name(of: path), size: file.size, modified: file.modified)
            ])
        case .command(let line, let directory): return try await run(line, in: directory)
        }
    }

    // MARK: Folders

    private static func list(_ root: String, _ selection: Selection) throws(Failure) -> Listing {
        var listing = Listing()
        var pending = [(path: root, folder: selection.root)]
        walk: while let (path, found) = pending.popLast() {
            var folder = found
            let entries: [Directory.Entry]
            do throws(SystemError) { entries = try Directory.entries(in: path) } catch {
                if path == root { throw Failure(.ioError, "\(error)") }
                if error.isAbsence { continue }
                let name = String(decoding: folder.path, as: UTF8.self)
                listing.problems.append(Problem(name: name, message: "\(error)"))
                listing.unknown.append(name)
                continue
            }
            listing.folders.append(path)
            for name in [".gitignore", ".hectorignore"]
            where entries.contains(where: { $0.name.elementsEqual(name.utf8) && $0.file != nil }) {
                let result = Result { () throws(SystemError) in
                    try File.readRegular("\(path)/\(name)", limit: largestIgnoreFile)
                }
                switch result {
                case .success(let file): selection.read(file.bytes, in: &folder)
                case .failure(let error) where error.isAbsence: break
                case .failure(let error):
                    // The documents that it would have excluded from the collection are unknown.
                    let inFolder = String(decoding: folder.path, as: UTF8.self)
                    let advice = error.code == EFBIG ? "; it may have 1 MiB" : ""
                    listing.problems.append(
                        Problem(name: inFolder + name, message: "\(error)\(advice)"))
                    listing.unknown.append(inFolder)
                    continue walk
                }
            }
            var folders: [(String, Selection.Folder)] = []
            for entry in entries {
                if entry.kind == .directory {
                    guard let inner = selection.folder(entry.name, in: folder) else { continue }
                    guard let name = String(validating: entry.name, as: UTF8.self) else {
                        listing.problems.append(notUTF8(inner.path))
                        continue
                    }
                    folders.append(("\(path)/\(name)", inner))
                } else if let file = entry.file,
                    let document = selection.file(entry.name, in: folder)
                {
                    guard let name = String(validating: document, as: UTF8.self) else {
                        listing.problems.append(notUTF8(document))
                        continue
                    }
                    if file.size > selection.maxFileSize {
                        listing.tooLarge += 1
                    } else {
                        listing.documents.append(
                            Listing.Document(name: name, size: file.size, modified: file.modified))
                    }
                }
            }
            pending += folders.reversed()
        }
        return listing
    }

    private static func notUTF8(_ path: [UInt8]) -> Problem {
        let name = String(decoding: path, as: UTF8.self)
        return Problem(name: name, message: "cannot use '\(name)': its name is not UTF-8")
    }

    // MARK: Commands

    private func run(_ line: String, in directory: String) async throws -> Listing {
        let gathering = Gathering()
        let ending = try await Subprocess.run(
            "/bin/sh", ["-c", "cd -- \"$1\" && eval \"$2\"", "sh", directory, line],
            environment: environment, longestLine: Self.longestRecord
        ) { gathering.add($0) }
        guard ending == .exited(0) else {
            throw Failure(.unavailable, "the command of '\(name)' \(ending): \(line)")
        }
        return gathering.listing
    }

    /// The records that a command prints.
    private final class Gathering: Sendable {
        private let state = Mutex(State())

        private struct State {
            var listing = Listing()
            var line = 0
            var places: [Name: Int] = [:]
        }

        var listing: Listing { state.withLock { $0.listing } }

        func add(_ line: ArraySlice<UInt8>) {
            state.withLock { state in
                state.line += 1
                if line.allSatisfy({ $0 <= 0x20 }) { return }
                do throws(Damage) {
                    let document = try Self.document(line, number: state.line)
                    if let place = state.places[Name(document.name)] {
                        // Of two records with the same id, the later one wins.
                        state.listing.documents[place] = document
                    } else {
                        state.places[Name(document.name)] = state.listing.documents.count
                        state.listing.documents.append(document)
                    }
                } catch {
                    state.listing.problems.append(error.problem)
                    if let id = error.id {
                        state.listing.damaged.insert(Name(id))
                    } else {
                        // The record could be any of them.
                        state.listing.unknown = [""]
                    }
                }
            }
        }

        private static func document(
            _ line: ArraySlice<UInt8>, number: Int
        ) throws(Damage) -> Listing.Document {
            let place = "line \(number) of the command's output"
            guard let record = try? Record(Array(line)), line.first(where: { $0 > 0x20 }) == 0x7B
            else { throw Damage(place, "\(place) is not a JSON object") }
            let id = record.value("id")?.string.flatMap { $0.isEmpty ? nil : $0 }
            if let error = record.value("error") {
                let message = error["message"]?.string ?? error.description
                throw Damage(place, "\(place): \(message)", id: id)
            }
            guard let id else { throw Damage(place, "\(place) has no 'id' that is a string") }
            return Listing.Document(
                name: id, size: line.count, modified: -1, record: record.bytes)
        }
    }
}

extension Problem: Error {}

/// A line that is not a record to store.
private struct Damage: Error {
    /// The id of the intended record, if the line has it.
    let id: String?
    let problem: Problem

    init(_ place: String, _ message: String, id: String? = nil) {
        self.id = id
        problem = Problem(name: id ?? place, message: message)
    }
}
