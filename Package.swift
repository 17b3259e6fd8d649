// swift-tools-version: 6.2
import PackageDescription

let language: [SwiftSetting] = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
]

// Everything above the C wrappers and JSON is also checked for unsafe code.
let safe = language + [.strictMemorySafety(), .treatWarning("StrictMemorySafety", as: .error)]

let arguments: Target.Dependency = .product(
    name: "ArgumentParser", package: "swift-argument-parser")
let protobuf: Target.Dependency = .product(name: "SwiftProtobuf", package: "swift-protobuf")

/// Makes a target for a C library from Debian: only a module map and a header, without code to
/// compile.
func system(_ name: String, _ package: String) -> Target {
    .systemLibrary(name: "C\(name)", path: "Sources/C/\(name)", providers: [.apt([package])])
}

/// Makes a library of a storey, which is a folder of `Sources`. Storeys depend only on lower ones;
/// `.ci/check-storeys` checks that.
func library(
    _ storey: String, _ name: String, _ dependencies: [Target.Dependency] = [],
    _ settings: [SwiftSetting] = safe
) -> Target {
    .target(
        name: name, dependencies: dependencies, path: "Sources/\(storey)/\(name)",
        swiftSettings: settings)
}

/// Makes the library of a program: its options and one line of work.
func command(_ name: String, _ dependencies: Target.Dependency...) -> Target {
    library("Programs", "\(name)Command", dependencies + [arguments])
}

/// An executable file, which several programs or plugins share: `Sources/Programs/link` makes
/// their names.
func executable(_ name: String, _ dependencies: Target.Dependency...) -> Target {
    .executableTarget(
        name: name, dependencies: dependencies, path: "Sources/Programs/\(name)",
        swiftSettings: safe,
        // The 40,000 addresses that are adjusted at each start take a tenth of the room, and no
        // symbol is exported, which nothing looks up: a start takes 0.5 ms less, a file 1.4 MB.
        linkerSettings: [
            .unsafeFlags([
                "-use-ld=lld", "-Xlinker", "-z", "-Xlinker", "pack-relative-relocs",
                "-Xlinker", "--no-export-dynamic",
            ])
        ])
}

/// A built-in plugin, which speaks only the wire contract, with what it is made of.
///
/// - Parameter names: Of the plugins, which have a manifest each.
func plugin(
    _ module: String, _ names: [String], _ dependencies: [Target.Dependency],
    _ settings: [SwiftSetting] = safe
) -> Target {
    .target(
        name: module, dependencies: dependencies + ["PluginKit"],
        path: "Sources/Plugins/\(module)", exclude: names.map { "\($0).plugin.yaml" },
        swiftSettings: settings)
}

/// Makes a target for tests of a storey.
func tests(
    _ storey: String, _ name: String, _ dependencies: Target.Dependency..., exclude: [String] = []
) -> Target {
    .testTarget(
        name: name, dependencies: dependencies, path: "Tests/\(storey)/\(name)", exclude: exclude,
        swiftSettings: language)
}

/// Makes one side of a comparison; the peer is beside it.
func benchmark(_ name: String, _ dependencies: Target.Dependency..., exclude: String) -> Target {
    .executableTarget(
        name: "bench-\(name)", dependencies: dependencies, path: "Tests/Benchmarks/\(name)",
        exclude: [exclude], swiftSettings: language)
}

let package = Package(
    name: "hector",
    products: [.library(name: "PluginKit", targets: ["PluginKit"])],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", exact: "1.8.2"),
        // Without the default traits it needs only FoundationEssentials, which loads faster.
        .package(url: "https://github.com/apple/swift-protobuf", exact: "1.39.0", traits: []),
    ],
    targets: [
        system("Archive", "libarchive-dev"),
        system("CMark", "libcmark-gfm-extensions-dev"),
        system("Curl", "libcurl4-openssl-dev"),
        system("GRPC", "libgrpc-dev"),
        system("Gumbo", "libgumbo-dev"),
        system("Iconv", "libc6-dev"),
        system("LMDB", "liblmdb-dev"),
        system("OpenSSL", "libssl-dev"),
        system("Readline", "libreadline-dev"),
        // RE2 is C++, so its face in C is compiled.
        .target(
            name: "CRE2", path: "Sources/C/RE2",
            linkerSettings: [.linkedLibrary("re2"), .linkedLibrary("stdc++")]),
        system("Roaring", "libroaring-dev"),
        system("Stemmer", "libstemmer-dev"),
        system("TLS", "libssl-dev"),
        system("Thai", "libthai-dev"),
        system("Uchardet", "libuchardet-dev"),
        system("Unix", "libc6-dev"),
        system("XXHash", "libxxhash-dev"),
        system("YAML", "libyaml-dev"),

        // The only targets that import C. They do not import each other.
        library("System", "Archive", ["CArchive"], language),
        library("System", "CMark", ["CCMark"], language),
        library("System", "GRPC", ["CGRPC", "Waiting"], language),
        library("System", "Gumbo", ["CGumbo"], language),
        library("System", "HTTP", ["CCurl", "Text", "Waiting"], language),
        library("System", "Iconv", ["CIconv"], language),
        library("System", "LMDB", ["CLMDB"], language),
        library(
            "System", "LineEditor", ["CReadline"], language + [.defaultIsolation(MainActor.self)]),
        library("System", "OpenSSL", ["COpenSSL", "Text"], language),
        library("System", "RE2", ["CRE2"], language),
        library("System", "Roaring", ["CRoaring"], language),
        library("System", "Stemmer", ["CStemmer"], language),
        library("System", "TLS", ["CTLS"], language),
        library("System", "Thai", ["CThai"], language),
        library("System", "Uchardet", ["CUchardet"], language),
        library("System", "Unix", ["CUnix", "Text", "Waiting"], language),
        library("System", "Waiting", [], language),
        library("System", "XXHash", ["CXXHash"], language),
        library("System", "YAML", ["CYAML", "Text"], language),

        // Pure code, without processes and plugins.
        library("Formats", "Glob"),
        library("Formats", "JSON", ["Text"], language),
        library("Formats", "JSONSchema", ["JSON", "RE2", "Text"]),
        library("Formats", "Text"),

        // The wire contract, and the settings given over it.
        library("Contract", "ChatModel"),
        library("Contract", "GivenSettings", ["JSON", "Text"]),
        library("Contract", "LogFormat", ["JSON"]),
        library("Contract", "Messages", ["ChatModel", protobuf], language),

        // Finding, starting and calling plugins.
        library(
            "Host", "Catalog",
            ["Configuration", "Keys", "OpenSSL", "PluginLock", "Text", "Trust", "Unix", "YAML"]),
        library("Host", "Configuration", ["GivenSettings", "Text", "Unix", "YAML"]),
        library("Host", "Keys", ["Unix", "Waiting"]),
        library("Host", "PackageFiles", ["JSON", "Text", "Unix"]),
        library(
            "Host", "PluginCheck",
            ["GRPC", "JSON", "JSONSchema", "Messages", "PluginHost", "Unix", protobuf]),
        library(
            "Host", "PluginHost",
            [
                "ChatModel", "GRPC", "GivenSettings", "JSON", "Keys", "LogFormat", "Messages",
                "OpenSSL", "PluginLock", "TLS", "Text", "Unix", "Waiting", protobuf,
            ]),
        library("Host", "PluginLock", ["JSON", "OpenSSL", "Unix"]),
        library(
            "Host", "PluginStore",
            ["Catalog", "PackageFiles", "PluginLock", "Text", "Unix", "YAML"]),
        library(
            "Host", "Registry",
            ["Archive", "HTTP", "JSON", "OpenSSL", "PackageFiles", "Text", "Unix"]),

        library(
            "Host", "Trust", ["Configuration", "JSON", "OpenSSL", "Text", "Unix", "YAML"]),

        // The loop over records, and the work of each filter on one of them.
        library(
            "Filters", "FilterKit",
            ["GivenSettings", "JSON", "Taint", "Text", "Unix", "Waiting", arguments]),
        // What a model has read, and what the user has allowed.
        library("Filters", "Approvals", ["JSON", "OpenSSL", "Unix"]),
        library("Filters", "Taint", ["JSON", "OpenSSL", "Unix"]),
        library("Filters", "VectorCache", ["Configuration", "LMDB", "OpenSSL", "Unix"]),
        library(
            "Filters", "PluginFilterKit",
            [
                "Catalog", "ChatModel", "Configuration", "FilterKit", "GivenSettings", "JSON",
                "Keys", "PluginHost", "Trust", "Unix", "VectorCache", "Waiting", arguments,
            ]),
        library(
            "Filters", "EmbedFilter",
            ["FilterKit", "JSON", "PluginFilterKit", "PluginHost", "Unix", "Waiting"]),
        library(
            "Filters", "GenerateFilter",
            [
                "ChatModel", "Configuration", "FilterKit", "JSON", "JSONSchema", "PluginFilterKit",
                "PluginHost", "Taint", "Unix", "Waiting", "YAML",
            ]),
        library(
            "Filters", "PluginFilter",
            [
                "Catalog", "Configuration", "FilterKit", "JSON", "OpenSSL", "PackageFiles",
                "PluginFilterKit", "PluginHost", "PluginLock", "PluginStore", "Text", "Unix",
                "YAML",
            ]),
        library(
            "Filters", "ReasonFilter",
            ["ChatModel", "FilterKit", "JSON", "PluginFilterKit", "PluginHost", "Unix", "Waiting"]),
        library(
            "Filters", "RerankFilter",
            ["FilterKit", "JSON", "PluginFilterKit", "PluginHost", "Unix", "Waiting"]),
        library(
            "Filters", "SearchFilter",
            [
                "FilterKit", "JSON", "PluginFilterKit", "PluginHost", "Text", "Unix", "Waiting",
                arguments,
            ]),
        library(
            "Filters", "ToolFilter",
            [
                "Approvals", "Catalog", "ChatModel", "Configuration", "FilterKit", "JSON",
                "JSONSchema", "PluginFilterKit", "PluginHost", "Taint", "Text", "Unix", "Waiting",
                arguments,
            ]),

        // The parts that run filters as processes. They do not use gRPC.
        library(
            "Agents", "Stores",
            [
                "Catalog", "Configuration", "FilterKit", "JSON", "LMDB", "OpenSSL", "Text", "Trust",
                "Unix",
            ]),
        library(
            "Agents", "Agent",
            [
                "Catalog", "Configuration", "FilterKit", "FilterProcesses", "JSON", "Stores",
                "Taint", "Text", "Trust", "Unix", "Waiting", arguments,
            ]),
        library("Agents", "Bench", ["FilterKit", "FilterProcesses", "JSON", "Unix"]),
        library("Agents", "Chunking", ["Documents", "JSON", "OpenSSL", "Text", "Thai", "Unix"]),
        library(
            "Agents", "Documents",
            ["CMark", "Gumbo", "Iconv", "JSON", "Text", "Uchardet", "Unix", "YAML"]),
        library("Agents", "FilterProcesses", ["FilterKit", "JSON", "Unix", "Waiting"]),
        library(
            "Agents", "Indexing",
            [
                "Catalog", "Chunking", "Configuration", "Documents", "FilterKit",
                "FilterProcesses", "Glob", "JSON", "LMDB", "OpenSSL", "Stores", "Text", "Unix",
                "VectorCache", "Waiting", "YAML",
            ]),
        library(
            "Agents", "Shell",
            [
                "Agent", "Catalog", "Configuration", "FilterKit", "FilterProcesses", "JSON", "Text",
                "Trust", "Unix",
            ]),

        command(
            "Hector", "Agent", "Approvals", "Catalog", "Configuration", "FilterKit",
            "FilterProcesses", "JSON", "Keys", "Text", "Trust", "Unix"),
        command("Bench", "Bench", "Catalog", "Configuration", "FilterKit", "JSON", "Unix"),
        command("Chunk", "Chunking", "Documents", "FilterKit", "JSON", "Text", "Unix", "Waiting"),
        command(
            "Index", "Agent", "Catalog", "Configuration", "Documents", "FilterKit", "Indexing",
            "JSON", "OpenSSL", "Stores", "Text", "Trust", "Unix", "VectorCache"),
        command(
            "Embed", "Configuration", "EmbedFilter", "FilterKit", "PluginFilterKit", "PluginHost"),
        command(
            "Search", "Catalog", "Configuration", "FilterKit", "PluginFilterKit", "PluginHost",
            "SearchFilter", "Trust", "Unix", "Waiting"),
        command(
            "Generate", "Configuration", "FilterKit", "GenerateFilter", "JSON", "PluginFilterKit",
            "PluginHost", "Unix"),
        command("Tool", "FilterKit", "PluginFilterKit", "PluginHost", "ToolFilter"),
        command(
            "Reason", "Configuration", "FilterKit", "PluginFilterKit", "PluginHost", "ReasonFilter"),
        command(
            "Rerank", "Configuration", "FilterKit", "PluginFilterKit", "PluginHost", "RerankFilter"),
        command(
            "Plugin", "Catalog", "Configuration", "FilterKit", "PluginCheck", "PluginFilter",
            "PluginFilterKit", "PluginHost", "Unix"),

        .target(
            name: "PluginKit",
            dependencies: [
                "ChatModel", "GRPC", "GivenSettings", "JSON", "LogFormat", "Messages", "OpenSSL",
                "Unix",
                "Waiting", protobuf,
            ],
            swiftSettings: safe),

        plugin("Anthropic", ["anthropic-llm"], ["HTTP", "JSON", "ModelServers", "Unix"]),
        plugin("ChainOfThought", ["chain-of-thought"], ["JSON"]),
        plugin("Extraction", ["extractive-llm"], ["JSON", "Text", "TextAnalysis"]),
        plugin("HashEmbedding", ["hash-embedder"], ["TextAnalysis"]),
        plugin("MCP", ["mcp-tools"], ["HTTP", "JSON", "JSONSchema", "Text", "Unix"]),
        library("Plugins", "ModelServers", ["HTTP", "JSON", "PluginKit", "Text"]),
        plugin(
            "OpenAI", ["openai-embedder", "openai-llm", "openai-reranker"],
            ["HTTP", "JSON", "ModelServers", "Text", "Unix"]),
        plugin("SystemTools", ["system-tools"], ["Glob", "JSON", "RE2", "Text", "Unix"]),
        library("Plugins", "TextAnalysis", ["Stemmer"]),
        .target(name: "VectorKernels", path: "Sources/Plugins/VectorKernels"),
        plugin(
            "VectorStore", ["local-vectors"],
            [
                "JSON", "LMDB", "Roaring", "TextAnalysis", "Unix", "VectorKernels", "Waiting",
                "XXHash",
            ]),

        executable(
            "hector", "BenchCommand", "ChunkCommand", "HectorCommand", "IndexCommand", "Unix"),
        executable(
            "hector-filters", "EmbedCommand", "GenerateCommand", "PluginCommand", "ReasonCommand",
            "RerankCommand", "SearchCommand", "ToolCommand", "Unix"),
        executable(
            "hector-plugins", "ChainOfThought", "Extraction", "HashEmbedding", "PluginKit",
            "SystemTools", "VectorStore"),
        // What installs plugins starts it: it alone needs what reads archives.
        executable("hector-fetch", "OpenSSL", "PackageFiles", "Registry", "Unix"),
        executable("hector-http-plugins", "Anthropic", "MCP", "OpenAI", "PluginKit"),
        // Alone, because GNU readline is under the GPL.
        executable("hector-shell", "Agent", "FilterKit", "LineEditor", "Shell", arguments),

        tests("System", "GRPCTests", "GRPC", "TestSupport"),
        tests("System", "HTTPTests", "HTTP", "TestSupport"),
        tests("System", "LMDBTests", "LMDB", "TestSupport"),
        tests("System", "OpenSSLTests", "OpenSSL", "TestSupport"),
        tests("System", "RE2Tests", "RE2"),
        tests("System", "RoaringTests", "Roaring"),
        tests("System", "StemmerTests", "Stemmer"),
        tests("System", "UnixTests", "TestSupport", "Unix", "Waiting"),
        tests("System", "WaitingTests", "Waiting"),
        tests("System", "YAMLTests", "YAML"),
        // The files excluded below are read in place.
        tests(
            "Formats", "JSONSchemaTests", "JSON", "JSONSchema", "TestSupport", exclude: ["suite"]),
        tests("Formats", "JSONTests", "JSON", "TestSupport"),
        tests("Formats", "GlobTests", "Glob"),
        tests("Formats", "TextTests", "Text"),
        tests("Contract", "GivenSettingsTests", "GivenSettings"),
        tests("Contract", "LogFormatTests", "JSON", "LogFormat"),
        tests("Host", "CatalogTests", "Catalog", "Configuration", "TestSupport", "Unix", "YAML"),
        tests("Host", "ConfigurationTests", "Configuration", "TestSupport", "Unix", "YAML"),
        tests("Host", "PackageFilesTests", "PackageFiles"),
        tests("Host", "PluginCheckTests", "PluginCheck"),
        tests("Host", "TrustTests", "Catalog", "Configuration", "TestSupport", "Trust", "Unix"),
        tests(
            "Host", "PluginHostTests", "GRPC", "Messages", "OpenSSL", "PluginHost", "TestSupport",
            "Unix"),
        tests("Host", "PluginLockTests", "PluginLock", "TestSupport"),
        tests(
            "Host", "RegistryTests", "OpenSSL", "PackageFiles", "Registry", "TestSupport", "Text"),
        tests(
            "Filters", "FiltersTests", "Approvals", "GenerateFilter", "JSON", "PluginHost",
            "SearchFilter", "Taint", "ToolFilter", "Unix"),
        tests("Agents", "AgentTests", "Agent", "FilterKit", "FilterProcesses", "JSON"),
        tests("Agents", "BenchTests", "Bench", "FilterKit", "JSON"),
        tests("Agents", "ChunkingTests", "Chunking", "Documents", "Text"),
        tests(
            "Agents", "DocumentsTests", "Chunking", "Documents", "JSON", "OpenSSL", "TestSupport"),
        tests(
            "Agents", "IndexingTests", "Configuration", "Documents", "FilterKit", "Indexing",
            "LMDB", "TestSupport"),
        tests(
            "Agents", "ShellTests", "Agent", "FilterKit", "FilterProcesses", "JSON", "Shell", "Unix"
        ),
        tests(
            "PluginKit", "PluginKitTests", "GRPC", "LogFormat", "Messages", "OpenSSL", "PluginKit",
            "TestSupport", "Unix", "Waiting", protobuf),
        tests("Plugins", "ChainOfThoughtTests", "ChainOfThought"),
        tests("Plugins", "ExtractionTests", "Extraction", "JSON", "PluginKit", "TestSupport"),
        tests("Plugins", "HashEmbeddingTests", "HashEmbedding"),
        tests("Plugins", "TextAnalysisTests", "TextAnalysis"),
        tests("Plugins", "MCPTests", "JSON", "MCP", "TestSupport", "Unix", exclude: ["Cases"]),
        tests(
            "Plugins", "ModelServersTests", "Anthropic", "HTTP", "JSON", "ModelServers", "OpenAI",
            "PluginKit", "TestSupport", exclude: ["streams"]),
        tests(
            "Plugins", "SystemToolsTests", "JSON", "JSONSchema", "SystemTools", "TestSupport",
            "Unix"),
        tests(
            "Plugins", "VectorStoreTests", "LMDB", "Roaring", "TestSupport", "TextAnalysis",
            "VectorKernels", "VectorStore", "Waiting", "vector-writer"),
        tests(
            "Fuzzing", "FuzzTests", "Catalog", "Chunking", "Configuration", "Documents", "GRPC",
            "Glob", "HTTP", "JSON", "JSONSchema", "MCP", "Messages", "OpenAI", "PackageFiles",
            "PluginHost", "PluginLock", "RE2", "Registry", "SystemTools", "Taint", "TestSupport",
            "Unix", "VectorStore", "YAML", protobuf),
        tests("Foreign", "InteropTests", "ChatModel", "GRPC", "PluginHost", "TestSupport"),
        .testTarget(
            name: "CommandTests",
            dependencies: [
                "FilterKit", "catalog-database", "hector", "hector-fetch", "hector-filters",
                "hector-http-plugins", "hector-plugins", "hector-shell", "TestSupport", "Unix",
                arguments,
            ],
            path: "Tests/Commands", swiftSettings: language),
        .target(name: "TestSupport", path: "Tests/TestSupport", swiftSettings: language),
        .executableTarget(
            name: "catalog-database", dependencies: ["PluginKit"],
            path: "Tests/PluginKit/CatalogDatabase", swiftSettings: language),
        .executableTarget(
            name: "vector-writer", dependencies: ["VectorStore"],
            path: "Tests/Plugins/VectorWriter", swiftSettings: language),

        benchmark("json", "JSON", "TestSupport", exclude: "peer.py"),
        benchmark("vectors", "TestSupport", "VectorStore", exclude: "peer.py"),
    ],
    swiftLanguageModes: [.v6]
)
