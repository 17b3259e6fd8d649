// swift-tools-version: 6.2
import PackageDescription

let package = Package(
    name: "custom-embedder-swift",
    dependencies: [
        // From where this example stands. Elsewhere: .package(url: "https://…/hector", from: …)
        .package(name: "hector", path: "../../..")
    ],
    targets: [
        .executableTarget(
            name: "custom-embedder-swift",
            dependencies: [.product(name: "PluginKit", package: "hector")]),
        .testTarget(name: "TrigramTests", dependencies: ["custom-embedder-swift"]),
    ])
