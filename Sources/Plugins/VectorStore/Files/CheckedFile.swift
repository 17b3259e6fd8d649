import Glibc
internal import Synchronization
import XXHash

/// An immutable file in the memory map, with a checksum for each page of 64 KiB. A page is checked
/// before its first use in this process.
@safe final class CheckedFile: SectionSource {
    let number: UInt32
    let header: CheckedFileTrailer
    private let file: DataFile
    private let checksums: [UInt64]
    nonisolated(unsafe) private let map: UnsafeRawPointer
    nonisolated(unsafe) private let states: UnsafeMutablePointer<Atomic<UInt8>>

    /// The reading of a page so far.
    private enum PageState {
        static let none: UInt8 = 0
        /// The kernel was asked to read it.
        static let expected: UInt8 = 1
        static let checked: UInt8 = 2
    }

    static let pageSize = 65_536

    var path: String { file.path }
    /// The size of the file in bytes.
    var size: Int { header.fileSize }

    /// - Parameter checksum: The checksum of the trailer that the catalog knows.
    init(_ path: String, number: UInt32, checksum: UInt64) throws(StoreError) {
        let file = try DataFile(path, .reading)
        let size = try file.size
        guard size >= CheckedFileTrailer.size else {
            throw .damage(path, "it ends at byte \(size)")
        }
        let trailer = try file.read(
            at: size - CheckedFileTrailer.size, count: CheckedFileTrailer.size)
        header = try CheckedFileTrailer(trailer, path)
        guard header.checksum == checksum, header.number == number else {
            throw .damage(path, "it is not the file that the catalog means")
        }
        guard header.fileSize == size else {
            throw .damage(path, "it has \(size) bytes, not \(header.fileSize)")
        }
        let table = try file.read(at: header.dataSize, count: header.pages * 8)
        guard XXHash.hash(table) == header.tableChecksum else {
            throw .damage(path, "the checksums of its pages are not those that were written")
        }
        checksums = BorrowedBytes.with(table) { table in
            (0..<table.count / 8).map { table.number(at: $0 * 8, as: UInt64.self) }
        }
        let address = unsafe mmap(nil, size, PROT_READ, MAP_SHARED, file.descriptor, 0)
        guard unsafe address != MAP_FAILED, let address = unsafe address else {
            throw StoreError(errno, "map '\(path)' into memory")
        }
        self.file = file
        self.number = number
        // What is needed is said by `expect` and page by page; what lies beside it is not read.
        unsafe madvise(address, size, Int32(MADV_RANDOM))
        unsafe map = UnsafeRawPointer(address)
        unsafe states = .allocate(capacity: checksums.count)
        for page in checksums.indices {
            unsafe (states + page).initialize(to: Atomic(PageState.none))
        }
    }

    deinit {
        unsafe munmap(UnsafeMutableRawPointer(mutating: map), size)
        unsafe states.deinitialize(count: checksums.count)
        unsafe states.deallocate()
    }

    /// Throws if the file has been shortened, as reading the lost bytes would end the process.
    func checkSize() throws(StoreError) {
        let found = try file.size
        guard found == size else {
            throw .damage(path, "it has \(found) bytes, not \(size)")
        }
    }

    func section(_ place: Int) -> Section { Section(self, header.sections[place]) }

    func bytes(_ range: Range<Int>) throws(StoreError) -> BorrowedBytes {
        precondition(range.lowerBound >= 0 && range.upperBound <= header.dataSize)
        if !range.isEmpty {
            let last = (range.upperBound - 1) / Self.pageSize
            for page in range.lowerBound / Self.pageSize...last {
                if unsafe states[page].load(ordering: .relaxed) != PageState.checked {
                    try check(page)
                }
            }
        }
        return unsafe BorrowedBytes(
            UnsafeRawBufferPointer(start: map + range.lowerBound, count: range.count))
    }

    func expect(_ range: Range<Int>) {
        var first: Int?
        let pages = range.lowerBound / Self.pageSize...(range.upperBound - 1) / Self.pageSize
        for page in pages {
            let (isNew, _) = unsafe states[page].compareExchange(
                expected: PageState.none, desired: PageState.expected, ordering: .relaxed)
            if isNew {
                first = first ?? page
            } else if let start = first {
                advise(start..<page)
                first = nil
            }
        }
        if let first { advise(first..<pages.upperBound + 1) }
    }

    private func advise(_ pages: Range<Int>) {
        let start = pages.lowerBound * Self.pageSize
        unsafe madvise(
            UnsafeMutableRawPointer(mutating: map + start),
            min(pages.upperBound * Self.pageSize, header.dataSize) - start,
            Int32(MADV_WILLNEED))
    }

    private func range(of page: Int) -> Range<Int> {
        page * Self.pageSize..<min((page + 1) * Self.pageSize, header.dataSize)
    }

    private func check(_ page: Int) throws(StoreError) {
        let range = range(of: page)
        let start = range.lowerBound
        expect(range)
        let hash = unsafe XXHash.hash(
            UnsafeRawBufferPointer(start: map + start, count: range.count))
        guard hash == checksums[page] else {
            throw .damage(
                path,
                "bytes \(range.lowerBound) to \(range.upperBound - 1) are not "
                    + "those that were written")
        }
        unsafe states[page].store(PageState.checked, ordering: .relaxed)
    }

    /// Reads all pages from the disk.
    ///
    /// - Returns: The ranges that are damaged.
    func damagedRanges() throws(StoreError) -> [Range<Int>] {
        var damaged: [Range<Int>] = []
        for page in checksums.indices {
            let range = range(of: page)
            let bytes = try file.read(at: range.lowerBound, count: range.count)
            if XXHash.hash(bytes) != checksums[page] { damaged.append(range) }
        }
        return damaged
    }
}
