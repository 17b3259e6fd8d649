/// Records on their way to the end of the record files.
struct RecordWriter {
    private let folder: Folder
    private(set) var files: [UInt32: RecordFile]
    private(set) var active: UInt32
    private(set) var nextFile: UInt32
    private var changed: Set<UInt32> = []
    private var buffer: [UInt8] = []
    /// The file that is written to, and the offset of the buffer in it.
    private var open: (file: DataFile, offset: Int)?
    private var hasNewFile = false

    private static let bufferSize = 4 << 20

    init(_ state: State, _ folder: Folder) {
        self.folder = folder
        files = state.records
        active = state.activeRecords
        nextFile = state.nextFile
    }

    mutating func append(_ frame: Frame) throws(StoreError) -> Place {
        try append(frame.bytes, check: frame.check)
    }

    /// - Parameter check: The check of the frame that `bytes` are.
    mutating func append(_ bytes: [UInt8], check: UInt32) throws(StoreError) -> Place {
        try makeRoom()
        let offset = files[active]!.end
        buffer += bytes
        files[active]!.end += bytes.count
        files[active]!.live += bytes.count
        changed.insert(active)
        if buffer.count >= Self.bufferSize { try flush() }
        return Place(
            file: active, offset: UInt32(offset), length: UInt32(bytes.count), check: check)
    }

    /// Opens the active file, or the next one.
    private mutating func makeRoom() throws(StoreError) {
        if let file = files[active], file.end < RecordBytes.most {
            if open == nil {
                try file.bytes.checkSize(file.end)
                open = (try DataFile(file.bytes.path, .writing), file.end)
            }
            return
        }
        try syncOpened()
        active = nextFile
        nextFile += 1
        let bytes = RecordBytes(folder, active)
        open = (try DataFile(bytes.path, .creating), 0)
        hasNewFile = true
        buffer = bytes.header
        files[active] = RecordFile(bytes: bytes, end: RecordBytes.start, live: RecordBytes.start)
        changed.insert(active)
    }

    /// Takes away from the bytes that live.
    mutating func kill(_ count: Int, in file: UInt32) throws(StoreError) {
        guard let known = files[file], known.live >= count else {
            throw StoreError(
                "the sizes in '\(folder.catalog)' do not fit together; "
                    + "hector-search verify tells what is affected", kind: .damage)
        }
        files[file]!.live -= count
        changed.insert(file)
    }

    /// Hands all records to the kernel.
    ///
    /// - Returns: The files that changed.
    mutating func finish() throws(StoreError) -> [(number: UInt32, end: Int, live: Int)] {
        try flush()
        open?.file.startWriting()
        return changed.sorted().map { ($0, files[$0]!.end, files[$0]!.live) }
    }

    /// Returns once all records are on the disk.
    mutating func sync() throws(StoreError) {
        try syncOpened()
        if hasNewFile { try folder.sync() }
    }

    private mutating func syncOpened() throws(StoreError) {
        try flush()
        try open?.file.sync()
        open = nil
    }

    private mutating func flush() throws(StoreError) {
        guard !buffer.isEmpty, let (file, offset) = open else { return }
        try file.write(buffer, at: offset)
        open!.offset += buffer.count
        buffer.removeAll(keepingCapacity: true)
    }
}
