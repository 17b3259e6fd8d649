// Measures the cost of JSON in a filter: reads a record with 384 floats, takes the floats out and
// writes them back into the record. peer.py does the same with orjson.
//
//     bench-json --write FILE         makes the input that both read
//     bench-json FILE                 prints nanoseconds per record as a line of JSON
//     bench-json --every-float STEP   checks every STEPth float's spelling, 1 for all of them

import Glibc
import JSON

switch CommandLine.arguments.dropFirst().first {
case "--write"? where CommandLine.arguments.count == 3:
    save(sampleLines(), to: CommandLine.arguments[2])
case "--every-float"? where CommandLine.arguments.count == 3:
    checkFloats(step: UInt32(CommandLine.arguments[2]) ?? 1)
case let path?:
    try measure(lines(of: path))
case nil:
    fail("usage: bench-json --write FILE | FILE | --every-float STEP")
}

func fail(_ message: String) -> Never {
    let line = Array("bench-json: \(message)\n".utf8)
    _ = write(STDERR_FILENO, line, line.count)
    exit(1)
}
