internal import Text

/// The kind of a document, which decides how it is read and cut.
package enum DocumentKind: Equatable, Sendable {
    case text, code, markdown, html, xml
    case notebook, mail, mailbox, jsonLines, manual
    /// Records of fields that are separated by this byte.
    case table(separator: UInt8)

    /// - Parameters:
    ///   - name: The path or the name of the file.
    ///   - start: The first bytes of the file; they decide if the name has no known ending.
    package init(name: String, start: some Collection<UInt8>) {
        let last = name.utf8.split(separator: UInt8(ascii: "/")).last.map { String($0) ?? "" } ?? ""
        let lowercase = last.lowercased()
        let dot = lowercase.lastIndex(of: ".")
        let ending = dot.map { String(lowercase[lowercase.index(after: $0)...]) } ?? ""
        let start = Array(start.withoutByteOrderMark.prefix(4096))
        if let kind = Self.endings[ending] {
            self = kind
        } else if Self.namesOfCode.contains(lowercase) {
            self = .code
        } else if Self.isManual(ending, start) {
            self = .manual
        } else {
            self = Self.kind(of: start, hasEnding: dot != nil && !ending.isEmpty)
        }
    }

    private static let endings: [String: DocumentKind] = {
        var kinds: [String: DocumentKind] = [
            "csv": .table(separator: UInt8(ascii: ",")), "tsv": .table(separator: 0x09),
            "tab": .table(separator: 0x09), "ipynb": .notebook, "eml": .mail, "mbox": .mailbox,
            "mbx": .mailbox, "jsonl": .jsonLines, "ndjson": .jsonLines,
        ]
        for ending in ["html", "htm", "xhtml", "shtml", "xht"] { kinds[ending] = .html }
        for ending in ["md", "markdown", "mdown", "mkd", "mkdn", "mdx", "qmd", "rmd"] {
            kinds[ending] = .markdown
        }
        for ending in ["xml", "svg", "xsl", "xslt", "xsd", "rss", "atom", "docbook", "dbk"] {
            kinds[ending] = .xml
        }
        for ending in codeEndings.split(separator: " ") { kinds[String(ending)] = .code }
        return kinds
    }()

    private static let codeEndings = """
        adb ads asm awk bash bat bzl c cc cfg clj cljs cmake coffee cpp cs css csh cu cxx d dart \
        el elm erl ex exs f f90 fish fs go gradle graphql groovy h hcl hh hpp hrl hs hxx ini ino \
        java jl js json json5 jsx kt kts less lisp lua m mjs mk ml mli mm nim nix pas php pl pm \
        proto ps1 py pyi pyx r rb rkt rs s sass scala scm scss sh sql swift tcl tf toml ts tsx v \
        vala vb vhd vhdl vim vue yaml yml zig zsh
        """

    private static let namesOfCode: Set<String> = [
        "makefile", "gnumakefile", "dockerfile", "rakefile", "gemfile", "cmakelists.txt",
        "jenkinsfile", "vagrantfile", "justfile",
    ]

    /// True for a page of a manual by its section, such as `ls.1` or `open.3pm`, and its requests.
    private static func isManual(_ ending: String, _ start: [UInt8]) -> Bool {
        guard let digit = ending.utf8.first, (0x31...0x39).contains(digit) || ending == "n",
            ending.utf8.count <= 8
        else { return false }
        return hasRequests(start)
    }

    /// True if the first line that is not empty is a request or a comment of roff.
    private static func hasRequests(_ start: [UInt8]) -> Bool {
        for line in start.split(separator: UInt8(ascii: "\n")).prefix(200) {
            if line.starts(with: Array(#".\""#.utf8)) || line.starts(with: Array(#"'\""#.utf8)) {
                continue
            }
            for name in [".TH ", ".Dd", ".Dt ", ".so ", ".SH ", ".Sh ", ".th "]
            where line.starts(with: Array(name.utf8)) {
                return true
            }
            if line.first != UInt8(ascii: "."), line.first != UInt8(ascii: "'") { return false }
        }
        return false
    }

    private static func kind(of start: [UInt8], hasEnding: Bool) -> DocumentKind {
        let text = start.drop { $0.isASCIIWhitespace }
        let beginning = String(decoding: text.prefix(64), as: UTF8.self).lowercased()
        if beginning.hasPrefix("<!doctype html") || beginning.hasPrefix("<html") { return .html }
        if beginning.hasPrefix("<?xml") { return .xml }
        if start.starts(with: Array("#!".utf8)) { return .code }
        if !hasEnding, start.starts(with: Array("From ".utf8)), isMailbox(start) { return .mailbox }
        return .text
    }

    /// True if a line of a mailbox is followed by a header.
    private static func isMailbox(_ start: [UInt8]) -> Bool {
        let lines = start.split(separator: UInt8(ascii: "\n"), maxSplits: 2)
        guard lines.count >= 2, let colon = lines[1].firstIndex(of: UInt8(ascii: ":")) else {
            return false
        }
        return colon > lines[1].startIndex
            && lines[1][..<colon].allSatisfy { $0 > 0x20 && $0 < 0x7F }
    }
}
