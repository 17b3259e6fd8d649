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

    /// The lines of all effects then, or since the last change that was reported.
    package private(set) var effects: [String]

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
        self.effects = effects.map(\.line)
        programs = Self.programs(of: effects, known: [])
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
        let lines = current.map(\.line)
        let files = Self.files(of: current)
        let isSame =
            lines == effects && files.count == programs.count
            && zip(files, programs).allSatisfy { file, program in
                file == program.path && FileVersion(file)?.description ?? "" == program.version
            }
        if isSame { return ([], false) }
        let now = Self.programs(of: current, known: programs)
        var differences = lines.filter { !effects.contains($0) }.map { "now also \($0)" }
        differences += effects.filter { !lines.contains($0) }.map { "no longer \($0)" }
        for program in now {
            guard let former = programs.first(where: { $0.path == program.path }) else { continue }
            if former.checksum != program.checksum {
                differences.append("'\(program.path)' has other contents")
            }
        }
        (effects, programs) = (lines, now)
        return (differences, true)
    }

    private static func files(of effects: [FolderEffect]) -> [String] {
        var seen: Set<String> = []
        return effects.flatMap(\.files).filter { seen.insert($0).inserted }
    }

    /// - Parameter known: The programs of before. One whose file has not changed is not read again.
    private static func programs(of effects: [FolderEffect], known: [Program]) -> [Program] {
        files(of: effects).map { path in
            let version = FileVersion(path)?.description ?? ""
            if let former = known.first(where: { $0.path == path }), former.version == version {
                return former
            }
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
            "effects": .array(effects.map { .string($0) }),
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
        effects = value["effects"]?.array?.compactMap(\.string) ?? []
        programs =
            value["programs"]?.array?.map {
                Program(
                    path: $0["path"]?.string ?? "", version: $0["version"]?.string ?? "",
                    checksum: $0["sha256"]?.string ?? "")
            } ?? []
    }
}
