internal import JSON
internal import OpenSSL

/// The last failure of a document. One that would fail again is not tried in each run.
struct KnownFailure: Equatable, Sendable {
    /// The document when it failed: its size, and its time or else its digest.
    var size: Int
    var modified: Int?
    var digest: String

    /// A digest of the settings on which success may depend.
    var settings: String
    var message: String

    /// The code of a plugin's refusal; empty if the document could not even be read.
    var code = ""

    /// True if the document fails until it or the settings change.
    var isForGood: Bool

    /// True if the document and the settings are what they were then.
    func isAbout(_ document: DocumentListing.Document, _ settings: String) -> Bool {
        self.settings == settings && size == document.size && modified == document.modified
            && digest == Self.digest(of: document)
    }

    static func digest(of document: DocumentListing.Document) -> String {
        document.record.map { SHA256.hex(of: $0) } ?? ""
    }
}

extension KnownFailure {
    var json: [UInt8] {
        let value: Value = [
            "size": .number("\(size)"), "modified": modified.map { .number("\($0)") } ?? .null,
            "digest": .string(digest), "settings": .string(settings), "message": .string(message),
            "code": .string(code), "for_good": .bool(isForGood),
        ]
        return Array(value.description.utf8)
    }

    init?(json: [UInt8]) {
        guard let value = try? Value(parsing: json), let size = value["size"]?.int,
            let message = value["message"]?.string
        else { return nil }
        self.init(
            size: size, modified: value["modified"]?.int, digest: value["digest"]?.string ?? "",
            settings: value["settings"]?.string ?? "", message: message,
            code: value["code"]?.string ?? "", isForGood: value["for_good"] == .bool(true))
    }
}

/// The failures of a store's documents, before a run and after it.
final class FailureLedger {
    private let store: Store
    private let state: IndexState
    private let before: [Name: KnownFailure]
    private let settings: String
    private var documents: [DocumentListing.Document]
    private var places: [Name: Int]?
    private var changes: [Name: KnownFailure?] = [:]

    init(_ store: Store, _ state: IndexState, _ listing: DocumentListing) throws {
        self.store = store
        self.state = state
        before = try state.failures()
        settings = store.failureSettings
        documents = listing.documents
    }

    /// Notes a document that could not be read or whose text could not be extracted.
    func note(_ problem: Problem) {
        // What cannot even be opened may be opened later without a change of its content.
        note(problem, isForGood: store.canOpen(problem.name))
    }

    /// Notes a document of which a plugin has refused a record. Unless that is the record's own fault,
    /// it may have been by chance, so a refusal of the same kind has to come twice.
    func note(_ problem: Problem, _ refusal: Refusal) {
        let isRefused = ["plugin_error", "invalid_argument", "unsupported"].contains(refusal.code)
        let isAgain = before[Name(problem.name)]?.code == refusal.code
        note(
            problem, code: refusal.code,
            isForGood: refusal.code == "invalid_argument" || isRefused && isAgain)
    }

    private func note(_ problem: Problem, code: String = "", isForGood: Bool) {
        guard let document = document(problem.name) else { return }
        changes[Name(problem.name)] = .some(
            KnownFailure(
                size: document.size, modified: document.modified,
                digest: KnownFailure.digest(of: document), settings: settings,
                message: problem.message, code: code, isForGood: isForGood))
    }

    /// Notes that a document has not failed.
    func clear(_ name: String) {
        if before[Name(name)] != nil { changes[Name(name)] = .some(nil) }
    }

    /// Writes the changes to the state, and forgets documents that no longer exist.
    func commit() throws {
        if !before.isEmpty {
            for name in before.keys where changes[name] == nil && document(name.text) == nil {
                changes[name] = .some(nil)
            }
        }
        if changes.isEmpty { return }
        try state.commit(failures: changes.map { ($0.key.text, $0.value) })
    }

    private func document(_ name: String) -> DocumentListing.Document? {
        if places == nil {
            places = Dictionary(
                documents.enumerated().map { (Name($0.element.name), $0.offset) },
                uniquingKeysWith: { $1 })
        }
        return places?[Name(name)].map { documents[$0] }
    }
}
