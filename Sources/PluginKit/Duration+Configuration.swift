extension Duration {
    /// Reads a sum of numbers with units, as in `1h30m`; a bare number is in seconds.
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

    /// Returns a number that is not negative, and small enough for a duration.
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
