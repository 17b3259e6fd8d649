import Foundation
import TestSupport

/// Inputs for one parser, which another process feeds to it, as a mistake in a parser ends the
/// process.
struct Batch: Codable, Sendable {
    let target: FuzzTarget
    let seed: UInt64

    /// The number of the first input.
    var first = 0

    /// The time that the whole batch takes.
    let seconds: Double

    /// The folder in which the process leaves the number of its input, and what it writes to standard
    /// error.
    let folder: String

    /// The longest that one input may take, in seconds. The machine may be busy.
    static let longest: UInt32 = 60

    /// The most memory that all inputs may take beyond what the process has, in bytes.
    private static let memory = 2 << 30

    /// Reads the environment: `HECTOR_FUZZ_SECONDS` for each parser, `HECTOR_FUZZ_SEED`, a number or
    /// `random`, and `HECTOR_FUZZ_FIRST`, the number of an input.
    init(_ target: FuzzTarget, in folder: String) {
        self.folder = folder
        let environment = ProcessInfo.processInfo.environment
        self.target = target
        seconds = environment["HECTOR_FUZZ_SECONDS"].flatMap(Double.init) ?? 2
        seed =
            switch environment["HECTOR_FUZZ_SEED"] {
            case "random"?: .random(in: 0 ... .max)
            case let text?: UInt64(text) ?? 1
            case nil: 1
            }
        first = environment["HECTOR_FUZZ_FIRST"].flatMap { Int($0) } ?? 0
    }

    /// Feeds inputs to the parser until the time is over. Keeps each and its number before, so that the
    /// one that ends this process is known.
    func run() async {
        limitMemory()
        let errors = open(folder + "/errors", O_WRONLY | O_CREAT | O_TRUNC, 0o600)
        dup2(errors, STDERR_FILENO)
        let numbers = open(folder + "/number", O_WRONLY | O_CREAT | O_TRUNC, 0o600)
        let inputs = open(folder + "/input", O_WRONLY | O_CREAT | O_TRUNC, 0o600)
        let mutator = target.mutator
        let end = ContinuousClock.now + .seconds(seconds)
        var number = first
        repeat {
            var kept = UInt64(number)
            pwrite(numbers, &kept, MemoryLayout.size(ofValue: kept), 0)
            alarm(Self.longest)
            let input = mutator.input(number, seed: seed)
            ftruncate(inputs, 0)
            _ = input.withUnsafeBytes { pwrite(inputs, $0.baseAddress, $0.count, 0) }
            await target.feed(input)
            number += 1
        } while ContinuousClock.now < end || number < first + mutator.corpus.count
        alarm(0)
    }

    /// The number of the input that was fed last; nil if there was none.
    var last: Int? {
        let data = (try? Data(contentsOf: URL(fileURLWithPath: folder + "/number"))) ?? Data()
        guard data.count == 8 else { return nil }
        return data.reversed().reduce(0) { $0 << 8 | Int($1) }
    }

    private func limitMemory() {
        guard let text = try? String(contentsOfFile: "/proc/self/statm", encoding: .utf8),
            let pages = text.split(separator: " ").first.flatMap({ Int($0) })
        else { return }
        // Threads and LMDB reserve address space that they do not use.
        let most = rlim_t(pages * sysconf(Int32(_SC_PAGESIZE)) + Self.memory + (8 << 30))
        var limits = rlimit(rlim_cur: most, rlim_max: most)
        setrlimit(__rlimit_resource_t(RLIMIT_AS.rawValue), &limits)
        limits = rlimit(rlim_cur: 0, rlim_max: 0)
        setrlimit(__rlimit_resource_t(RLIMIT_CORE.rawValue), &limits)
    }

    /// Returns how the input that ended the process can be made again, and saves it.
    func report() -> String {
        let errors = (try? String(contentsOfFile: folder + "/errors", encoding: .utf8)) ?? ""
        guard let last else { return "\(target) did not begin: \(errors.suffix(2000))" }
        let file = FileManager.default.temporaryDirectory
            .appendingPathComponent("hector-fuzz-\(target)-\(seed)-\(last)")
        try? FileManager.default.copyItem(atPath: folder + "/input", toPath: file.path)
        return """
            \(target) does not stand input \(last) of seed \(seed), which is in \(file.path); \
            HECTOR_FUZZ_SEED=\(seed) HECTOR_FUZZ_FIRST=\(last) begins with it
            \(errors.suffix(3000))
            """
    }
}
