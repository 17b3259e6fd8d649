internal import Glibc

/// The quality of a ranking, or the mean of several, each number from 0 to 1.
package struct Metrics: Equatable, Sendable {
    /// The normalized discounted cumulative gain, with the grade as the gain.
    package var ndcg = 0.0

    /// The reciprocal rank of the first relevant id, or 0.
    package var mrr = 0.0

    /// The part of the relevant ids that was found.
    package var recall = 0.0

    private init() {}

    /// Measures the first places of a ranking.
    ///
    /// - Parameters:
    ///   - ranking: Different ids, best first.
    ///   - relevant: The grade of each relevant id, greater than 0. Must not be empty.
    ///   - limit: The number of places that count.
    package init(_ ranking: [String], relevant: [String: Double], limit: Int) {
        var gain = 0.0
        var found = 0
        for (place, id) in ranking.prefix(limit).enumerated() {
            guard let grade = relevant[id] else { continue }
            if found == 0 { mrr = 1 / Double(place + 1) }
            found += 1
            gain += grade / log2(Double(place + 2))
        }
        var ideal = 0.0
        for (place, grade) in relevant.values.sorted(by: >).prefix(limit).enumerated() {
            ideal += grade / log2(Double(place + 2))
        }
        ndcg = gain / ideal
        recall = Double(found) / Double(relevant.count)
    }

    /// Makes the mean; all zeros if there are no metrics.
    package init(meanOf metrics: [Metrics]) {
        if metrics.isEmpty { return }
        let count = Double(metrics.count)
        ndcg = metrics.reduce(0) { $0 + $1.ndcg } / count
        mrr = metrics.reduce(0) { $0 + $1.mrr } / count
        recall = metrics.reduce(0) { $0 + $1.recall } / count
    }
}

/// The difference between two ways to rank the same questions.
package struct Difference: Equatable, Sendable {
    /// The mean over the questions.
    package let mean: Double

    /// The standard error of the mean; nil for fewer than two questions.
    package let standardError: Double?

    /// - Parameters:
    ///   - first: A number for each question.
    ///   - second: The numbers for the same questions, in the same order.
    package init(_ first: [Double], minus second: [Double]) {
        let differences = zip(first, second).map { $0 - $1 }
        let count = Double(differences.count)
        let mean = differences.isEmpty ? 0 : differences.reduce(0, +) / count
        self.mean = mean
        guard differences.count > 1 else {
            standardError = nil
            return
        }
        let squares = differences.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
        standardError = (squares / (count - 1) / count).squareRoot()
    }

    /// True if other questions of the same kind could well turn it round: the mean is at most two
    /// standard errors from 0.
    package var isNoise: Bool {
        guard let standardError else { return true }
        return abs(mean) <= 2 * standardError
    }
}
