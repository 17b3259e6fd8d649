internal import JSON
internal import OpenSSL
package import Unix

/// The user's trust in one folder: which folder it was, and what it would have run.
package struct TrustRecord: Sendable {
    /// The folder without links.
    package let path: String

    let identity: FileIdentity

    /// The time when the user agreed.
    package let time: String

    /// All effects then, or since the last change that was reported.
    private var lines: [Line]

    /// An effect, as it is shown and with the digest of what is not.
    private struct Line: Hashable {
        let text, digest: String

        init(_ effect: FolderEffect) { (text, digest) = (effect.line, effect.digest) }

        init(text: String, digest: String) { (self.text, self.digest) = (text, digest) }
    }

    package var effects: [String] { lines.map(\.text) }

    /// The programs behind the effects.
    private(set) var programs: [Program]

    struct Program: Equatable, Sendable {
        let path: String
        let version: String
        let checksum: String
    }

    init(_ path: String, _ identity: FileIdentity, _ effects: [FolderEffect]) {
        self.path = path
        self.identity = identity
        time = "\(Timestamp.now)"
        lines = effects.map(Line.init)
        programs = Self.programs(of: effects, known: [:])
    }

    /// The reason why the trust is over, worded to follow "the folder"; nil if it still holds.
    package var end: String? {
        guard let now = try? FileIdentity(path) else { return "is gone" }
        if now.owner != identity.owner {
            return "belonged to user \(identity.owner) and now belongs to user \(now.owner)"
        }
        return now.isSameFile(as: identity) ? nil : "is another one at the same path"
    }

    // MARK: Changes

    /// Takes over what a folder would do now.
    ///
    /// - Returns: A line for each difference, empty if there is none, and true if the record itself
    ///   has changed.
    mutating func update(_ current: [FolderEffect]) -> (differences: [String], isChanged: Bool) {
        let now = current.map(Line.init)
        let files = Self.files(of: current)
        let isSame =
            now == lines && files.count == programs.count
            && zip(files, programs).allSatisfy { file, program in
                file == program.path && FileVersion(file)?.description ?? "" == program.version
            }
        if isSame { return ([], false) }
        let differences = Self.differences(from: lines, to: now)
        let former = Self.byPath(programs)
        programs = Self.programs(of: current, known: former)
        lines = now
        return (
            differences
                + programs.filter {
                    former[$0.path].map(\.checksum) ?? $0.checksum != $0.checksum
                }.map { "'\($0.path)' has other contents" }, true
        )
    }

    private static func differences(from old: [Line], to now: [Line]) -> [String] {
        let (oldLines, newLines) = (Set(old), Set(now))
        let (oldTexts, newTexts) = (Set(old.map(\.text)), Set(now.map(\.text)))
        return now.filter { !oldLines.contains($0) }.map {
            (oldTexts.contains($0.text) ? "now with another value " : "now also ") + $0.text
        }
            + old.filter { !newLines.contains($0) && !newTexts.contains($0.text) }
            .map { "no longer \($0.text)" }
    }

    private static func byPath(_ programs: [Program]) -> [String: Program] {
        Dictionary(programs.map { ($0.path, $0) }) { first, _ in first }
    }

    private static func files(of effects: [FolderEffect]) -> [String] {
        var seen: Set<String> = []
        return effects.flatMap(\.files).filter { seen.insert($0).inserted }
    }

    /// - Parameter known: The programs of before. One whose file has not changed is not read again.
    private static func programs(
        of effects: [FolderEffect], known: [String: Program]
    ) -> [Program] {
        files(of: effects).map { path in
            let version = FileVersion(path)?.description ?? ""
            if let former = known[path], former.version == version { return former }
            let checksum = version.isEmpty ? "" : (try? SHA256.hex(ofFile: path)) ?? ""
            return Program(path: path, version: version, checksum: checksum)
        }
    }

    // MARK: JSON

    var json: [UInt8] {
        let value: Value = [
            "path": .string(path), "owner": .number("\(identity.owner)"),
            "inode": .string("\(identity.inode)"), "device": .string("\(identity.device)"),
            "birth": .string("\(identity.birth)"), "time": .string(time),
            "effects": .array(lines.map { .string($0.text) }),
            "digests": .array(lines.map { .string($0.digest) }),
            "programs": .array(
                programs.map {
                    [
                        "path": .string($0.path), "version": .string($0.version),
                        "sha256": .string($0.checksum),
                    ]
                }),
        ]
        return Array("\(value)\n".utf8)
    }

    /// Nil for anything other than a record.
    init?(json: [UInt8]) {
        guard let value = try? Value(parsing: json), let path = value["path"]?.string,
            let owner = value["owner"]?.int, let time = value["time"]?.string,
            let inode = value["inode"]?.string.flatMap({ UInt64($0) }),
            let device = value["device"]?.string.flatMap({ UInt64($0) }),
            let birth = value["birth"]?.string.flatMap({ Int($0) })
        else { return nil }
        self.path = path
        self.time = time
        identity = FileIdentity(
            owner: UInt32(clamping: owner), inode: inode, device: device, birth: birth)
        let texts = value["effects"]?.array?.compactMap(\.string) ?? []
        let digests = value["digests"]?.array?.compactMap(\.string) ?? []
        lines = texts.enumerated().map { place, text in
            Line(text: text, digest: place < digests.count ? digests[place] : "")
        }
        programs =
            value["programs"]?.array?.map {
                Program(
                    path: $0["path"]?.string ?? "", version: $0["version"]?.string ?? "",
                    checksum: $0["sha256"]?.string ?? "")
            } ?? []
    }
}
