import Text
import Unix

/// A search through files, and what it has found.
struct Search {
    private var expression: Expression
    private let mostResults, mostOutput: Int
    private let isOver: () -> Bool

    private var lines: [String] = []
    private var size = 0
    private var searched = 0
    private var unreadable = 0
    private var end = End.all

    private enum End { case all, results, output, time }

    /// What is read at once, and the longest line that is looked at as a whole, in bytes.
    private static let block = 256 * 1024
    private static let longestLine = 1 << 20

    /// How much of a line is shown, in bytes.
    private static let longestShown = 500

    init(
        _ expression: Expression, mostResults: Int, mostOutput: Int, isOver: @escaping () -> Bool
    ) {
        self.expression = expression
        self.mostResults = mostResults
        self.mostOutput = mostOutput
        self.isOver = isOver
    }

    /// Searches a file, or all files in a directory that `include` matches.
    mutating func run(
        in directory: ConfinedDirectory, _ path: String, include: Glob?
    ) throws(ConfinementError) {
        let folder: ConfinedDirectory
        do throws(ConfinementError) { folder = try directory.directory(path) } catch .notDirectory {
            try search(directory.file(path), shownAs: path)
            return
        }
        var include = include
        var prefix = path.split(separator: "/").filter { $0 != "." }.joined(separator: "/")
        if !prefix.isEmpty { prefix += "/" }
        var walk = Walk(folder) { !($0.kind == .directory && $0.name == ".git") }
        while end == .all, let file = try walk.next() {
            if isOver() { end = .time }
            guard file.kind == .regular, include?.matches(path: file.path) != false else {
                continue
            }
            do throws(ConfinementError) {
                try search(
                    folder.file(file.path, followsLinks: false), shownAs: prefix + file.path)
            } catch {
                unreadable += 1
            }
        }
        unreadable += walk.unreadable
    }

    private mutating func search(
        _ file: consuming ConfinedFile, shownAs path: String
    ) throws(ConfinementError) {
        var bytes: [UInt8] = []
        var number = 0
        var isFirst = true
        var isLast = false
        while end == .all, !isLast {
            let block = try file.read(Self.block)
            isLast = block.count < Self.block
            if isFirst {
                isFirst = false
                if reasonNotText(Array(block.prefix(4096))) != nil { return }
                searched += 1
            }
            bytes += block
            var start = 0
            while end == .all, start < bytes.count {
                let newline = bytes[start...].firstIndex(of: UInt8(ascii: "\n"))
                guard newline != nil || isLast || bytes.count - start >= Self.longestLine else {
                    break
                }
                number += 1
                look(at: bytes, start..<(newline ?? bytes.count), path, number)
                start = newline.map { $0 + 1 } ?? bytes.count
            }
            bytes.removeFirst(start)
            if end == .all, isOver() { end = .time }
        }
    }

    private mutating func look(
        at bytes: [UInt8], _ line: Range<Int>, _ path: String, _ number: Int
    ) {
        var line = line
        if let last = bytes[line].last, last == UInt8(ascii: "\r") {
            line = line.lowerBound..<line.upperBound - 1
        }
        do throws(Expression.Stopped) {
            guard try expression.isFound(in: bytes, line) else { return }
        } catch {
            end = .time
            return
        }
        var shown = bytes[line].prefix(Self.longestShown).textOfWholeCharacters
        if line.count > Self.longestShown { shown += "…" }
        let text = "\(path):\(number):\(shown)"
        guard size + text.utf8.count < mostOutput else {
            end = .output
            return
        }
        lines.append(text)
        size += text.utf8.count + 1
        if lines.count == mostResults { end = .results }
    }

    /// What the model is told.
    func report(timeout: Duration) -> String {
        var report = lines
        if lines.isEmpty { report.append("no matches in \(count(searched, "file"))") }
        let advice = "there may be more: narrow 'path' or 'include'"
        switch end {
        case .all: break
        case .results:
            report.append(
                "[stopped after \(count(lines.count, "line")); \(advice), or raise 'max_results']")
        case .output:
            report.append(
                "[stopped after \(count(lines.count, "line")), which are long; \(advice)]")
        case .time:
            report.append(
                "[stopped after \(seconds(timeout)) seconds and \(count(searched, "file")); \(advice)]"
            )
        }
        if unreadable > 0 {
            report.append(
                "[\(count(unreadable, "file or directory", "files or directories")) could not be read]"
            )
        }
        return report.joined(separator: "\n")
    }
}
