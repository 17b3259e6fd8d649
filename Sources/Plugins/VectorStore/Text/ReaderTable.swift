/// The readings of the lists of all segments by one thread, each begun when it is needed.
final class ReaderTable {
    private let text: TextSearch
    private let ownsReaders: Bool
    private var own: [[PostingReader?]]

    init(_ text: TextSearch, ownsReaders: Bool) {
        self.text = text
        self.ownsReaders = ownsReaders
        own =
            ownsReaders
            ? [] : text.lists.map { [PostingReader?](repeating: nil, count: $0.readers.count) }
    }

    func reader(_ list: Int, _ segment: Int) -> PostingReader {
        if ownsReaders { return text.lists[segment].readers[list].reader }
        if let reader = own[segment][list] { return reader }
        let reader = PostingReader(text.lists[segment].readers[list].reader)
        own[segment][list] = reader
        return reader
    }
}
