extension Duration {
    /// Reads numbers with units, added up, as in `1h30m`; a bare number is in seconds.
    init?(configured text: String) {
        if let seconds = Self.number(text[...]) {
            self = .seconds(seconds)
            return
        }
        var sum = Duration.zero
        var rest = text[...]
        repeat {
            let number = rest.prefix { $0.isNumber || $0 == "." }
            let unit = rest.dropFirst(number.count).prefix { $0.isLetter }
            guard let number = Self.number(number), let seconds = Self.seconds(in: unit) else {
                return nil
            }
            sum += .seconds(number * seconds)
            rest = rest[unit.endIndex...]
        } while !rest.isEmpty
        self = sum
    }

    /// What is not negative, and short enough to be a duration at all.
    private static func number(_ text: Substring) -> Double? {
        guard text.allSatisfy({ $0.isASCII && ($0.isNumber || $0 == ".") }),
            let number = Double(text), number < 1e9
        else { return nil }
        return number
    }

    private static func seconds(in unit: Substring) -> Double? {
        switch unit {
        case "ms": 0.001
        case "s": 1
        case "m": 60
        case "h": 3600
        case "d": 86400
        default: nil
        }
    }
}
