import Catalog
import Configuration
import Foundation
import TestSupport
import Testing

/// The examples of hector.yaml(5).
@Suite struct ManualTests {
    @Test func `the manual's examples work as written`() throws {
        let page = URL(filePath: Project.root + "/man/hector.yaml.5")
        let examples = try String(contentsOf: page, encoding: .utf8)
            .components(separatedBy: ".Bd -literal -offset indent\n").dropFirst()
            .map { $0.components(separatedBy: ".Ed")[0] }
        try #require(examples.count == 2)
        try withInstallation { folder in
            try folder.addExecutable("work/plugins/house-embedder")
            try folder.write(examples[1], to: "work/plugins/house-embedder.plugin.yaml")
            try folder.write(
                examples[0].replacing("HOUSE_KEY", with: "KEY"), to: "work/hector.yaml")
            try folder.addPlugin("usr/bin/hash-embedder")
            let catalog = try folder.load()
            let house = try catalog.find(nil, kind: .embedderProvider)
            #expect(house.name == "house")
            #expect(
                house.configuration == [
                    "api_key": "secret", "endpoint": "https://api.example.com", "retries": "3",
                ])
            let small = try catalog.find("small", kind: .embedderProvider)
            #expect(small.configuration == ["dimension": "256"])
        }
    }
}
