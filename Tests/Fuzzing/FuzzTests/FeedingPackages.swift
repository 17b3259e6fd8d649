import Foundation
import JSON
import PackageFiles
import PluginLock
import TestSupport

@testable import Catalog
@testable import Registry
@testable import Taint
@testable import Unix

// What plugins from elsewhere come with, and the marks of what a model has read.

extension Corpus {
    private static func texts(_ texts: [String]) -> [[UInt8]] { texts.map { Array($0.utf8) } }

    // MARK: Archives

    /// Returns an entry of a tar archive without a valid checksum, which is added when it is fed.
    private static func entry(_ name: String, _ kind: String, _ target: String, _ text: String)
        -> [UInt8]
    {
        var header = [UInt8](repeating: 0, count: 512)
        func put(_ text: String, _ place: Int) {
            header.replaceSubrange(place..<place + text.utf8.count, with: text.utf8)
        }
        put(name, 0)
        put("0000755", 100)
        put("0000000", 108)
        put("0000000", 116)
        put(String(repeating: "0", count: 11), 136)
        let size = String(text.utf8.count, radix: 8)
        put(String(repeating: "0", count: 11 - size.count) + size, 124)
        put(kind, 156)
        put(target, 157)
        put("ustar", 257)
        put("00", 263)
        let padding = [UInt8](repeating: 0, count: (512 - text.utf8.count % 512) % 512)
        return header + Array(text.utf8) + padding
    }

    static let archives: [[UInt8]] = {
        let end = [UInt8](repeating: 0, count: 1024)
        return [
            entry("p/", "5", "", "") + entry("p/wc", "0", "", "#!/bin/sh\n")
                + entry("p/link", "2", "wc", "") + end,
            entry("a/b/c", "0", "", String(repeating: "x", count: 600)) + end,
            entry("x", "2", "../../etc", "") + entry("x/y", "0", "", "y") + end,
            entry("pax", "x", "", "18 path=long/name\n12 size=12\n") + entry("f", "0", "", "text")
                + end,
            entry("././@LongLink", "L", "", String(repeating: "d/", count: 80) + "f\0")
                + entry("f", "0", "", "") + entry("h", "1", "f", "") + end,
            entry("dev", "3", "", "") + entry("s", "S", "", "") + end,
        ]
    }()

    /// Gives each header of an archive its checksum, or nothing behind the first would be read.
    static func withChecksums(_ archive: [UInt8]) -> [UInt8] {
        var archive = archive
        for start in stride(from: 0, to: archive.count - 511, by: 512)
        where archive[start + 257..<start + 262].elementsEqual("ustar".utf8) {
            archive.replaceSubrange(start + 148..<start + 156, with: "        ".utf8)
            let sum = archive[start..<start + 512].reduce(0) { $0 + Int($1) }
            let digits = String(sum, radix: 8)
            let text = String(repeating: "0", count: 6 - digits.count) + digits + "\0 "
            archive.replaceSubrange(start + 148..<start + 156, with: text.utf8)
        }
        return archive
    }

    // MARK: Registries

    private static let digest = "sha256:" + String(repeating: "0f", count: 32)

    static let imageManifests = texts([
        #"{"schemaVersion":2,"layers":[{"mediaType":"application/vnd.oci.image.layer.v1.tar+gzip","digest":"\#(digest)","size":12,"annotations":{"org.opencontainers.image.title":"wc"}}]}"#,
        #"{"schemaVersion":2,"mediaType":"application/vnd.oci.image.index.v1+json","manifests":[{"mediaType":"application/vnd.oci.image.manifest.v1+json","digest":"\#(digest)","size":9,"platform":{"os":"linux","architecture":"amd64"}}]}"#,
        #"{"schemaVersion":2,"config":{"mediaType":"application/vnd.oci.empty.v1+json","digest":"\#(digest)","size":2},"layers":[{"mediaType":"application/vnd.dev.cosign.simplesigning.v1+json","digest":"\#(digest)","size":240,"annotations":{"dev.cosignproject.cosign/signature":"MEUCIQ=="}}]}"#,
    ])

    static let challenges = texts([
        #"Bearer realm="https://auth.example/token",service="r",scope="repository:a/b:pull""#,
        #"Basic realm="a \"b\"""#, "bearer realm=https://a/t, service=x , scope=",
    ])

    static let references = texts([
        "oci://registry.example:5000/a/b:1.0", "oci://h/n@" + digest, "oci://[::1]:5000/n",
        "oci+http://127.0.0.1:1/p", "oci://docker.io/library/x:latest@" + digest,
    ])

    // MARK: Files of Hector

    static let locks = texts([
        #"{"lock":1,"plugins":[{"name":"p","version":"1.0.0","checksum":"\#(digest)","source":"oci://h/n:1","digest":"\#(digest)","key":"-----BEGIN PUBLIC KEY-----\nMFk=\n","installed":"2026-01-01T00:00:00.000000Z"}],"pending":[]}"#,
        #"{"lock":1,"plugins":[],"pending":[{"name":"q","version":"2","checksum":"\#(digest)","source":"/x","installed":"t"}]}"#,
    ])

    static let needs = texts([
        "${settings.path:-${XDG_DATA_HOME}/hector/vectors}/", "${settings.command:+/}", "$$a/b",
        "${A:-${B:-${C:+d}}}", "~/x/../y",
    ])

    static let scripts = texts([
        "#!/bin/sh -e\n", "#! /usr/bin/env -S python3 -u x\n", "#!/usr/bin/env python3\n", "#!\n",
        "\u{7f}ELF",
    ])

    static let tainted = texts([
        #"{"role":"assistant","content":"x","taint":["passage a"],"taint_digest":["0f","1e"],"tool_calls":[{"id":"1","function":{"name":"f","arguments":"{}"}}]}"#,
        #"{"role":"tool","tool_call_id":"1","name":"f","content":[{"type":"text","text":"y"},{"type":"image_url"}],"taint":["tool f"],"taint_digest":["0f"]}"#,
        #"{"messages":[{"role":"user","content":[{"type":"text","text":"z"}],"taint":["file f"]}],"results":[{"id":1},{"id":"b"}],"tools":[{"type":"function","function":{"name":"f"},"taint":[],"taint_digest":["0f"]}],"taint":["x"]}"#,
    ])
}

private func text(_ input: [UInt8]) -> String { String(decoding: input, as: UTF8.self) }

extension FuzzTarget {
    func feedArchive(_ input: [UInt8]) {
        try? withTemporaryFolder { folder in
            let file = folder + "/archive"
            try Data(Corpus.withChecksums(input)).write(to: URL(fileURLWithPath: file))
            try FileManager.default.createDirectory(
                atPath: folder + "/out", withIntermediateDirectories: false)
            var limits = PackageLimits()
            limits.bytes = 1 << 20
            limits.entries = 200
            var writer = PackageWriter(folder + "/out", limits: limits)
            try? writer.addArchive(file)
            try? writer.finish()
            let names = try FileManager.default.contentsOfDirectory(atPath: folder)
            precondition(names.sorted() == ["archive", "out"], "a file is outside of the folder")
        }
    }

    func feedImageManifest(_ input: [UInt8]) {
        guard let manifest = try? StoredManifest(input, from: "x") else { return }
        switch manifest {
        case .image(let parts), .index(let parts):
            for part in parts { _ = (part.content, part.title) }
        }
    }

    func feedChallenge(_ input: [UInt8]) { _ = Challenge(text(input)) }

    func feedReference(_ input: [UInt8]) {
        guard let reference = try? Reference(text(input)) else { return }
        precondition((try? Reference(reference.text)) == reference, "a reference is another now")
    }

    func feedLock(_ input: [UInt8]) {
        try? withTemporaryFolder { folder in
            try Data(input).write(to: URL(fileURLWithPath: folder + "/hector.lock"))
            guard let lock = try PluginLock(of: folder) else { return }
            try lock.write(to: folder)
            let again = try PluginLock(of: folder)
            precondition(again == lock, "what was written is another lock")
        }
    }

    func feedNeed(_ input: [UInt8]) {
        guard let need = NeedTemplate(text(input)) else { return }
        _ = need.value(settings: ["path": "/p", "command": "c"], environment: ["A": "a"])
    }

    func feedScript(_ input: [UInt8]) {
        guard let script = Script(firstBytes: input) else { return }
        _ = script.withoutEnv(path: "/nowhere:/bin")
    }

    func feedTaint(_ input: [UInt8]) {
        guard let value = try? Value(parsing: input) else { return }
        let key = TaintKey([1, 2, 3])
        var sources = TaintSources()
        sources.add(messages: [value] + (value["messages"]?.array ?? []), key: key)
        sources.add(definitions: value, key: key)
        let claims = value["taint_digest"] != nil && TaintMark.sources(of: value, key: key) != nil
        precondition(!claims, "a mark without the key counts")
        guard let record = try? Record(input) else { return }
        sources.add(partsOf: record, key: key)
        sources.add(documentOf: record)
        _ = sources.names
    }
}
