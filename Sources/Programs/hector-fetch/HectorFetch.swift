import OpenSSL
import PackageFiles
import Registry
import Unix

/// Fetches a package and unpacks it into a folder, for hector-plugin.
@main
struct HectorFetch {
    static func main() async {
        guard CommandLine.arguments.count == 2,
            let request = FetchRequest(CommandLine.arguments[1])
        else {
            writeToStandardError(
                "hector-fetch: this is a part of 'hector plugin install', which starts it\n")
            endProcess(64)
        }
        prepareSignals()
        let result: FetchResult
        do throws(PackageError) {
            result = try await fetch(request)
        } catch {
            result = FetchResult(problem: error)
        }
        do { try writeToStandardOutput(result.text + "\n") } catch { endProcess(74) }
        endProcess(0)
    }

    private static func fetch(
        _ request: FetchRequest
    ) async throws(PackageError) -> FetchResult {
        switch request.source {
        case .archive(let path):
            var writer = PackageWriter(request.folder)
            try writer.addArchive(path)
            try writer.finish()
            return FetchResult()
        case .reference(let text):
            return try await fetch(try Reference(text), request)
        }
    }

    private static func fetch(
        _ reference: Reference, _ request: FetchRequest
    ) async throws(PackageError) -> FetchResult {
        let environment = Environment.current
        var key: SigningKey?
        if let pem = request.key {
            do throws(CertificateError) { key = try SigningKey(pem: pem) } catch {
                throw PackageError(.usage, "cannot use the key: \(error)")
            }
        }
        guard let folder = BaseDirectories(environment: environment).cache else {
            throw PackageError(.unreadable, "no folder for the cache: HOME is not set")
        }
        let cache: BlobCache
        do throws(RegistryError) { cache = try BlobCache("\(folder)/hector/oci") } catch {
            throw error.asPackageError
        }
        let artifact = Artifact(
            reference, cache: cache, environment: environment, isOffline: request.isOffline)
        let digest = try await artifact.unpack(into: request.folder, signedBy: key)
        return FetchResult(digest: digest, warnings: artifact.warnings)
    }
}
