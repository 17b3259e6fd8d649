import ArgumentParser
import Bench

/// Modes with commas between them.
struct ModeList: ExpressibleByArgument {
    let modes: [BenchRun.Mode]

    init?(argument: String) {
        let modes = items(argument).map { BenchRun.Mode(rawValue: $0) }
        guard !modes.isEmpty, !modes.contains(nil) else { return nil }
        self.modes = modes.compactMap(\.self)
    }
}

/// Weights from 0 to 1 with commas between them.
struct WeightList: ExpressibleByArgument {
    let weights: [Double]

    init?(argument: String) {
        let weights = items(argument).map { Double($0) }
        guard !weights.isEmpty, weights.allSatisfy({ $0.map((0...1).contains) ?? false }) else {
            return nil
        }
        self.weights = weights.compactMap(\.self)
    }
}

private func items(_ list: String) -> [String] {
    list.split(separator: ",", omittingEmptySubsequences: false).map {
        String($0.drop(while: \.isWhitespace).reversed().drop(while: \.isWhitespace).reversed())
    }
}
