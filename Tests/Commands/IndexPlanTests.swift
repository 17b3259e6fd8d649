import Foundation
import Testing

/// Plans that are made, kept in a file, and applied.
@Suite(.serialized) struct IndexPlanTests: IndexShells {
    @Test func `a plan is applied to the world for which it was made, and to no other`()
        async throws
    {
        let result = try await makeShell().run(
            Self.tools + """
                echo one > docs/a.md; echo two > docs/b.md; age
                hector index --plan -o plan.json; jq -c '[.stores[0].changes[].document]' plan.json
                echo $(calls) $(hector index list --json | wc -l)
                hector index --apply plan.json --json | jq -c '[.added, .unchanged]'; stored | wc -l
                hector index --apply plan.json; echo $?
                rm docs/a.md; hector index --plan -o plan.json; echo three > docs/c.md
                hector index --apply plan.json; echo $? $(stored | wc -l)
                hector index --plan -o plan.json >/dev/null; sed -i 's/docs }/docs, chunk: { size: 9 } }/' hector.yaml
                hector index --apply plan.json; echo $? $(stored | wc -l)
                hector index --plan --rebuild -o plan.json; hector index --apply plan.json; echo $?
                stored | cut -d' ' -f1
                hector index --apply hector.yaml; echo $?; hector index --apply none; echo $?
                hector index --apply plan.json docs; echo $?; hector index -o plan.json; echo $?
                """)
        #expect(
            result.lines == [
                "+ a.md\t4", "+ b.md\t4",
                "docs: 2 documents, 2 chunks, 2 texts to embed, about 2 tokens",
                "docs: 2 to add, 0 to change, 0 to remove, 0 unchanged; 8 bytes to read",
                #"["a.md","b.md"]"#, "0 0", "[2,0]", "2", "65", "- a.md",
                "docs: 0 to add, 0 to change, 1 to remove, 1 unchanged; 0 bytes to read", "65 2",
                "65 2", "+ b.md\t4", "+ c.md\t6",
                "docs: 2 documents, 2 chunks, 2 texts to embed, about 2 tokens",
                "docs: 2 to add, 0 to change, 0 to remove, 0 unchanged; 10 bytes to read", "0",
                "b.md#1", "c.md#1", "65", "74", "64", "64",
            ], "\(result.output)\(result.errors)")
        #expect(result.errors.matches(of: /the plan for 'docs' is stale:/).count == 3)
        #expect(result.errors.contains("'hector.yaml' is not a plan of this version"))
    }

    @Test func `the cost of a change is known before it is paid`() async throws {
        let result = try await makeShell(
            #"{ path: ./docs, chunk: { size: 40, overlap: 0 }, extractors: { "*.up": "tr a-z A-Z < {}" } }"#
        ).run(
            Self.tools + """
                hector index cache --limit 1G
                echo 'prices: { logged: { input: 1000 } }' >> hector.yaml
                for n in 1 2; do printf 'paragraph one of %s is here\\n\\nparagraph two of %s is here\\n' $n $n > docs/$n.md; done
                echo 'words to be shouted out' > docs/3.up; age
                hector index --plan | grep 'to embed'; hector index
                # Known texts cost nothing, whatever is done with them.
                mv docs/1.md docs/4.md; sed -i 's/two of 2 is/two of 2 was/' docs/2.md; hector index --plan | grep 'to embed'
                hector index --plan --json | jq -c .cost
                sed -i 's/tr a-z A-Z/tr a-z b-za/' hector.yaml; hector index --plan | grep 'to embed'; hector index
                hector index --plan --rebuild | grep 'to embed'
                sed -i 's/size: 40/size: 90/' hector.yaml; hector index --plan | grep 'to embed'; hector index --plan --rebuild | grep 'to embed'
                """)
        #expect(
            result.lines == [
                "docs: 3 documents, 5 chunks, 5 texts to embed, about 32 tokens, about 0.032 USD",
                "docs: 2 documents, 4 chunks, 1 text to embed, about 7 tokens, about 0.007 USD",
                #"{"documents":2,"chunks":4,"texts":1,"tokens":7,"usd":0.007}"#,
                "docs: 3 documents, 5 chunks, 2 texts to embed, about 13 tokens, about 0.013 USD",
                "docs: 3 documents, 5 chunks, 0 texts to embed, about 0 tokens, about 0 USD",
                "docs: 3 documents, 3 chunks, 2 texts to embed, about 28 tokens, about 0.028 USD",
            ], "\(result.output)\(result.errors)")
    }
}
