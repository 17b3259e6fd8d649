import Testing

@testable import PackageFiles

/// The words between hector-plugin and hector-fetch.
@Suite struct FetchTests {
    @Test(arguments: [
        FetchRequest(.archive("/a b"), into: "/f\"", key: nil, isOffline: false),
        FetchRequest(.reference("oci://h/n"), into: "/f", key: "PEM\n", isOffline: true),
    ])
    func `a request is read as it was written`(request: FetchRequest) {
        #expect(FetchRequest(request.text) == request)
    }

    @Test(arguments: [
        FetchResult(digest: "sha256:0", warnings: ["w"]), FetchResult(),
        FetchResult(problem: PackageError(.notPermitted, "no")),
    ])
    func `a result is read as it was written`(result: FetchResult) {
        #expect(FetchResult(Array(result.text.utf8)) == result)
    }

    @Test(arguments: ["", "{}", "[]", #"{"folder":"/f"}"#])
    func `other text is not a request`(text: String) { #expect(FetchRequest(text) == nil) }
}
