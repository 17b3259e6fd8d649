package import FilterKit
internal import FilterProcesses
internal import Glibc
package import JSON
internal import Unix

/// A stored conversation: a file with a line of JSON for each run.
package struct Session: Sendable {
    package let name: String
    package let path: String

    /// True if the session's file does not exist yet.
    private let isNew: Bool

    /// A single run of the session.
    package struct Entry: Sendable {
        /// The time as in RFC 3339, in UTC.
        package let time: String
        package let agent: String

        /// The messages, the question first.
        package let messages: [Value]

        /// The time of an earlier run whose unwanted answer this run replaces.
        package let replaces: String?

        /// The reason why the run has no answer, as in the event `run.failed`; nil if it has one.
        package let error: Value?

        package init(
            time: String, agent: String, messages: [Value], replaces: String? = nil,
            error: Value? = nil
        ) {
            self.time = time
            self.agent = agent
            self.messages = messages
            self.replaces = replaces
            self.error = error
        }

        package var question: String { UserMessage(value: messages.first).question }

        fileprivate var value: Value {
            var members: Members = ["time": .string(time), "agent": .string(agent)]
            if let replaces { members.append("replaces", .string(replaces)) }
            members.append("messages", .array(messages))
            if let error { members.append("error", error) }
            return .object(members)
        }

        fileprivate init?(_ value: Value) {
            guard let messages = value["messages"]?.array else { return nil }
            self.init(
                time: value["time"]?.string ?? "", agent: value["agent"]?.string ?? "",
                messages: messages, replaces: value["replaces"]?.string, error: value["error"])
        }
    }

    private static let largestFile = 1 << 30
    private static let longestName = 100

    /// - Throws: An error if the name cannot be the name of a file.
    package init(named name: String, environment: [String: String]) throws(Failure) {
        guard Self.isName(name) else {
            throw Failure(
                .usage,
                "'\(name)' is no name for a session: expected letters, digits, '.', '_' and '-'")
        }
        self.init(name: name, path: "\(try Self.folder(environment))/\(name).jsonl")
    }

    /// Returns a session that begins with its first run and is named after the time.
    package static func new(environment: [String: String]) throws(Failure) -> Session {
        let time = String("\(Timestamp.now)".prefix(19)).replacing(":", with: "-")
        return Session(
            name: time, path: "\(try folder(environment))/\(time).jsonl", isNew: true)
    }

    /// Returns all sessions, the most recently used first.
    package static func all(environment: [String: String]) throws(Failure) -> [Session] {
        let folder = try folder(environment)
        var sessions: [(session: Session, modified: Int)] = []
        do throws(SystemError) {
            for file in try Directory.names(in: folder) where file.hasSuffix(".jsonl") {
                let name = String(file.dropLast(".jsonl".count))
                guard isName(name), let modified = try? File("\(folder)/\(file)").modified else {
                    continue
                }
                sessions.append((Session(name: name, path: "\(folder)/\(file)"), modified))
            }
        } catch {
            if error.isAbsence { return [] }
            throw Failure(.ioError, "\(error)")
        }
        return sessions.sorted { $0.modified > $1.modified }.map(\.session)
    }

    private init(name: String, path: String, isNew: Bool = false) {
        self.name = name
        self.path = path
        self.isNew = isNew
    }

    /// Returns the runs so far; none if the file does not exist. A line that was cut short by a
    /// crash is left out.
    ///
    /// A new session has no runs, even if a file of its name has appeared in the meantime: that
    /// file belongs to another run.
    ///
    /// - Throws: An error if the file cannot be read, or other users may have written it.
    package func entries() throws(Failure) -> [Entry] {
        if isNew { return [] }
        let bytes: [UInt8]
        let file: File
        do throws(SystemError) {
            (bytes, file) = try File.readRegular(path, limit: Self.largestFile)
        } catch {
            if error.isAbsence { return [] }
            throw Failure(.ioError, "\(error)")
        }
        if let danger = file.danger {
            throw Failure(.notPermitted, "session '\(name)' is not used: '\(path)' \(danger)")
        }
        var entries: [Entry] = []
        for line in bytes.split(separator: UInt8(ascii: "\n")) {
            guard let entry = (try? Value(parsing: line)).flatMap(Entry.init) else { continue }
            // Another process may have added to the session in the meantime.
            if let place = entries.lastIndex(where: { $0.time == entry.replaces }) {
                entries.remove(at: place)
            }
            entries.append(entry)
        }
        return entries
    }

    /// The names of all sessions, for a shell's completion; empty if they cannot be read.
    package static var names: [String] {
        ((try? all(environment: Environment.current)) ?? []).map(\.name)
    }

    /// Adds a run. Several processes may do that at a time.
    ///
    /// - Parameter replaces: The time of a run to forget.
    /// - Returns: The time of this run, and the session as it is now: a new session gets a
    ///   different name if its own has been taken in the meantime.
    @discardableResult package func append(
        _ outcome: AgentRun.Outcome, agent: String, replaces: String? = nil
    ) throws(Failure) -> (time: String, session: Session) {
        let entry = Entry(
            time: "\(Timestamp.now)", agent: agent, messages: outcome.messages,
            replaces: replaces, error: outcome.failure?.value)
        let line = Array(entry.value.description.utf8)
        var session = self
        var number = 1
        while true {
            do throws(SystemError) {
                try PrivateFile.append(line, to: session.path, isNew: isNew)
                return (entry.time, Session(name: session.name, path: session.path))
            } catch {
                guard isNew, error.code == EEXIST else {
                    throw Failure(.ioError, "the session is not kept: \(error)")
                }
                number += 1
                let name = "\(name)-\(number)"
                session = Session(name: name, path: "\(Path.parent(of: path))/\(name).jsonl")
            }
        }
    }

    /// - Throws: An error if it cannot be deleted, or does not exist.
    package func delete() throws(Failure) {
        do { try File.remove(path) } catch {
            if error.isAbsence { throw Failure(.incomplete, "no session '\(name)'") }
            throw Failure(.ioError, "\(error)")
        }
    }

    private static func folder(_ environment: [String: String]) throws(Failure) -> String {
        guard let state = BaseDirectories(environment: environment).state else {
            throw Failure(.configuration, "cannot find the sessions: HOME is not set")
        }
        return "\(state)/hector/sessions"
    }

    private static func isName(_ name: String) -> Bool {
        !name.isEmpty && name.utf8.count <= longestName && !name.hasPrefix(".")
            && name.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || "._-".contains($0)) }
    }
}
