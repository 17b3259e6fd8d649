import Text
import Unix

/// A search through files, and its results.
struct Search {
    private let expression: LineExpression
    private let mostResults, mostOutput: Int
    private let isOver: () -> Bool

    private var lines: [String] = []
    private var size = 0
    private var searched = 0
    private var unreadable = 0
    private var end = End.all

    private enum End { case all, results, output, time }

    /// The size of a read, in bytes.
    private static let block = 256 * 1024

    /// The number of bytes of a line that are shown.
    private static let longestShown = 500

    init(
        _ expression: LineExpression, mostResults: Int, mostOutput: Int,
        isOver: @escaping () -> Bool
    ) {
        self.expression = expression
        self.mostResults = mostResults
        self.mostOutput = mostOutput
        self.isOver = isOver
    }

    /// Searches a file, or all files in a directory that `include` matches.
    mutating func run(
        in directory: ConfinedDirectory, _ path: String, include: IncludeGlob?
    ) throws(ConfinementError) {
        let folder: ConfinedDirectory
        do throws(ConfinementError) { folder = try directory.directory(path) } catch .notDirectory {
            try search(directory.file(path), shownAs: path)
            return
        }
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
        var number = 1
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
            if bytes.isEmpty { bytes = block } else { bytes += block }
            var start = 0
            while end == .all, let part = part(of: bytes.span, from: start, isLast: isLast) {
                look(at: bytes.span.extracting(start..<part.end), path, &number)
                // A part of a line that is too long ends in no newline.
                if part.next > part.end { number += 1 }
                start = part.next
                if end == .all, isOver() { end = .time }
            }
            bytes.removeFirst(start)
        }
    }

    /// Returns the end of lines that are to be searched at once, and the beginning of what follows.
    ///
    /// - Parameter isLast: True where nothing more is to come.
    /// - Returns: Nil if more is to be read before.
    private func part(
        of bytes: Span<UInt8>, from start: Int, isLast: Bool
    ) -> (end: Int, next: Int)? {
        guard start < bytes.count else { return nil }
        let limit = min(bytes.count, start + expression.longestLine)
        var end = limit
        while end > start {
            end -= 1
            if bytes[end] == newline { return (end, end + 1) }
        }
        let isWhole = limit < bytes.count || limit - start == expression.longestLine || isLast
        return isWhole ? (limit, limit) : nil
    }

    /// - Parameter number: The number of the first line, and afterwards of the last.
    private mutating func look(at text: Span<UInt8>, _ path: String, _ number: inout Int) {
        var counted = 0
        while let line = expression.firstLine(in: text, from: counted) {
            number += text.extracting(counted..<line.lowerBound).newlineCount
            add(text.extracting(line), path, number)
            guard end == .all else { return }
            counted = line.upperBound
            while counted < text.count, text[counted] != newline { counted += 1 }
            guard counted < text.count else { return }
            counted += 1
            number += 1
        }
        number += text.extracting(counted...).newlineCount
    }

    private mutating func add(_ line: Span<UInt8>, _ path: String, _ number: Int) {
        let first = line.extracting(first: Self.longestShown)
        var shown = first.indices.map { first[$0] }.textOfWholeCharacters
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

    /// Returns the text for the model.
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
