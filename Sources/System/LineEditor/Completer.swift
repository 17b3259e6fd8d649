import CReadline
import Glibc

extension LineEditor {
    static func installCompleter() {
        hector_readline_break_words_at_blanks()
        hector_readline_set_completer { _, start, end in
            // Only values cross into Swift; readline still owns the line.
            let line = String(
                decoding: UnsafeRawBufferPointer(
                    start: hector_readline_line(), count: Int(end)), as: UTF8.self)
            let matches: [String]? = MainActor.assumeIsolated {
                switch LineEditor.complete(line, Int(start)) {
                case .words(let words):
                    let word = String(decoding: Array(line.utf8)[Int(start)...], as: UTF8.self)
                    return words.filter { $0.hasPrefix(word) }
                case .files: return nil
                }
            }
            let isForShell = line.hasPrefix("!") || line.hasPrefix("|")
            hector_readline_set_quoting(isForShell ? 1 : 0)
            hector_readline_set_suffix(Int32(UInt8(ascii: " ")))
            hector_readline_set_completes_files(matches == nil ? 1 : 0)
            guard let matches, !matches.isEmpty else { return nil }
            return mallocStrings([commonPrefix(of: matches)] + (matches.count > 1 ? matches : []))
        }
    }
}

/// Returns the text with which readline replaces the word.
private nonisolated func commonPrefix(of words: [String]) -> String {
    words.dropFirst().reduce(words[0]) { $0.commonPrefix(with: $1) }
}

extension String {
    fileprivate nonisolated func commonPrefix(with other: String) -> String {
        String(zip(self, other).prefix { $0 == $1 }.map(\.0))
    }
}

/// Returns a NULL-terminated array of strings for C to free.
private nonisolated func mallocStrings(
    _ strings: [String]
) -> UnsafeMutablePointer<UnsafeMutablePointer<CChar>?> {
    typealias CString = UnsafeMutablePointer<CChar>
    let array = calloc(strings.count + 1, MemoryLayout<CString?>.stride)!
        .bindMemory(to: CString?.self, capacity: strings.count + 1)
    for (index, string) in strings.enumerated() { array[index] = strdup(string) }
    return array
}
