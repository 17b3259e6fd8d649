internal import Glibc
internal import Synchronization
internal import Text
package import Unix

/// A program that reads documents of a format for the reader, if it is installed.
package struct Extraction: Sendable, Equatable {
    /// The name of the program.
    package let program: String
    private let path: String
    private let arguments: [String]

    /// The kind of text that it prints.
    package let kind: DocumentKind

    /// The format, worded to follow "a".
    private let format: String

    /// The most bytes that a program may print.
    package static let longestText = 64 << 20

    /// Returns the program for a file, if one is needed.
    ///
    /// - Parameters:
    ///   - name: The path or the name of the file.
    ///   - start: The beginning of the file.
    ///   - recognizesText: True to read the text on pictures.
    /// - Returns: Nil for a file that is read as it is.
    /// - Throws: The reason, if the program is not installed.
    package init?(
        _ name: String, start: some Collection<UInt8>, recognizesText: Bool
    ) throws(SkipReason) {
        guard let format = Format.format(of: name, Array(start.prefix(4096))) else { return nil }
        if format.isPicture, !recognizesText { return nil }
        guard let path = Programs.path(of: format.program) else {
            if format.isOptional { return nil }
            throw SkipReason(
                .noExtractor,
                "\(format.name) is read by \(format.program), which is not installed (Debian's "
                    + "package \(format.package))")
        }
        program = format.program
        self.path = path
        arguments = format.arguments
        kind = format.kind
        self.format = format.name
    }

    /// True if a program may read a file, as far as its name tells.
    package static func mayRead(_ name: String, recognizesText: Bool) -> Bool {
        guard let format = Format.format(of: name, nil), !format.isOptional else { return false }
        return !format.isPicture || recognizesText
    }

    /// The programs that are installed, for a fingerprint of what can be read.
    package static var installed: [String] {
        Format.programs.filter { Programs.path(of: $0) != nil }
    }

    /// Runs the program.
    ///
    /// - Parameters:
    ///   - file: The path, absolute or relative to the working directory.
    ///   - directory: The folder to run it in.
    /// - Returns: The text that it prints.
    package func text(
        of file: String, in directory: String, environment: [String], timeout: Duration,
        until interruption: Interruption
    ) throws(SkipReason) -> [UInt8] {
        let execution: Execution
        do {
            execution = try Execution.run(
                path, arguments: [program] + arguments.map { $0 == "{}" ? file : $0 },
                environment: environment, in: try ConfinedDirectory(directory), timeout: timeout,
                mostOutput: 2 * Self.longestText, until: interruption)
        } catch {
            throw SkipReason(.extractorFailed, "cannot run \(program): \(error)")
        }
        if execution.isTimedOut {
            throw SkipReason(.extractorFailed, "\(program) took longer than \(timeout)")
        }
        guard execution.ending == .exited(0) else {
            let words =
                String(decoding: execution.errors.beginning, as: UTF8.self)
                .split(whereSeparator: \.isNewline).last.map { ": \($0.prefix(200))" } ?? ""
            throw SkipReason(.extractorFailed, "\(program) \(execution.ending)\(words)")
        }
        let output = execution.output
        if output.omitted > 0 || output.count > Self.longestText {
            throw SkipReason(.extractorFailed, "\(program) printed more than 64 MiB")
        }
        return output.beginning + output.end
    }
}

/// A format that a program reads.
private struct Format {
    let name, program, package: String
    let arguments: [String]
    let kind: DocumentKind
    /// The bytes with which files of this format begin, any of them.
    let beginnings: [String]
    var isPicture = false
    /// True if the file can be read without the program, too.
    var isOptional = false

    static let programs = ["mandoc", "pandoc", "pdftotext", "tesseract"]

    private static let formats: [String: Format] = {
        var formats: [String: Format] = [
            "pdf": Format(
                name: "PDF", program: "pdftotext", package: "poppler-utils",
                arguments: ["-enc", "UTF-8", "{}", "-"], kind: .text, beginnings: ["%PDF-"])
        ]
        for ending in ["docx", "odt", "epub", "rtf"] {
            formats[ending] = Format(
                name: ending == "rtf" ? "RTF" : ending, program: "pandoc", package: "pandoc",
                arguments: [
                    "--sandbox", "-f", ending, "-t", "html", "-s", "--quiet", "--no-highlight",
                    "{}",
                ], kind: .html, beginnings: ending == "rtf" ? ["{\\rtf"] : ["PK\u{3}\u{4}"])
        }
        for ending in ["png", "jpg", "jpeg", "tif", "tiff", "bmp", "webp", "gif"] {
            formats[ending] = Format(
                name: "a picture", program: "tesseract", package: "tesseract-ocr",
                arguments: ["{}", "-"], kind: .text, beginnings: [], isPicture: true)
        }
        return formats
    }()

    private static let manual = Format(
        name: "a manual page", program: "mandoc", package: "mandoc",
        arguments: ["-T", "html", "-O", "fragment", "{}"], kind: .manual, beginnings: [],
        isOptional: true)

    /// - Parameter start: Nil to go by the name alone.
    static func format(of name: String, _ start: [UInt8]?) -> Format? {
        let last = name.split(separator: "/").last.map { String($0) } ?? ""
        let parts = last.lowercased().split(separator: ".")
        guard parts.count > 1, let ending = parts.last.map(String.init) else { return nil }
        if let format = formats[ending] {
            guard let start, !format.beginnings.isEmpty else { return format }
            // Some PDF files have a line before their mark.
            let isThere = format.beginnings.contains { mark in
                ending == "pdf"
                    ? start.prefix(1024).firstRange(of: Array(mark.utf8)) != nil
                    : start.starts(with: Array(mark.utf8))
            }
            return isThere ? format : nil
        }
        if ending == "gz", parts.count > 2 {
            // Old logs have numbers before `.gz`, too: only the folder of a section has pages.
            let folder = name.split(separator: "/").dropLast().last ?? ""
            let section = parts[parts.count - 2].prefix(1)
            return folder == "man\(section)" ? manual : nil
        }
        guard let start else { return nil }
        return DocumentKind(name: name, start: start) == .manual ? manual : nil
    }
}

/// The programs in `PATH`, each looked for once.
private enum Programs {
    private static let known = Mutex<[String: String?]>([:])

    static func path(of name: String) -> String? {
        known.withLock { known in
            if let path = known[name] { return path }
            let found = Environment.current["PATH", default: "/usr/bin:/bin"].split(separator: ":")
                .map { "\($0)/\(name)" }
                .first { (try? File($0))?.kind == .regular && File.isExecutable($0) }
            known[name] = found
            return found
        }
    }
}
