// swift-tools-version: 6.2
import PackageDescription

let language: [SwiftSetting] = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
]

// Everything above the C wrappers is also checked for unsafe code.
let safe = language + [.strictMemorySafety(), .treatWarning("StrictMemorySafety", as: .error)]

let arguments: Target.Dependency = .product(
    name: "ArgumentParser", package: "swift-argument-parser")
/// What the stage of every filter with a plugin is made of.
let stage: [Target.Dependency] = ["FilterKit", "JSON", "PluginFilterKit", "PluginHost"]
let protobuf: Target.Dependency = .product(name: "SwiftProtobuf", package: "swift-protobuf")

/// A C library from Debian: a module map and a header, nothing to compile.
func system(_ name: String, _ package: String) -> Target {
    .systemLibrary(name: "C\(name)", path: "Sources/C/\(name)", providers: [.apt([package])])
}

/// A library of a storey, a folder of `Sources`. Storeys depend downwards only, which
/// `.ci/check-storeys` checks.
func library(
    _ storey: String, _ name: String, _ dependencies: [Target.Dependency] = [],
    _ settings: [SwiftSetting] = safe
) -> Target {
    .target(
        name: name, dependencies: dependencies, path: "Sources/\(storey)/\(name)",
        swiftSettings: settings)
}

/// An executable that is nothing but options and one line of work.
func program(_ name: String, _ dependencies: Target.Dependency...) -> Target {
    .executableTarget(
        name: name, dependencies: dependencies + [arguments], path: "Sources/Programs/\(name)",
        swiftSettings: safe)
}

/// A built-in plugin: an ordinary executable that speaks only the wire contract.
func plugin(_ name: String, _ dependencies: Target.Dependency...) -> Target {
    .executableTarget(
        name: name, dependencies: dependencies + ["PluginKit"], path: "Sources/Plugins/\(name)",
        exclude: ["\(name).plugin.yaml"], swiftSettings: safe)
}

/// Tests of a storey.
func tests(
    _ storey: String, _ name: String, _ dependencies: Target.Dependency..., exclude: [String] = []
) -> Target {
    .testTarget(
        name: name, dependencies: dependencies, path: "Tests/\(storey)/\(name)", exclude: exclude,
        swiftSettings: language)
}

/// One side of a comparison; the peer is beside it.
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
        // Without the default traits it needs FoundationEssentials only, which loads faster.
        .package(url: "https://github.com/apple/swift-protobuf", exact: "1.39.0", traits: []),
    ],
    targets: [
        system("Curl", "libcurl4-openssl-dev"),
        system("GRPC", "libgrpc-dev"),
        system("LMDB", "liblmdb-dev"),
        system("OpenSSL", "libssl-dev"),
        system("Readline", "libreadline-dev"),
        system("TLS", "libssl-dev"),
        system("Unix", "libc6-dev"),
        system("YAML", "libyaml-dev"),

        // The only code that sees C. They do not import each other.
        library("System", "GRPC", ["CGRPC"], language),
        library("System", "HTTP", ["CCurl"], language),
        library("System", "LMDB", ["CLMDB"], language),
        library(
            "System", "LineEditor", ["CReadline"],
            language + [.defaultIsolation(MainActor.self)]),
        library("System", "OpenSSL", ["COpenSSL"], language),
        library("System", "TLS", ["CTLS"], language),
        library("System", "Unix", ["CUnix"], language),
        library("System", "YAML", ["CYAML"], language),

        // Pure: no processes, no plugins.
        library("Formats", "JSON", [], language),
        library("Formats", "JSONSchema", ["JSON"]),
        library("Formats", "Text", [], language),

        // What crosses the wire.
        library("Contract", "GivenSettings", ["JSON"]),
        library("Contract", "ChatModel"),
        library("Contract", "Messages", ["ChatModel", protobuf], language),

        // Finding, starting and calling plugins.
        library("Host", "Catalog", ["Configuration", "OpenSSL", "Text", "Unix", "YAML"]),
        library("Host", "Configuration", ["GivenSettings", "Text", "Unix", "YAML"]),
        library(
            "Host", "PluginCheck",
            ["GRPC", "JSON", "JSONSchema", "Messages", "PluginHost", "Unix", protobuf]),
        library(
            "Host", "PluginHost",
            [
                "ChatModel", "GRPC", "GivenSettings", "JSON", "Messages", "OpenSSL", "TLS", "Unix",
                protobuf,
            ]),

        // The loop over records, and what each filter does with one.
        library("Filters", "FilterKit", ["JSON", "Unix", arguments]),
        library(
            "Filters", "PluginFilterKit",
            [
                "Catalog", "ChatModel", "Configuration", "FilterKit", "JSON", "PluginHost", "Unix",
                arguments,
            ]),
        library("Filters", "EmbedFilter", stage + ["Unix"]),
        library(
            "Filters", "GenerateFilter",
            stage + ["ChatModel", "Configuration", "JSONSchema", "Unix", "YAML", arguments]),
        library(
            "Filters", "PluginFilter", stage + ["Catalog", "Configuration", "Unix", "YAML"]),
        library("Filters", "ReasonFilter", stage + ["ChatModel", "Unix"]),
        library("Filters", "SearchFilter", stage),
        library(
            "Filters", "ToolFilter",
            stage + [
                "Catalog", "ChatModel", "Configuration", "JSONSchema", "Text", "Unix", arguments,
            ]),

        // What is made of processes of filters. Knows no gRPC.
        library(
            "Agents", "Agent",
            [
                "Catalog", "Configuration", "FilterKit", "FilterProcesses", "JSON", "Text",
                "Unix", arguments,
            ]),
        library("Agents", "Chunking", ["JSON", "OpenSSL", "Text"]),
        library("Agents", "FilterProcesses", ["FilterKit", "JSON", "Unix"]),
        library(
            "Agents", "Indexing",
            [
                "Catalog", "Chunking", "Configuration", "FilterKit", "FilterProcesses", "JSON",
                "LMDB", "OpenSSL", "Text", "Unix", "YAML",
            ]),
        library(
            "Agents", "Shell",
            ["Agent", "Configuration", "FilterKit", "FilterProcesses", "JSON", "Text", "Unix"]),

        program(
            "hector", "Agent", "Catalog", "Configuration", "FilterKit", "FilterProcesses", "JSON",
            "Text", "Unix"),
        program("hector-chunk", "Chunking", "FilterKit", "JSON", "Text", "Unix"),
        program(
            "hector-index", "Agent", "Configuration", "FilterKit", "Indexing", "JSON", "Text",
            "Unix"),
        program(
            "hector-shell", "Agent", "Catalog", "Configuration", "FilterKit", "FilterProcesses",
            "JSON", "LineEditor", "Shell", "Text", "Unix"),
        program(
            "hector-embed", "Configuration", "EmbedFilter", "FilterKit", "PluginFilterKit",
            "PluginHost"),
        program(
            "hector-search", "Catalog", "Configuration", "FilterKit", "PluginFilterKit",
            "PluginHost", "SearchFilter"),
        program(
            "hector-generate", "Configuration", "FilterKit", "GenerateFilter", "JSON",
            "PluginFilterKit", "PluginHost", "Unix"),
        program(
            "hector-tool", "FilterKit", "PluginFilterKit", "PluginHost",
            "ToolFilter"),
        program(
            "hector-reason", "Configuration", "FilterKit", "PluginFilterKit", "PluginHost",
            "ReasonFilter"),
        program(
            "hector-plugin", "Catalog", "Configuration", "FilterKit", "PluginCheck",
            "PluginFilter", "PluginFilterKit", "PluginHost", "Unix"),

        .target(
            name: "PluginKit",
            dependencies: [
                "ChatModel", "GRPC", "GivenSettings", "Messages", "OpenSSL", "Unix", protobuf,
            ],
            swiftSettings: safe),

        library("Plugins", "Anthropic", ["HTTP", "JSON", "ModelServers", "PluginKit"]),
        library("Plugins", "ChainOfThought", ["JSON"]),
        library("Plugins", "Extraction", ["HashEmbedding", "JSON", "PluginKit"]),
        library("Plugins", "HashEmbedding"),
        library("Plugins", "MCP", ["HTTP", "JSON", "JSONSchema", "Unix"]),
        library("Plugins", "ModelServers", ["HTTP", "JSON", "PluginKit"]),
        library("Plugins", "OpenAI", ["HTTP", "JSON", "ModelServers", "PluginKit"]),
        library("Plugins", "SystemTools", ["JSON", "Text", "Unix"]),
        .target(name: "VectorKernels", path: "Sources/Plugins/VectorKernels"),
        library("Plugins", "VectorStore", ["JSON", "LMDB", "VectorKernels"]),
        plugin("anthropic-llm", "Anthropic", "Unix"),
        plugin("chain-of-thought", "ChainOfThought"),
        plugin("extractive-llm", "Extraction"),
        plugin("hash-embedder", "HashEmbedding"),
        plugin("local-vectors", "Unix", "VectorStore"),
        plugin("mcp-tools", "MCP"),
        plugin("openai-embedder", "OpenAI", "Unix"),
        plugin("openai-llm", "OpenAI", "Unix"),
        plugin("system-tools", "JSON", "SystemTools"),

        tests("System", "GRPCTests", "GRPC", "TestSupport"),
        tests("System", "HTTPTests", "HTTP", "TestSupport"),
        tests("System", "LMDBTests", "LMDB", "TestSupport"),
        tests("System", "OpenSSLTests", "OpenSSL", "TestSupport"),
        tests("System", "UnixTests", "TestSupport", "Unix"),
        tests("System", "YAMLTests", "YAML"),
        // What is excluded below is read where it is.
        tests(
            "Formats", "JSONSchemaTests", "JSON", "JSONSchema", "TestSupport", exclude: ["suite"]),
        tests("Formats", "JSONTests", "JSON"),
        tests("Formats", "TextTests", "Text"),
        tests("Contract", "GivenSettingsTests", "GivenSettings"),
        tests("Host", "CatalogTests", "Catalog", "Configuration", "TestSupport", "YAML"),
        tests("Host", "ConfigurationTests", "Configuration", "TestSupport", "Unix", "YAML"),
        tests("Host", "PluginCheckTests", "PluginCheck"),
        tests(
            "Host", "PluginHostTests", "GRPC", "Messages", "OpenSSL", "PluginHost", "TestSupport"),
        tests(
            "Filters", "PluginFiltersTests", "EmbedFilter", "FilterKit", "GenerateFilter", "JSON",
            "PluginFilter", "PluginFilterKit", "PluginHost", "ReasonFilter", "SearchFilter",
            "ToolFilter"),
        tests("Agents", "AgentTests", "Agent", "FilterKit", "FilterProcesses", "JSON"),
        tests("Agents", "ChunkingTests", "Chunking", "Text"),
        tests(
            "Agents", "IndexingTests", "Configuration", "FilterKit", "Indexing", "LMDB",
            "TestSupport", "Unix"),
        tests("Agents", "ShellTests", "Agent", "FilterKit", "FilterProcesses", "JSON", "Shell"),
        tests(
            "PluginKit", "PluginKitTests", "GRPC", "Messages", "OpenSSL", "PluginKit",
            "TestSupport", protobuf),
        tests("Plugins", "ChainOfThoughtTests", "ChainOfThought"),
        tests("Plugins", "ExtractionTests", "Extraction", "JSON", "PluginKit", "TestSupport"),
        tests("Plugins", "HashEmbedderTests", "HashEmbedding"),
        tests(
            "Plugins", "LocalVectorsTests", "LMDB", "TestSupport", "VectorKernels", "VectorStore",
            "vector-writer"),
        tests("Plugins", "MCPTests", "JSON", "MCP", "TestSupport", "Unix", exclude: ["Cases"]),
        tests(
            "Plugins", "ModelServersTests", "Anthropic", "HTTP", "JSON", "TestSupport",
            "ModelServers", "OpenAI", "PluginKit", exclude: ["streams"]),
        tests(
            "Plugins", "SystemToolsTests", "JSON", "JSONSchema", "SystemTools", "TestSupport",
            "Unix"),
        tests("Foreign", "InteropTests", "ChatModel", "GRPC", "PluginHost", "TestSupport"),
        .testTarget(
            name: "CommandTests",
            dependencies: [
                "FilterKit", "GenerateFilter", "PluginFilterKit", "ToolFilter",
                "hector", "hector-chunk", "hector-embed",
                "hector-generate", "hector-index", "hector-plugin", "hector-reason",
                "hector-search", "hector-shell", "hector-tool",
                "chain-of-thought", "extractive-llm", "hash-embedder", "local-vectors",
                "mcp-tools", "system-tools",
                "TestSupport", "anthropic-llm", "openai-embedder", "openai-llm",
            ],
            path: "Tests/Commands", swiftSettings: language),
        .target(name: "TestSupport", path: "Tests/TestSupport", swiftSettings: language),
        .executableTarget(
            name: "vector-writer", dependencies: ["VectorStore"],
            path: "Tests/Plugins/VectorWriter", swiftSettings: language),

        benchmark("json", "JSON", exclude: "peer.py"),
        benchmark("relevance", "Chunking", "HashEmbedding", exclude: "run"),
        benchmark("vectors", "VectorStore", exclude: "peer.py"),
    ],
    swiftLanguageModes: [.v6]
)
