import JSON
import Unix

/// A file that keeps a list of things to do.
struct TodoFile: Sendable {
    private let directory: ConfinedDirectory
    private let name: String
    private let path: String

    private static let largest = 1 << 20

    /// - Parameter path: The path of a file, which may be missing, in an existing directory.
    init(_ path: String) throws(ConfinementError) {
        self.path = path
        name = Path.name(of: path)
        directory = try ConfinedDirectory(Path.parent(of: path))
    }

    func read() throws -> [Todo] {
        let bytes: [UInt8]
        do throws(ConfinementError) {
            bytes = try directory.file(name).read(Self.largest)
        } catch .absent {
            return []
        }
        do {
            return try Todo.list(try Value(parsing: bytes))
        } catch {
            throw ToolError("'\(path)' is no list of things to do: \(error)")
        }
    }

    func write(_ todos: [Todo]) throws(ConfinementError) {
        let lines = todos.map { "\($0.json)" }.joined(separator: ",\n")
        try directory.replace(name, with: Array("[\(lines)]\n".utf8), mode: 0o600)
    }
}
