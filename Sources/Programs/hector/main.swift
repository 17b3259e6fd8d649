import BenchCommand
import ChunkCommand
import HectorCommand
import IndexCommand
import Unix

// The programs that need no gRPC, which a start would take longer to load than it takes itself.
SharedExecutable.run(
    [
        "hector": runHector,
        "hector-bench": runBench,
        "hector-chunk": runChunk,
        "hector-index": runIndex,
    ], otherwise: "hector")
