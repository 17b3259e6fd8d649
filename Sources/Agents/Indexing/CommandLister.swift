internal import JSON
internal import Synchronization

/// Lists the records that a command prints as documents.
final class CommandLister: Sendable {
    private let state = Mutex(State())

    private struct State {
        var listing = DocumentListing()
        var line = 0
        var places: [Name: Int] = [:]
    }

    /// The longest record, in bytes.
    static let longestRecord = 64 << 20

    var listing: DocumentListing { state.withLock { $0.listing } }

    /// Adds the record of a line. Of two records with one id, the later one is kept.
    func add(_ line: ArraySlice<UInt8>) {
        state.withLock { state in
            state.line += 1
            if line.allSatisfy({ $0 <= 0x20 }) { return }
            do throws(InvalidRecord) {
                let document = try Self.document(line, number: state.line)
                if let place = state.places[Name(document.name)] {
                    state.listing.documents[place] = document
                } else {
                    state.places[Name(document.name)] = state.listing.documents.count
                    state.listing.documents.append(document)
                }
            } catch {
                state.listing.problems.append(error.problem)
                if let id = error.id {
                    state.listing.damaged.insert(Name(id))
                } else {
                    // The record could be any document.
                    state.listing.unknown = [""]
                }
            }
        }
    }

    private static func document(
        _ line: ArraySlice<UInt8>, number: Int
    ) throws(InvalidRecord) -> DocumentListing.Document {
        let place = "line \(number) of the command's output"
        guard let record = try? Record(Array(line)), line.first(where: { $0 > 0x20 }) == 0x7B
        else { throw InvalidRecord(place, "\(place) is not a JSON object") }
        let id = record.value("id")?.string.flatMap { $0.isEmpty ? nil : $0 }
        if let error = record.value("error") {
            let message = error["message"]?.string ?? error.description
            throw InvalidRecord(place, "\(place): \(message)", id: id)
        }
        guard let id else { throw InvalidRecord(place, "\(place) has no 'id' that is a string") }
        return DocumentListing.Document(
            name: id, size: line.count, modified: nil, record: record.bytes)
    }
}

/// A line that is not a record to store.
private struct InvalidRecord: Error {
    /// The record's id, if it has one.
    let id: String?
    let problem: Problem

    init(_ place: String, _ message: String, id: String? = nil) {
        self.id = id
        problem = Problem(name: id ?? place, message: message)
    }
}
