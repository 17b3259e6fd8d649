internal import JSON

/// The task of `hector-fetch`, in its only argument, as JSON.
///
/// It is a program of its own so that the libraries that read archives and speak to servers are not
/// loaded with each filter, and what others wrote is read in a process without anything else.
package struct FetchRequest: Equatable, Sendable {
    package enum Source: Equatable, Sendable {
        /// The path of a tar archive.
        case archive(String)
        /// A reference to a registry.
        case reference(String)
    }

    package let source: Source

    /// The empty folder to unpack into.
    package let folder: String

    /// The public key, in PEM, that has to have signed it.
    package let key: String?

    package let isOffline: Bool

    package init(_ source: Source, into folder: String, key: String?, isOffline: Bool) {
        self.source = source
        self.folder = folder
        self.key = key
        self.isOffline = isOffline
    }

    package init?(_ text: String) {
        guard let value = try? Value(parsing: Array(text.utf8)),
            let folder = value["folder"]?.string
        else { return nil }
        if let path = value["archive"]?.string {
            source = .archive(path)
        } else if let reference = value["reference"]?.string {
            source = .reference(reference)
        } else {
            return nil
        }
        self.folder = folder
        key = value["key"]?.string
        isOffline = value["offline"]?.bool ?? false
    }

    package var text: String {
        var members: Members = ["folder": .string(folder), "offline": .bool(isOffline)]
        switch source {
        case .archive(let path): members.append("archive", .string(path))
        case .reference(let text): members.append("reference", .string(text))
        }
        if let key { members.append("key", .string(key)) }
        return "\(Value.object(members))"
    }
}

/// The result of `hector-fetch`, a line of JSON on its standard output.
package struct FetchResult: Equatable, Sendable {
    /// The digest of the manifest; nil for an archive.
    package var digest: String?

    package var warnings: [String] = []

    /// The reason why there is nothing; nil after a success.
    package var problem: PackageError?

    package init(digest: String? = nil, warnings: [String] = [], problem: PackageError? = nil) {
        self.digest = digest
        self.warnings = warnings
        self.problem = problem
    }

    package init?(_ bytes: [UInt8]) {
        guard let value = try? Value(parsing: bytes) else { return nil }
        digest = value["digest"]?.string
        warnings = (value["warnings"]?.array ?? []).compactMap(\.string)
        guard let text = value["problem"]?.string else { return }
        let meaning = (value["meaning"]?.string).flatMap { PackageError.Meaning(rawValue: $0) }
        problem = PackageError(meaning ?? .unavailable, text)
    }

    package var text: String {
        var members: Members = ["warnings": .array(warnings.map { .string($0) })]
        if let digest { members.append("digest", .string(digest)) }
        if let problem {
            members.append("problem", .string(problem.message))
            members.append("meaning", .string(problem.meaning.rawValue))
        }
        return "\(Value.object(members))"
    }
}
