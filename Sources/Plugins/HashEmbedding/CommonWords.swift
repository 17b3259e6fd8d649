internal import TextAnalysis

/// English words that say little about the subject of a text.
struct CommonWords: Sendable {
    enum Kind {
        /// A word that holds sentences together.
        case function
        /// A word that occurs in texts about any subject.
        case general
    }

    private static let function = TextAnalysis.CommonWords.english + " etc"

    private static let general = """
        able above accept according act actual add additional allow allows already although always \
        apply available back based become begin behavior best better call called case cause certain \
        change common contain contains correct current currently default describe described \
        different directly done easy effect enough example exist exists fact find first follow \
        following found full general get give given gives go good great help important include \
        included including indicate instance know known large last later left long look made make \
        makes making many mean means need needed needs never new next normal normally note nothing \
        number occur often old order part particular possible present prevent previous provide \
        provided provides put rather reason refer related require required result results return \
        returned returns right said second section seen set several show shown similar simple \
        simply single small something specific specified specifies specify start support supported \
        take taken tell thing things think three time times treat true try turn two type under use \
        used useful user uses using usual usually value values various want way ways work works
        """

    static let english = CommonWords([(.function, function), (.general, general)])

    /// The words' hashes in open addressing, with 0 for an empty place. At most half full.
    private var hashes = [UInt64](repeating: 0, count: 1024)
    private var kinds = [Kind](repeating: .general, count: 1024)

    private init(_ lists: [(Kind, String)]) {
        for (kind, words) in lists {
            for word in words.split(separator: " ") {
                var hash = FeatureHash(kind: .word)
                for byte in word.utf8 { hash.append(byte) }
                let slot = slot(of: hash.value)
                hashes[slot] = hash.value
                kinds[slot] = kind
            }
        }
    }

    /// - Parameter hash: The hash of a word.
    func kind(of hash: UInt64) -> Kind? {
        let slot = slot(of: hash)
        return hashes[slot] == hash ? kinds[slot] : nil
    }

    private func slot(of hash: UInt64) -> Int {
        let mask = hashes.count - 1
        var slot = Int(truncatingIfNeeded: hash) & mask
        while hashes[slot] != 0, hashes[slot] != hash { slot = (slot + 1) & mask }
        return slot
    }
}
