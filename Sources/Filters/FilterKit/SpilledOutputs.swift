internal import Unix

/// The outputs of units that wait for an earlier one, kept in two files: one with their bytes and
/// one with the positions of those, so that none of it is in memory.
final class SpilledOutputs: Sendable {
    private let bytes: SpillFile
    private let index: SpillFile

    /// The place of a unit's output in the file.
    struct Entry: Sendable, Equatable {
        var records: SpillFile.Extent
        var errors: SpillFile.Extent
        var isLast: Bool
    }

    /// The size of four numbers of eight bytes: the start of the records, the lengths of the
    /// records and of the errors behind them, and a number that is 0 for no entry, 2 for the last
    /// output and 1 for others.
    private static let entrySize = 32

    init(in directory: String) throws(SystemError) {
        bytes = try SpillFile(in: directory)
        index = try SpillFile(in: directory)
    }

    /// Writes the bytes of an output, which is not known under its unit's number until `set`.
    func append(_ output: Sequencer.Output) throws(SystemError) -> Entry {
        let both = try bytes.append(output.records + output.errors)
        let count = output.records.count
        return Entry(
            records: .init(offset: both.offset, count: count),
            errors: .init(offset: both.offset + count, count: output.errors.count),
            isLast: output.isLast)
    }

    func set(_ number: Int, _ entry: Entry) throws(SystemError) {
        let numbers = [
            entry.records.offset, entry.records.count, entry.errors.count, entry.isLast ? 2 : 1,
        ]
        let line = numbers.flatMap { number in (0..<8).map { UInt8(number >> ($0 * 8) & 0xff) } }
        try index.write(line, at: number * Self.entrySize)
    }

    /// - Returns: Nil for a unit that has not been set.
    func entry(_ number: Int) throws(SystemError) -> Entry? {
        let line = try index.read(.init(offset: number * Self.entrySize, count: Self.entrySize))
        let numbers = (0..<4).map { place in
            (0..<8).reduce(0) { $0 | Int(line[place * 8 + $1]) << ($1 * 8) }
        }
        if numbers[3] == 0 { return nil }
        return Entry(
            records: .init(offset: numbers[0], count: numbers[1]),
            errors: .init(offset: numbers[0] + numbers[1], count: numbers[2]),
            isLast: numbers[3] == 2)
    }

    /// Reads an output's bytes, once.
    func take(_ entry: Entry) throws(SystemError) -> Sequencer.Output {
        defer {
            bytes.discard(entry.records)
            bytes.discard(entry.errors)
        }
        return Sequencer.Output(
            records: try bytes.read(entry.records), errors: try bytes.read(entry.errors),
            isLast: entry.isLast)
    }
}
