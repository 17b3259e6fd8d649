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
let protobuf: Target.Dependency = .product(name: "SwiftProtobuf", package: "swift-protobuf")

/// A C library from Debian: a module map and a header, nothing to compile.
func system(_ name: String, _ package: String) -> Target {
    .systemLibrary(name: name, providers: [.apt([package])])
}

/// An executable that is nothing but options and one line of work.
func command(_ name: String, _ dependencies: Target.Dependency...) -> Target {
    .executableTarget(name: name, dependencies: dependencies + [arguments], swiftSettings: safe)
}

/// A built-in plugin: an ordinary executable that speaks only the wire contract.
func plugin(_ name: String, _ dependencies: Target.Dependency...) -> Target {
    .executableTarget(
        name: name, dependencies: dependencies + ["PluginKit"], path: "Sources/Plugins/\(name)",
        exclude: ["\(name).plugin.yaml"], swiftSettings: safe)
}

func tests(_ name: String, _ dependencies: Target.Dependency...) -> Target {
    .testTarget(name: name, dependencies: dependencies, swiftSettings: language)
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
        system("CCurl", "libcurl4-openssl-dev"),
        system("CGRPC", "libgrpc-dev"),
        system("CLMDB", "liblmdb-dev"),
        system("CReadline", "libreadline-dev"),
        system("CSSL", "libssl-dev"),
        system("CTLS", "libssl-dev"),
        system("CUnix", "libc6-dev"),
        system("CYAML", "libyaml-dev"),

        // Pure text, which imports nothing and may be imported by all.
        .target(name: "Text", path: "Sources/Formats/Text", swiftSettings: safe),

        // Wrappers: the only code that sees C. They do not import each other.
        .target(name: "GRPC", dependencies: ["CGRPC"], swiftSettings: language),
        .target(name: "Certificates", dependencies: ["CSSL", "Text"], swiftSettings: language),
        .target(name: "HTTP", dependencies: ["CCurl", "Text"], swiftSettings: language),
        .target(name: "JSON", dependencies: ["Text"], swiftSettings: language),
        .target(
            name: "LineEditor", dependencies: ["CReadline"],
            swiftSettings: language + [.defaultIsolation(MainActor.self)]),
        .target(name: "LMDB", dependencies: ["CLMDB"], swiftSettings: language),
        .target(name: "TLS", dependencies: ["CTLS"], swiftSettings: language),
        .target(name: "Unix", dependencies: ["CUnix", "Text"], swiftSettings: language),
        .target(name: "YAML", dependencies: ["CYAML", "Text"], swiftSettings: language),

        .target(name: "JSONSchema", dependencies: ["JSON", "Text"], swiftSettings: safe),
        .target(
            name: "LogFormat", dependencies: ["JSON"], path: "Sources/Contract/LogFormat",
            swiftSettings: safe),
        .target(name: "Messages", dependencies: [protobuf], swiftSettings: language),
        .target(name: "GivenSettings", dependencies: ["JSON"], swiftSettings: safe),
        .target(
            name: "Settings", dependencies: ["GivenSettings", "Unix", "YAML"], swiftSettings: safe),
        .target(
            name: "Catalog", dependencies: ["Certificates", "Settings", "Unix", "YAML"],
            swiftSettings: safe),
        .target(
            name: "Plugin",
            dependencies: [
                "Certificates", "GivenSettings", "GRPC", "JSON", "LogFormat", "Messages", "Text",
                "TLS", "Unix", protobuf,
            ],
            swiftSettings: safe),
        .target(
            name: "PluginCheck",
            dependencies: ["GRPC", "JSON", "JSONSchema", "Messages", "Plugin", "Unix", protobuf],
            swiftSettings: safe),
        .target(
            name: "PluginKit",
            dependencies: [
                "Certificates", "GivenSettings", "GRPC", "JSON", "LogFormat", "Messages", "Unix",
                protobuf,
            ],
            swiftSettings: safe),
        .target(
            name: "Command", dependencies: ["JSON", "Text", "Unix", arguments], swiftSettings: safe),
        .target(
            name: "PluginCommand",
            dependencies: [
                "Catalog", "Command", "GRPC", "JSON", "JSONSchema", "Plugin", "Settings", "Text",
                "Unix", "YAML", arguments,
            ],
            swiftSettings: safe),

        .target(
            name: "Agent",
            dependencies: ["Catalog", "Command", "JSON", "Settings", "Unix", arguments],
            swiftSettings: safe),
        .target(
            name: "Chunking", dependencies: ["Certificates", "JSON", "Text"], swiftSettings: safe),
        .target(
            name: "Indexing",
            dependencies: [
                "Agent", "Catalog", "Certificates", "Chunking", "Command", "JSON", "LMDB",
                "Settings", "Text", "Unix", "YAML",
            ],
            swiftSettings: safe),
        .target(
            name: "Shell",
            dependencies: ["Agent", "Catalog", "Command", "JSON", "Settings", "Text", "Unix"],
            swiftSettings: safe),
        command("hector", "Agent", "Catalog", "Command", "JSON", "Settings", "Text", "Unix"),
        command("hector-chunk", "Chunking", "Command", "JSON", "Unix"),
        command("hector-index", "Agent", "Command", "Indexing", "JSON", "Settings", "Text", "Unix"),
        command("hector-shell", "Agent", "Command", "LineEditor", "Shell", "Unix"),
        command("hector-embed", "Command", "Plugin", "PluginCommand", "Settings"),
        command("hector-search", "Catalog", "Command", "Plugin", "PluginCommand", "Settings"),

        command(
            "hector-generate", "Command", "JSON", "Plugin", "PluginCommand", "Settings", "Unix"),
        command("hector-tool", "Command", "Plugin", "PluginCommand", "Settings"),
        command("hector-reason", "Command", "Plugin", "PluginCommand", "Settings"),
        command(
            "hector-plugin", "Catalog", "Command", "GRPC", "Plugin", "PluginCheck", "PluginCommand",
            "Settings", "Unix"),

        .target(name: "HashEmbedding", swiftSettings: safe),
        plugin("hash-embedder", "HashEmbedding"),
        .target(name: "CKernels"),
        .target(
            name: "VectorStore", dependencies: ["CKernels", "JSON", "LMDB"], swiftSettings: language
        ),
        plugin("local-vectors", "Unix", "VectorStore"),
        .target(
            name: "Extraction", dependencies: ["HashEmbedding", "JSON", "Text"], swiftSettings: safe
        ),
        plugin("extractive-llm", "Extraction"),
        .target(
            name: "MCP", dependencies: ["HTTP", "JSON", "JSONSchema", "Text", "Unix"],
            swiftSettings: safe),
        plugin("mcp-tools", "MCP"),
        .target(
            name: "SystemTools", dependencies: ["Chunking", "JSON", "Settings", "Text", "Unix"],
            swiftSettings: safe),
        plugin("system-tools", "JSON", "SystemTools", "Text"),
        .target(
            name: "ModelServers", dependencies: ["HTTP", "JSON", "PluginKit", "Text"],
            swiftSettings: safe),
        .target(
            name: "OpenAI", dependencies: ["HTTP", "JSON", "ModelServers", "PluginKit", "Text"],
            swiftSettings: safe),
        plugin("openai-llm", "OpenAI", "Unix"),
        plugin("openai-embedder", "OpenAI", "Unix"),
        .target(
            name: "Anthropic", dependencies: ["HTTP", "JSON", "ModelServers", "PluginKit"],
            swiftSettings: safe),
        plugin("anthropic-llm", "Anthropic", "Unix"),
        .target(name: "ChainOfThought", dependencies: ["JSON"], swiftSettings: safe),
        plugin("chain-of-thought", "ChainOfThought"),

        tests("AgentTests", "Agent", "Command", "JSON"),
        tests("CatalogTests", "Catalog", "Settings", "YAML"),
        tests("CertificatesTests", "Certificates"),
        tests("ChainOfThoughtTests", "ChainOfThought"),
        tests("ChunkingTests", "Chunking"),
        tests(
            "CommandTests", "Command", "PluginCommand", "hector", "hector-chunk", "hector-embed",
            "hector-generate", "hector-index", "hector-plugin", "hector-reason", "hector-search",
            "hector-shell", "hector-tool",
            "chain-of-thought", "extractive-llm", "hash-embedder", "local-vectors", "mcp-tools",
            "system-tools",
            "Loopback", "anthropic-llm", "openai-embedder", "openai-llm", arguments),
        tests("ExtractionTests", "Extraction", "JSON", "ThreadTime"),
        tests("GivenSettingsTests", "GivenSettings"),
        tests("GRPCTests", "GRPC"),
        tests("HashEmbedderTests", "HashEmbedding"),
        tests("HTTPTests", "HTTP", "Loopback"),
        tests("IndexingTests", "Indexing", "Settings", "Unix"),
        tests("InteropTests", "GRPC", "Plugin"),
        .testTarget(
            name: "JSONSchemaTests", dependencies: ["JSON", "JSONSchema", "ThreadTime"],
            // Read where it is.
            exclude: ["suite"], swiftSettings: language),
        tests("JSONTests", "JSON"),
        tests("LMDBTests", "LMDB"),
        tests("LogFormatTests", "JSON", "LogFormat"),
        tests("LocalVectorsTests", "CKernels", "LMDB", "VectorStore", "vector-writer"),
        .testTarget(
            name: "MCPTests", dependencies: ["JSON", "MCP", "Unix"], exclude: ["Cases"],
            swiftSettings: language),
        tests("PluginCheckTests", "PluginCheck"),
        tests("PluginCommandTests", "Command", "JSON", "Plugin", "PluginCommand"),
        .testTarget(
            name: "ModelServersTests",
            dependencies: [
                "Anthropic", "HTTP", "JSON", "Loopback", "ModelServers", "OpenAI", "PluginKit",
            ],
            // Read where they are.
            exclude: ["streams"], swiftSettings: language),
        tests(
            "PluginKitTests", "Certificates", "GRPC", "LogFormat", "Messages", "PluginKit", protobuf
        ),
        tests("PluginTests", "Certificates", "GRPC", "Messages", "Plugin"),
        tests("ShellTests", "Agent", "Command", "JSON", "Shell", "Text", "Unix"),
        tests("SettingsTests", "Settings", "Unix", "YAML"),
        tests("SystemToolsTests", "JSON", "JSONSchema", "SystemTools", "Unix"),
        tests("TextTests", "Text"),
        tests("UnixTests", "Unix"),
        tests("YAMLTests", "YAML"),
        .target(name: "ThreadTime", path: "Tests/ThreadTime", swiftSettings: language),
        // A server that does what a test wants.
        .target(name: "Loopback", path: "Tests/Loopback", swiftSettings: language),
        .executableTarget(
            name: "vector-writer", dependencies: ["VectorStore"], path: "Tests/VectorWriter",
            swiftSettings: language),

        benchmark("json", "JSON", exclude: "peer.py"),
        benchmark("relevance", "Chunking", "HashEmbedding", exclude: "run"),
        benchmark("vectors", "VectorStore", exclude: "peer.py"),
    ],
    swiftLanguageModes: [.v6]
)
