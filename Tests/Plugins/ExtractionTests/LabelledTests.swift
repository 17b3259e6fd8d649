import Testing

@testable import Extraction

/// Questions about two texts, each with the words of the sentence that answers it.
@Suite struct LabelledTests {
    private static let manual = """
        STOWAGE(1)                  General Commands Manual                 STOWAGE(1)

        NAME
               stowage - pack folders into crates and take them out again

        SYNOPSIS
               stowage [-nqv] [-c crate] folder ...
               stowage -x [-C target] crate

        DESCRIPTION
               stowage  packs  the  folders that are named into a crate, one file that
               holds their names, contents and times.  A crate that exists is replaced
               only when the new one is complete.

               Without -c, the crate is called after the first folder.  Sockets and de‐
               vices are skipped with a warning.

        OPTIONS
               -c, --crate=FILE
                      write to FILE instead of a name made from the first folder

               -C, --target=DIR
                      change to DIR before anything is taken out

               -k, --keep-old
                      do  not  replace files that are there already; the default is to
                      replace them if the crate's are newer

               -n, --dry-run
                      list the files that would be packed, and write nothing

               -q, --quiet
                      suppress warnings about files that cannot be read

               -x, --extract
                      take files out of a crate

               --level=NUMBER
                      set the strength of compression, from 1 to 9; 6 is used if it is
                      not given

               --newer-than=TIME
                      leave out files whose last change was before TIME

           Checking crates
               Every block has a checksum.  Damage is reported with the  name  of  the
               file it belongs to, and the other files are taken out all the same.

        EXIT STATUS
               0      All folders were packed.

               1      Some files could not be read; the crate has all others.

               2      The crate is damaged.

        ENVIRONMENT
               STOWAGE_LEVEL
                      The strength that is used without --level.

               TMPDIR The place of a crate until it is complete.

        FILES
               ~/.stowage/ignore
                      Patterns of names that are never packed, one a line.

        EXAMPLES
               Pack two folders, strongly, and look what is in the crate:

                      stowage --level=9 -c trip.crate maps notes
                      stowage -xn trip.crate
        """

    private static let handbook = """
        # Night shift handbook
        ## Alarms
        The red lamp means that a pump has stopped. Call the engineer at once.
        A yellow lamp can wait until the morning.

        Water level
        -----------
        The level is read every two hours and written into the blue book.
        Above 340 centimetres the second gate is opened.

        **Keys**

        The keys hang behind the door of the workshop. Whoever takes one signs for it.

        Handing over

        The morning shift comes at six. Tell them about lamps that are lit, about gates that are
        open, and about visitors.

        | lamp | meaning | who acts |
        |------|---------|----------|
        | red | a pump has stopped | the engineer |
        | green | all is well | nobody |
        | white | the radio has failed | the porter |
        """

    static let questions = [
        (manual, "What is stowage for?", "pack folders into crates"),
        (manual, "How can I see what would be packed without writing?", "--dry-run list the files"),
        (manual, "Which option keeps files that exist already?", "-k, --keep-old"),
        (manual, "How do I silence the warnings?", "suppress warnings about files"),
        (manual, "How do I take the files out of a crate?", "-x, --extract take files out"),
        (manual, "What is the default compression strength?", "6 is used if it is not given"),
        (manual, "How do I leave out old files by their last change?", "--newer-than=TIME"),
        (manual, "What happens to sockets and devices?", "Sockets and devices are skipped"),
        (manual, "What does exit status 2 mean?", "2 The crate is damaged."),
        (manual, "Which status says that files could not be read?", "1 Some files could not"),
        (manual, "Which environment variable sets the strength?", "STOWAGE_LEVEL The strength"),
        (manual, "Where are the patterns of ignored names?", "~/.stowage/ignore Patterns"),
        (manual, "What is TMPDIR used for?", "TMPDIR The place of a crate"),
        (manual, "How does checking work?", "Every block has a checksum."),
        (manual, "When is an existing crate replaced?", "only when the new one is complete"),
        (manual, "How is the crate called without -c?", "is called after the first folder"),
        (manual, "Into which directory are files extracted?", "change to DIR before"),
        (manual, "What happens if there is damage?", "Damage is reported with the name"),
        (handbook, "What does the red lamp mean?", "a pump has stopped"),
        (handbook, "How long can a yellow lamp wait?", "A yellow lamp can wait"),
        (handbook, "How often is the water level read?", "The level is read every two hours"),
        (handbook, "When is the second gate opened?", "Above 340 centimetres"),
        (handbook, "Where are the keys?", "The keys hang behind the door"),
        (handbook, "Who acts when the radio fails?", "| white | the radio has failed |"),
        (handbook, "When does the morning shift come?", "The morning shift comes at six."),
        (handbook, "What do I tell at handing over?", "The morning shift comes at six."),
    ]

    private func answer(_ text: String, _ question: String) -> String? {
        quotes(question, text, limit: 1).first
    }

    @Test func `most first sentences are the ones that answer`() {
        let missed = Self.questions.filter { text, question, label in
            answer(text, question)?.contains(label) != true
        }
        #expect(
            missed.count * 5 <= Self.questions.count,
            "\(missed.map { ($0.1, answer($0.0, $0.1) ?? "nothing") })")
    }

    @Test func `none is refused, and none is answered with a heading`() {
        let headings = [
            "NAME", "SYNOPSIS", "DESCRIPTION", "OPTIONS", "Checking crates", "EXIT STATUS", "FILES",
            "ENVIRONMENT", "EXAMPLES", "Night shift handbook", "Alarms", "Water level", "Keys",
            "**Keys**", "Handing over",
        ]
        for (text, question, _) in Self.questions {
            let first = answer(text, question)?.split(separator: "\n").first
            #expect(first != nil, "\(question)")
            #expect(
                !headings.contains { first?.hasPrefix($0) == true }, "\(question): \(first ?? "")")
        }
    }
}
