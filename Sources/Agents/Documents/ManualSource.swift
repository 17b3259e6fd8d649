internal import Text

/// A page of a manual without a program that formats it: its words, and its sections.
enum ManualSource {
    static func part(of text: [UInt8]) -> DocumentPart {
        var reader = Reader()
        for line in text.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false) {
            reader.take(String(decoding: line, as: UTF8.self))
        }
        return DocumentPart(
            text: reader.output, structure: reader.builder.structure(of: reader.output.span),
            title: reader.title)
    }

    private struct Reader {
        var output: [UInt8] = []
        var builder = StructureBuilder()
        var title: String?
        private var needsBlock = true
        private var name: String?

        mutating func take(_ line: String) {
            guard let first = line.first, first == "." || first == "'" else {
                let text = ManualSource.plain(line)
                if text.allSatisfy(\.isWhitespace) { endParagraph() } else { append(text) }
                return
            }
            let words = ManualSource.words(line.dropFirst())
            guard let request = words.first else { return }
            let text = ManualSource.plain(words.dropFirst().joined(separator: " "))
            switch request {
            case "SH", "Sh": heading(text, level: 1)
            case "SS", "Ss": heading(text, level: 2)
            case "Nm":
                if !text.isEmpty { name = text }
                if let name { append(name) }
            case "Nd": append("- \(ManualSource.arguments(words))")
            case "TH", "Dt":
                let parts = words.dropFirst().prefix(2).map(ManualSource.plain)
                if parts.count == 2 { title = "\(parts[0].lowercased())(\(parts[1]))" }
            case "It":
                endParagraph()
                append(ManualSource.arguments(words))
            case "PP", "P", "LP", "Pp", "TP", "IP", "sp", "Bd", "Ed":
                endParagraph()
                if !text.isEmpty, request == "IP" { append(text) }
            case let name where name.hasPrefix("\\\"") || Self.silent.contains(name): break
            case let name where ManualSource.callable.contains(name):
                append(ManualSource.arguments([""] + words))
            default: if !text.isEmpty { append(text) }
            }
        }

        /// The requests whose arguments are not text.
        private static let silent: Set<String> = [
            "Dd", "Os", "so", "de", "ds", "nr", "if", "ie", "el", "ad", "hy", "na", "nh", "ne",
            "in",
            "ta", "ti", "RS", "RE", "nf", "fi", "Bl", "El", "br", "ft", "ll", "tr", "TS", "TE",
            "EX",
            "EE", "PD", "UC", "fp", "am", "rr", "rm", "..", ".",
        ]

        private mutating func append(_ text: String) {
            if needsBlock {
                builder.addBlock(at: output.count, depth: 0)
                needsBlock = false
            }
            output += text.utf8
            output.append(UInt8(ascii: "\n"))
        }

        private mutating func endParagraph() {
            if !output.isEmpty, !needsBlock { output.append(UInt8(ascii: "\n")) }
            needsBlock = true
        }

        private mutating func heading(_ text: String, level: Int) {
            guard !text.isEmpty else { return }
            endParagraph()
            builder.addHeading(text, level: level, at: output.count)
            output += "\(text)\n\n".utf8
        }
    }

    /// The requests of mdoc(7) that may be arguments of others.
    private static let callable: Set<String> = [
        "Fl", "Ar", "Op", "Cm", "Pa", "Xr", "Ql", "Sq", "Dq", "Em", "Sy", "Li", "Ev", "Va", "Ns",
        "Nm",
        "Fa", "Fn", "Dv", "Er", "Ic", "Pq", "Qq", "Oo", "Oc", "No", "Ad", "An", "Tn", "Ux",
    ]

    /// Returns the arguments of a request of mdoc(7) as they are read.
    private static func arguments(_ words: [String]) -> String {
        var result: [String] = []
        var isOption = false
        for word in words.dropFirst() {
            if callable.contains(word) {
                isOption = word == "Fl"
            } else {
                result.append((isOption ? "-" : "") + plain(word))
                isOption = false
            }
        }
        return result.joined(separator: " ")
    }

    /// Splits a request into words; those in quotes are one.
    private static func words(_ line: Substring) -> [String] {
        var words: [String] = []
        var word = ""
        var isQuoted = false
        for character in line {
            if character == "\"", isQuoted || word.isEmpty {
                isQuoted.toggle()
            } else if character == " " || character == "\t", !isQuoted {
                if !word.isEmpty { words.append(word) }
                word = ""
            } else {
                word.append(character)
            }
        }
        return word.isEmpty ? words : words + [word]
    }

    /// Removes the escapes of roff, and writes the usual characters for theirs.
    private static func plain(_ text: String) -> String {
        guard text.contains("\\") else { return text }
        var result = ""
        var rest = text[...]
        while let slash = rest.firstIndex(of: "\\") {
            result += rest[..<slash]
            rest = rest[rest.index(after: slash)...]
            guard let kind = rest.popFirst() else { break }
            switch kind {
            case "f", "*", "n":
                if rest.first == "[" {
                    rest = rest.drop { $0 != "]" }.dropFirst()
                } else {
                    rest = rest.dropFirst(rest.first == "(" ? 3 : 1)
                }
            case "s": rest = rest.drop { $0 == "+" || $0 == "-" }.drop { $0.isNumber }
            case "-": result += "-"
            case "e", "\\": result += "\\"
            case "~", " ", "0": result += " "
            case "(":
                let name = String(rest.prefix(2))
                result += signs[name] ?? ""
                rest = rest.dropFirst(2)
            case "[":
                let name = String(rest.prefix { $0 != "]" })
                result += signs[name] ?? ""
                rest = rest.drop { $0 != "]" }.dropFirst()
            case "\"", "#": return result
            case "&", "|", "^", "/", ",", "%", ":", "c", "d", "u", "p", "{", "}": break
            default: result.append(kind)
            }
        }
        return result + rest
    }

    private static let signs = [
        "em": "—", "en": "–", "aq": "'", "dq": "\"", "lq": "“", "rq": "”", "oq": "‘", "cq": "’",
        "bu": "•", "co": "©", "hy": "-", "mi": "−", "mu": "×", "pl": "+", "rs": "\\", "ti": "~",
        "ha": "^", "ga": "`", "lh": "☜", "->": "→", "<-": "←", "sq": "□", "de": "°", "Fo": "«",
        "Fc": "»", ":a": "ä", ":o": "ö", ":u": "ü", "ss": "ß", "'e": "é", "`e": "è", "la": "⟨",
        "ra": "⟩", "bv": "|", "ba": "|", "at": "@", "sh": "#", "Do": "$", "rg": "®", "tm": "™",
    ]
}
