// swift-tools-version: 6.2
import PackageDescription

let package = Package(
    name: "custom-embedder-swift",
    dependencies: [
        // The path from this example. In another place: .package(url: "https://…/hector", from: …)
        .package(name: "hector", path: "../../..")
    ],
    targets: [
        .executableTarget(
            name: "custom-embedder-swift",
            dependencies: [.product(name: "PluginKit", package: "hector")]),
        .testTarget(name: "TrigramTests", dependencies: ["custom-embedder-swift"]),
    ])
