import CYAML

/// An event of the parser, copied out of libyaml.
struct Event {
    enum Kind {
        case streamEnd
        case documentStart
        case scalar(String, Scalar.Style)
        case alias(String)
        case sequenceStart
        case mappingStart
        case collectionEnd
        /// The start of the stream or the end of a document, which add nothing.
        case other
    }

    let kind: Kind
    let mark: Mark

    /// The name after `&`.
    let anchor: String?

    /// The resolved tag, such as `tag:yaml.org,2002:str`, or `!`.
    let tag: String?

    init(_ event: yaml_event_t) {
        mark = Mark(event.start_mark)
        switch event.type {
        case YAML_SCALAR_EVENT:
            let scalar = event.data.scalar
            let bytes = UnsafeBufferPointer(start: scalar.value, count: scalar.length)
            let text = String(decoding: bytes, as: UTF8.self)
            kind = .scalar(text, Scalar.Style(scalar.style))
            anchor = string(scalar.anchor)
            tag = string(scalar.tag)
        case YAML_SEQUENCE_START_EVENT:
            kind = .sequenceStart
            anchor = string(event.data.sequence_start.anchor)
            tag = string(event.data.sequence_start.tag)
        case YAML_MAPPING_START_EVENT:
            kind = .mappingStart
            anchor = string(event.data.mapping_start.anchor)
            tag = string(event.data.mapping_start.tag)
        case YAML_ALIAS_EVENT:
            kind = .alias(string(event.data.alias.anchor) ?? "")
            (anchor, tag) = (nil, nil)
        default:
            (anchor, tag) = (nil, nil)
            kind =
                switch event.type {
                case YAML_STREAM_END_EVENT, YAML_NO_EVENT: .streamEnd
                case YAML_DOCUMENT_START_EVENT: .documentStart
                case YAML_SEQUENCE_END_EVENT, YAML_MAPPING_END_EVENT: .collectionEnd
                default: .other
                }
        }
    }
}

private func string(_ text: UnsafeMutablePointer<yaml_char_t>?) -> String? {
    text.map { String(cString: $0) }
}

extension Scalar.Style {
    init(_ style: yaml_scalar_style_t) {
        self =
            switch style {
            case YAML_SINGLE_QUOTED_SCALAR_STYLE: .singleQuoted
            case YAML_DOUBLE_QUOTED_SCALAR_STYLE: .doubleQuoted
            case YAML_LITERAL_SCALAR_STYLE: .literal
            case YAML_FOLDED_SCALAR_STYLE: .folded
            default: .plain
            }
    }
}
