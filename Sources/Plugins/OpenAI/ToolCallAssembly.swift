internal import JSON
internal import ModelServers
internal import PluginKit
internal import Text

/// Tool calls that are put together from pieces.
///
/// OpenAI numbers the calls, names each once and sends its arguments bit by bit. Other servers
/// leave out the number, give each call the number 0, leave out ids, repeat or change them with
/// every piece, repeat names or cut them, or send the arguments as objects, with `{}` before them,
/// or all of them once more at the end. So a piece belongs to a call by its number, then by its id,
/// then by its name. Whatever these are, a new name begins a new call, and so does an object after
/// a complete one.
struct ToolCallAssembly: Sendable {
    private struct Call {
        var index: Int?
        var id = ""
        var name = ""
        var arguments = ""
        var scan = ObjectScan()
        var extra: Value?

        /// True for a call that has begun with its arguments alone.
        var isSplit = false

        /// True while more of its arguments are to come.
        var isOpen: Bool {
            if case .inside = scan.state { true } else { false }
        }

        var isComplete: Bool {
            if case .complete = scan.state { true } else { false }
        }

        /// True if its arguments are complete.
        var isFinished: Bool { isComplete && !isPlaceholder }

        /// True if the arguments may be a placeholder for others that follow.
        var isPlaceholder: Bool {
            isComplete && arguments.filter { !$0.isWhitespace } == "{}"
        }
    }

    private let names: ToolNames
    private var calls: [Call] = []

    /// - Parameter names: The names of the tools that the model can call.
    init(_ names: ToolNames) { self.names = names }

    var isEmpty: Bool { calls.isEmpty }

    // MARK: Pieces

    /// Adds a complete call.
    mutating func receive(whole call: Value) {
        calls.append(Call(index: nil, id: call.id, name: call.name))
        add(call, to: calls.count - 1)
    }

    /// - Parameter piece: An element of a delta's `tool_calls`.
    mutating func receive(_ piece: Value) {
        let (index, id, name) = (piece.index, piece.id, piece.name)
        let place: Int
        let known = numbered(piece)
        if let known, !begins(piece, after: calls[known]) {
            place = known
            if calls[place].id.isEmpty { calls[place].id = id }
            join(name, to: place)
        } else {
            // The next call of the same tool need not name it again.
            let inherited = known.map { calls[$0].name } ?? ""
            calls.append(Call(index: index, id: id, name: name.isEmpty ? inherited : name))
            place = calls.count - 1
        }
        add(piece, to: place)
    }

    /// Finds the call by number and id, or the last one if the piece has neither.
    private func numbered(_ piece: Value) -> Int? {
        let (id, name) = (piece.id, piece.name)
        let identified = calls.lastIndex { !id.isEmpty && $0.id == id }
        guard let index = piece.index else {
            if id.isEmpty || identified != nil { return identified ?? calls.indices.last }
            // The id changes with each piece, unless a call could begin here.
            return name.isEmpty && calls.last?.isFinished == false ? calls.indices.last : nil
        }
        guard let same = calls.lastIndex(where: { $0.index == index }) else {
            // The number changes with each piece. No call can begin without a name or an id.
            return name.isEmpty && (id.isEmpty || identified != nil)
                ? identified ?? calls.indices.last : nil
        }
        if id.isEmpty || calls[same].id.isEmpty || calls[same].id == id { return same }
        if let exact = calls.lastIndex(where: { $0.index == index && $0.id == id }) { return exact }
        // The same number with two ids means nothing, unless the id changes with each piece.
        let goesOn = name == calls[same].name && calls[same].isOpen && !piece.beginsObject
        return name.isEmpty || goesOn ? same : nil
    }

    /// Returns true if a piece that seems to belong to a call begins the next one.
    private func begins(_ piece: Value, after call: Call) -> Bool {
        let (id, name) = (piece.id, piece.name)
        if name.isEmpty {
            return !id.isEmpty && id != call.id && !call.id.isEmpty && call.isFinished
                && piece.beginsObject && piece.argumentsText != call.arguments
        }
        if call.name.isEmpty { return false }
        if name != call.name { return !isPart(name, of: call) }
        if call.isFinished, piece.beginsObject {
            // Some servers send all of it again at the end.
            return id.isEmpty || piece.argumentsText != call.arguments
        }
        // Without a number and an id, only the name is left.
        return piece.index == nil && id.isEmpty && call.isComplete && piece.beginsObject
    }

    /// Returns true for a name that comes in parts, or repeats all that has come so far.
    private func isPart(_ name: String, of call: Call) -> Bool {
        call.arguments.isEmpty && !names.isKnown(call.name)
            && (names.isBeginning(call.name + name)
                || name.hasPrefix(call.name) && names.isBeginning(name))
    }

    private mutating func join(_ name: String, to place: Int) {
        let before = calls[place].name
        if name.isEmpty || name == before { return }
        calls[place].name = name.hasPrefix(before) ? name : before + name
    }

    private mutating func add(_ piece: Value, to place: Int) {
        if let extra = piece["extra_content"], extra.object != nil { calls[place].extra = extra }
        switch piece.arguments {
        case .string(let text)?: add(text, to: place)
        case .object(let members)?: add(members, to: place)
        default: break
        }
    }

    /// Adds a piece of the arguments' text.
    private mutating func add(_ text: String, to place: Int) {
        var place = place
        if calls[place].isComplete, text.trimmed == calls[place].arguments { return }
        // This repeats the whole text, as a string within a string.
        if calls[place].isComplete, text.trimmed.hasPrefix("\"") { return }
        var bytes: [UInt8] = []
        func flush() {
            calls[place].arguments += String(decoding: bytes, as: UTF8.self)
            bytes = []
        }
        for byte in text.utf8 {
            if calls[place].scan.isBegun(by: byte) {
                flush()
                if calls[place].isPlaceholder {
                    calls[place].arguments = ""
                    calls[place].scan = ObjectScan()
                } else {
                    var next = Call(index: calls[place].index, name: calls[place].name)
                    next.isSplit = true
                    place += 1
                    calls.insert(next, at: place)
                }
            }
            calls[place].scan.receive(byte)
            bytes.append(byte)
        }
        flush()
    }

    /// Adds arguments that are an object and not a text: more of the same call's if they do not
    /// contradict the others, or else those of the next call.
    private mutating func add(_ members: Members, to place: Int) {
        var place = place
        let before = (try? Value(parsing: Array(calls[place].arguments.utf8)))?.object ?? [:]
        let contradicts = members.contains { key, value in
            guard let old = before[key], old != value else { return false }
            return !(old.string.map { value.string?.hasPrefix($0) == true } ?? false)
        }
        var merged = members
        if contradicts {
            var next = Call(index: calls[place].index, name: calls[place].name)
            next.isSplit = true
            place += 1
            calls.insert(next, at: place)
        } else {
            merged = Members(before.filter { members[$0.key] == nil } + members)
        }
        calls[place].arguments = Value.object(merged).description
        calls[place].scan = ObjectScan()
        for byte in calls[place].arguments.utf8 { calls[place].scan.receive(byte) }
    }

    // MARK: Calls

    /// True if the last call's arguments have begun and not ended.
    var isOpen: Bool { calls.last?.isOpen == true }

    /// Returns the calls in the order of their numbers.
    ///
    /// - Parameter isCut: True if the answer ended before the last of them was complete.
    /// - Throws: ``Malformed`` for a call that cannot be made because it has no name.
    func complete(isCut: Bool) throws -> [(call: ToolCall, extra: Value?)] {
        var ordered = calls
        if calls.allSatisfy({ $0.index != nil }) {
            // The sort is stable, as calls may share a number.
            ordered = calls.enumerated().sorted {
                ($0.element.index ?? 0, $0.offset) < ($1.element.index ?? 0, $1.offset)
            }.map(\.element)
        }
        var result: [(call: ToolCall, extra: Value?)] = []
        for (place, call) in ordered.enumerated() {
            let isCut = isCut && place == ordered.count - 1
            let arguments = toolArguments(call.arguments, isCut: isCut)
            if call.name.isEmpty {
                // The call is empty, or was cut off for lack of room.
                if isCut || arguments == "{}" { continue }
                throw Malformed("a tool call without a name")
            }
            let made = ToolCall(id: call.id, name: names.own(call.name), arguments: arguments)
            // This repeats the arguments, and is not the same call made twice.
            if call.isSplit, let last = result.last?.call, last.name == made.name,
                last.arguments == made.arguments
            {
                continue
            }
            result.append((made, call.extra))
        }
        for (place, call) in result.map(\.call).withUniqueIDs.enumerated() {
            result[place].call = call
        }
        return result
    }
}

extension Value {
    /// The number of a piece of a tool call; nil if it has none.
    fileprivate var index: Int? { self["index"]?.int ?? self["index"]?.string.flatMap { Int($0) } }

    fileprivate var id: String {
        switch self["id"] {
        case .string(let id)?: id
        case .number(let id)?: id
        default: ""
        }
    }

    /// The object with the name and arguments: some servers leave out the `function` around them.
    private var function: Value { self["function"]?.object == nil ? self : self["function"]! }

    fileprivate var name: String { function["name"]?.string ?? "" }
    fileprivate var arguments: Value? { function["arguments"] }

    fileprivate var argumentsText: String {
        arguments.map { $0.string.map { String($0.trimmed) } ?? $0.description } ?? ""
    }

    fileprivate var beginsObject: Bool {
        arguments?.object != nil || argumentsText.hasPrefix("{")
    }
}
