import CYAML

/// A parser that turns YAML text into events.
struct Parser: ~Copyable {
    // libyaml stores the parser's own address inside the parser, and reads
    // from the text until the parser is deleted: neither may move.
    private let raw: UnsafeMutablePointer<yaml_parser_t>
    private let text: UnsafeMutableBufferPointer<UInt8>

    private let source: Source

    init(_ source: Source) {
        self.source = source
        text = .allocate(capacity: source.bytes.count)
        _ = text.initialize(from: source.bytes)
        raw = .allocate(capacity: 1)
        // This fails only if memory is exhausted, and then the first event fails too.
        yaml_parser_initialize(raw)
        yaml_parser_set_encoding(raw, YAML_UTF8_ENCODING)
        yaml_parser_set_input_string(raw, text.baseAddress, text.count)
    }

    deinit {
        yaml_parser_delete(raw)
        raw.deallocate()
        text.deallocate()
    }

    /// Returns the next event.
    mutating func next() throws(YAMLError) -> Event {
        var event = yaml_event_t()
        guard yaml_parser_parse(raw, &event) == 1 else { throw failure() }
        defer { yaml_event_delete(&event) }
        return Event(event)
    }

    /// - Precondition: The parser has just failed.
    private func failure() -> YAMLError {
        let parser = raw.pointee
        guard let problem = parser.problem.map({ String(cString: $0) }) else {
            return source.error("out of memory", at: Mark(line: 1, column: 1))
        }
        if parser.error == YAML_READER_ERROR {
            // Only these errors have an offset, and they do not have a mark.
            return source.error(problem, atByte: parser.problem_offset)
        }
        let mark = Mark(parser.problem_mark)
        if source.isTab(at: mark), parser.error == YAML_SCANNER_ERROR {
            return source.error("found a tab, expected spaces to indent with", at: mark)
        }
        let context = parser.context.map {
            " \(String(cString: $0)) that begins on line \(parser.context_mark.line + 1)"
        }
        if problem.hasPrefix("did not find expected ','"), source.isVariable(at: mark) {
            return source.error("quote a text with '${' between braces or brackets", at: mark)
        }
        let isElsewhere = parser.context_mark.line != parser.problem_mark.line
        return source.error(problem + (isElsewhere ? context ?? "" : ""), at: mark)
    }
}

extension Mark {
    /// Converts a mark of libyaml, which counts from 0.
    init(_ mark: yaml_mark_t) { self.init(line: mark.line + 1, column: mark.column + 1) }
}
