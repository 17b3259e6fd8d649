/// A search for the values of one key that pass a condition.
struct ValueSearch {
    private let key: KeyIndex

    /// The records whose values pass.
    private(set) var found: SlotSet

    /// The records whose values are not in the index in full, and that may pass.
    private(set) var unsure: SlotSet

    typealias Comparison = Filter.Condition.Comparison

    /// - Parameters:
    ///   - found: The set to add to.
    ///   - unsure: The set to add to.
    init(key: KeyIndex, found: SlotSet, unsure: SlotSet) {
        self.key = key
        self.found = found
        self.unsure = unsure
    }

    mutating func find(_ condition: Filter.Condition) throws(StoreError) {
        switch condition {
        case .exists: try key.addSlots(to: &found)
        case .equals(let constant): try findEqual([constant])
        case .isOne(let constants): try findEqual(constants)
        case .hasPrefix(let prefix): try findPrefix(prefix)
        case .compares(let comparison, .string(let string)): try find(comparison, to: string)
        case .compares(let comparison, .number(let number)): try find(comparison, to: number)
        case .compares(_, .null), .compares(_, .bool): break
        }
    }

    /// Adds the slots of the value at which a cursor is.
    private mutating func take(
        _ value: inout ValueCursor, if passes: Bool
    ) throws(StoreError) {
        if passes { try value.addSlots(to: &found) } else { try value.skipSlots() }
    }
}

// Equality.
extension ValueSearch {
    /// In ascending order, so that what is looked for next is near.
    private mutating func findEqual(_ constants: Set<Filter.Constant>) throws(StoreError) {
        var texts: [(text: [UInt8], isString: Bool)] = []
        var numbers: [(double: Double, number: Filter.ExactNumber, text: [UInt8]?)] = []
        for constant in constants {
            switch constant {
            case .null: texts.append((Array("null".utf8), false))
            case .bool(let bool): texts.append((Array((bool ? "true" : "false").utf8), false))
            case .number(let number): numbers.append((number.double, number, nil))
            case .string(let string):
                texts.append((string, true))
                // The text of a number equals this string, too, if it is spelled so.
                if let number = BorrowedBytes.with(string, { Filter.ExactNumber($0) }) {
                    numbers.append((number.double, number, string))
                }
            }
        }
        texts.sort { byteOrder($0.text, $1.text) < 0 }
        numbers.sort { $0.double < $1.double }
        try findEqual(texts)
        try findEqual(numbers)
    }

    private mutating func findEqual(
        _ wanted: [(text: [UInt8], isString: Bool)]
    ) throws(StoreError) {
        guard key.texts.blockCount > 0 else { return }
        var block = 0
        for (text, isString) in wanted {
            let kept = KeptText(text)
            block = try key.texts.lastBlock(from: block) { block throws(StoreError) in
                byteOrder(try key.texts.firstText(ofBlock: block), kept.bytes) < 0
            }
            var next = block
            search: while next < key.texts.blockCount {
                var values = try key.texts.values(inBlock: next)
                while try values.next() {
                    let order = byteOrder(values.text, kept.bytes)
                    if order > 0 { break search }
                    let passes =
                        order == 0 && values.isShortened == kept.isShortened
                        && (isString ? values.kind != .element : values.kind.maySpellJSON)
                    if passes, kept.isShortened {
                        try values.addSlots(to: &unsure)
                    } else {
                        try take(&values, if: passes)
                    }
                }
                next += 1
            }
        }
    }

    /// - Parameter wanted: A text is given where only that spelling of the number is wanted.
    private mutating func findEqual(
        _ wanted: [(double: Double, number: Filter.ExactNumber, text: [UInt8]?)]
    ) throws(StoreError) {
        if wanted.contains(where: { $0.text == nil }) { try key.addLongNumbers(to: &unsure) }
        guard key.numbers.blockCount > 0 else { return }
        var block = 0
        for (double, number, text) in wanted {
            block = try firstBlock(with: double, from: block)
            let integer = text.flatMap(shortInteger)
            var next = block
            while next < key.numbers.blockCount,
                try key.numbers.firstNumber(ofBlock: next) <= double
            {
                var values = try key.numbers.values(inBlock: next)
                while try values.next() {
                    let passes: Bool
                    if let text {
                        passes = values.kind == .plain && values.isSpelled(text, integer)
                    } else {
                        passes = values.number?.order(to: number) == 0
                    }
                    try take(&values, if: passes)
                }
                next += 1
            }
        }
    }

    /// Returns the first block that may have a number.
    private func firstBlock(with number: Double, from first: Int = 0) throws(StoreError) -> Int {
        try key.numbers.lastBlock(from: first) { block throws(StoreError) in
            try key.numbers.firstNumber(ofBlock: block) < number
        }
    }
}

// Order.
extension ValueSearch {
    private mutating func find(
        _ comparison: Comparison, to number: Filter.ExactNumber
    ) throws(StoreError) {
        try key.addLongNumbers(to: &unsure)
        let table = key.numbers
        guard table.blockCount > 0 else { return }
        let double = number.double
        let isAscending = comparison == .greater || comparison == .atLeast
        var block = isAscending ? try firstBlock(with: double) : 0
        while block < table.blockCount {
            let first = try table.firstNumber(ofBlock: block)
            if !isAscending, first > double { return }
            // All numbers of most blocks are on one side of the constant.
            let passesWhole: Bool
            if isAscending {
                passesWhole = first > double
            } else if block + 1 < table.blockCount {
                passesWhole = try table.firstNumber(ofBlock: block + 1) < double
            } else {
                passesWhole = false
            }
            var values = try table.values(inBlock: block)
            while try values.next() {
                let passes =
                    values.kind == .plain
                    && (passesWhole
                        || values.number.map { comparison.isPassed(by: $0.order(to: number)) }
                            ?? false)
                try take(&values, if: passes)
            }
            block += 1
        }
    }

    private mutating func find(
        _ comparison: Comparison, to string: [UInt8]
    ) throws(StoreError) {
        try findNumbers { comparison.isPassed(by: byteOrder($0, string)) }
        let isAscending = comparison == .greater || comparison == .atLeast
        guard string.count > MetadataValue.prefix else {
            let includesEqual = comparison == .atMost || comparison == .greater
            // The least text after a text is the same with a zero.
            let bound = includesEqual ? string + [0] : string
            try findTexts(isAscending ? bound : [], isAscending ? nil : bound)
            return
        }
        let prefix = Array(string[..<MetadataValue.prefix])
        if isAscending {
            if let end = end(ofPrefix: prefix) { try findTexts(end, nil) }
        } else {
            try findTexts([], prefix)
        }
        try findTexts(beginningWith: prefix) {
            comparison.isPassed(by: byteOrder($0, string))
        }
    }

    private mutating func findPrefix(_ prefix: [UInt8]) throws(StoreError) {
        try findNumbers { $0.starts(with: prefix) }
        if prefix.count <= MetadataValue.prefix {
            try findTexts(prefix, end(ofPrefix: prefix))
        } else {
            try findTexts(beginningWith: Array(prefix[..<MetadataValue.prefix])) {
                $0.starts(with: prefix)
            }
        }
    }

    /// Adds the texts from one to another, none of which needs to be compared.
    private mutating func findTexts(_ lower: [UInt8], _ upper: [UInt8]?) throws(StoreError) {
        var values = OrderedTexts(key.texts, from: lower, to: upper)
        while try values.next() {
            try take(&values.cursor, if: !values.cursor.kind.isElement)
        }
    }

    /// Adds texts of which so much is wanted that shortened ones do not show it.
    private mutating func findTexts(
        beginningWith prefix: [UInt8], where passes: ([UInt8]) -> Bool
    ) throws(StoreError) {
        var values = OrderedTexts(
            key.texts, from: prefix, to: end(ofPrefix: prefix), readsTexts: true)
        while try values.next() {
            if values.cursor.isShortened, !values.cursor.kind.isElement {
                try values.cursor.addSlots(to: &unsure)
            } else {
                let passes = !values.cursor.kind.isElement && passes(values.cursor.text)
                try take(&values.cursor, if: passes)
            }
        }
    }

    /// Adds numbers by their texts, which have another order: each is looked at.
    private mutating func findNumbers(where passes: ([UInt8]) -> Bool) throws(StoreError) {
        for block in 0..<key.numbers.blockCount {
            var values = try key.numbers.values(inBlock: block)
            while try values.next() {
                try take(&values, if: values.kind == .plain && passes(values.text))
            }
        }
    }
}
