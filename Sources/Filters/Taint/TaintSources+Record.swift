package import JSON

/// Collects the sources of what a model reads from the parts of a record.
extension TaintSources {
    /// Adds what all parts of a record name, except for its messages.
    package mutating func add(partsOf record: Record, key: TaintKey?) {
        if let own = record.value(TaintMark.sourcesKey) { addClaims(own) }
        if let results = record.value("results") { add(results: results) }
        if let tools = record.value("tools") ?? record.value("body")?["tools"] {
            add(definitions: tools, key: key)
        }
    }

    /// Adds the document that a record's text is from, as hector-chunk and the like name it.
    package mutating func add(documentOf record: Record) {
        guard let metadata = record.value("metadata") else { return }
        for key in ["path", "url", "uri", "source"] {
            if let name = metadata[key]?.string, !name.isEmpty { return add(Self.document(name)) }
        }
    }

    /// Adds passages that a search has found.
    package mutating func add(results: Value) {
        for (index, passage) in (results.array ?? []).enumerated() {
            switch passage["id"] {
            case .string(let id)?: add(Self.passage(id))
            case .number(let spelling)?: add(Self.passage(spelling))
            default: add(Self.passage("\(index + 1)"))
            }
        }
    }

    /// Adds the sources of messages. One by an assistant or a tool that is not marked, or was
    /// changed, counts as a source itself.
    package mutating func add(messages: [Value], key: TaintKey?) {
        for message in messages {
            switch message["role"]?.string {
            case "assistant":
                if message.isNoteOfFailure { continue }
                if let names = TaintMark.sources(of: message, key: key) {
                    for name in names { add(name) }
                } else {
                    addClaims(message[TaintMark.sourcesKey])
                    add(Self.unmarkedAnswer)
                }
            case "tool":
                if let names = TaintMark.sources(of: message, key: key) {
                    for name in names { add(name) }
                } else {
                    addClaims(message[TaintMark.sourcesKey])
                    add(Self.tool(message["name"]?.string ?? "without a name"))
                }
            case "user"?, "system"?, "developer"?:
                // These are the user's words, except for those that the user says are of others.
                addClaims(message[TaintMark.sourcesKey])
                for part in message["content"]?.array ?? [] { add(part: part) }
            case let role:
                addClaims(message[TaintMark.sourcesKey])
                add(role.map { "a message of role \($0)" } ?? "a message without a role")
            }
        }
    }

    /// Adds what messages say about themselves, signed or not, for a program that passes it on beside
    /// them: a tool's message that does not say anything counts as a source.
    package mutating func add(claimsOf messages: [Value]) {
        for message in messages {
            addClaims(message[TaintMark.sourcesKey])
            if message["role"]?.string == "tool", TaintMark.claimed(message) == nil {
                add(Self.tool(message["name"]?.string ?? "without a name"))
            }
        }
    }

    /// Adds the descriptions of tools that is not trusted: those that hector-tool has not
    /// marked, and those that it says are a server's.
    package mutating func add(definitions: Value, key: TaintKey?) {
        for definition in (definitions["tools"] ?? definitions).array ?? [] {
            if let names = TaintMark.sources(ofDefinition: definition, key: key) {
                for name in names { add(name) }
            } else {
                let name = (definition["function"] ?? definition)["name"]?.string
                add(Self.description(ofTool: name ?? "a tool without a name"))
            }
        }
    }

    private mutating func addClaims(_ value: Value?) {
        for name in value?.array ?? [] {
            if let name = name.string { add(name) }
        }
    }

    /// Adds a part of a message that is not text: an image, a sound, a file, a resource.
    private mutating func add(part: Value) {
        let type = part["type"]?.string ?? "text"
        if ["text", "input_text", "output_text"].contains(type) { return }
        let uri = part["uri"]?.string ?? part["resource"]?["uri"]?.string
        add(uri.map { "\(type) \($0)" } ?? type)
    }
}

extension Value {
    /// True for the note that a run of an agent ended without an answer, which no model wrote.
    fileprivate var isNoteOfFailure: Bool {
        self["content"]?.string == TaintSources.failureNote
            && (self["tool_calls"]?.array ?? []).isEmpty
    }
}

extension TaintSources {
    /// The text in place of an answer that a run does not have.
    package static let failureNote = "[failed: the run ended here without an answer]"
}

extension Record {
    /// Makes a record say what its parts are from, also for a program that leaves some of them out.
    package mutating func set(_ sources: TaintSources) {
        set(TaintMark.sourcesKey) { $0.appendJSON(value: sources.value) }
    }
}

extension TaintSources {
    /// The names as a list.
    package var value: Value { .array(names.map { .string($0) }) }
}
