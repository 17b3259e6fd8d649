import ArgumentParser
import FilterKit
import Indexing

/// The end of a store: its collection and its state are deleted, its documents are not.
struct ForgetStore: Program {
    static let configuration = CommandConfiguration(
        commandName: "forget",
        abstract: "Delete the collection and the state of a store; its documents stay.")

    @OptionGroup var stores: StoreOptions

    @Flag(help: "Wait while another run uses a store, instead of exiting with status 75.")
    var wait = false

    func validate() throws {
        if stores.stores.isEmpty { throw ValidationError("name a store or its folder") }
    }

    func work() async throws -> ExitStatus {
        try await stores.chosen(makes: false).each { store in
            try await Indexing.forget(store, waits: wait)
            return .success
        }
    }
}
