import Testing

/// hector-search collections, get, dump, move, verify and compact.
@Suite(.serialized) struct CatalogCommandTests {
    private static let databases = """
        catalog=$(command -v catalog-database)
        db="--plugin $catalog -o path=$PWD/db"
        printf '#!/bin/sh\\nPLAIN=1 exec %s\\n' "$catalog" > plain; chmod +x plain
        plain="--plugin $PWD/plain -o path=$PWD/plain.db"

        """

    private func run(_ script: String) async throws -> Shell.Result {
        try await Shell().run(Self.databases + script)
    }

    @Test func `collections are listed for programs and for people`() async throws {
        let result = try await run(
            #"""
            hector-search create -C notes --dimension 3 --property source=/here --property lang=de $db
            hector-search create -C other --dimension 4 $db
            echo '{"id":"a","vector":[1,2,3]}' | hector-search upsert -C notes $db
            hector-search collections $db
            hector-search collections o $db | jq -r .name
            hector-search collections x $db; echo $?
            script -qec "hector-search collections $db" /dev/null < /dev/null | tr -d '\r'
            """#)
        #expect(
            result.lines == [
                #"{"name":"notes","count":1,"dimension":3,"bytes":1536,"source":"/here","properties":{"lang":"de","source":"/here"}}"#,
                #"{"name":"other","count":0,"dimension":4,"properties":{}}"#,
                "other", "1",
                "NAME   COUNT  DIMENSION   BYTES  EMBEDDER  SOURCE",
                "notes      1          3  1.5 kB  -         /here",
                "other      0          4       -  -         -",
            ], "\(result.errors)")
    }

    @Test func `records are got by their ids`() async throws {
        let result = try await run(
            #"""
            printf '%s\n' '{"id":"a","content":"x","metadata":{"n":1,"s":"1"},"vector":[1,2]}' \
                '{"id":"b","vector":[3,4.5]}' '{"id":"7","content":"y","vector":[0,1]}' |
                hector-search upsert -C c --create $db
            hector-search get -C c $db b a
            hector-search get -C c $db --vectors b none a; echo $?
            hector-search get -C c $db --vectors --encoding base64 b
            printf '%s\n' '{"id":7}' '{"id":"none","k":1}' '{}' '{"id":"a"}' | hector-search get -C c $db |
                jq -c '[.id, .content, .error.code]'
            printf 'a\nb\n' | hector-search get --text -C c $db | jq -r .id
            hector-search get -C none $db a; echo $?
            """#)
        #expect(
            result.lines == [
                #"{"id":"b"}"#, #"{"id":"a","content":"x","metadata":{"n":1,"s":"1"}}"#,
                #"{"id":"b","vector":[3,4.5]}"#,
                #"{"id":"a","content":"x","metadata":{"n":1,"s":"1"},"vector":[1,2]}"#, "1",
                #"{"id":"b","vector":"AABAQAAAkEA="}"#,
                #"["7","y",null]"#, #"["none",null,"not_found"]"#, #"[null,null,"no_id"]"#,
                #"["a","x",null]"#, "a", "b", "1",
            ], "\(result.errors)")
        #expect(result.errors.contains("hector-search: no record 'none' in collection 'c'\n"))
    }

    @Test func `a dump that is stored again is the same dump`() async throws {
        let result = try await run(
            #"""
            python3 -c '
            import json, random
            texts = ["plain", "1", "true", "null", "\"quoted\"", "{\"a\": 1}", " padded ", "", "\u00e9\u2028", "-0"]
            for n in range(300):
                record = {"id": random.choice("azé\U0001f600") + str(n), "vector": [random.gauss(0, 1), 1e-30, -0.0, 3.4e38]}
                if n % 3: record["content"] = random.choice(texts) + str(n % 5)
                if n % 4: record["metadata"] = {"s": random.choice(texts), "n": 1.50, "o": {"a": [1, None]}, "b": True}
                print(json.dumps(record, ensure_ascii=n % 2 == 0))' > in
            hector-search upsert -C one --create $db < in
            hector-search dump -C one $db > dump
            wc -l < dump
            jq -r .id dump | LC_ALL=C sort -c && echo sorted
            for encoding in float base64; do
                hector-search dump -C one $db --encoding $encoding | hector-search upsert -C $encoding --create $db
                hector-search dump -C $encoding $db | cmp - dump && echo same
            done
            hector-search dump -C one $db --no-vectors | jq -c 'has("vector")' | uniq
            last=$(sed -n 290p dump | jq -r .id)
            hector-search dump -C one $db --after "$last" | cmp - <(tail -n 10 dump) && echo rest
            hector-search dump -C one $db --filter '{"s":"plain"}' | jq -r .metadata.s | uniq
            hector-search dump -C one $db | head -n 1 | wc -l
            hector-search dump -C none $db; echo $?
            """#)
        #expect(
            result.lines == [
                "300", "sorted", "same", "same", "false", "rest", "plain", "1", "1",
            ], "\(result.output)\(result.errors)")
    }

    @Test func `a collection gets another name`() async throws {
        let result = try await run(
            #"""
            for c in a b; do
                echo '{"id":"of '$c'","vector":[1,2]}' | hector-search upsert -C $c --create $db
            done
            hector-search move a b $db; echo $?
            hector-search move a c $db; echo $?
            hector-search move c b --replace $db; echo $?
            hector-search collections $db | jq -r .name
            hector-search dump -C b $db | jq -r .id
            hector-search move none d $db; echo $?
            hector-search move b b $db; echo $?
            """#)
        #expect(
            result.lines == ["1", "0", "0", "b", "of a", "1", "64"], "\(result.errors)")
        #expect(result.errors.contains("there is a collection 'b' already"))
    }

    @Test(arguments: [
        "collections", "get -C c a", "dump -C c", "move a b", "verify", "compact",
        "create -C c --dimension 3 --property a=b", "upsert -C c --create --property a=b",
    ])
    func `a database without a catalog says so`(command: String) async throws {
        let result = try await run(
            "echo '{\"id\":\"a\",\"vector\":[1]}' | hector-search \(command) $plain")
        #expect(result.status == 78)
        #expect(
            result.errors
                == "hector-search: plugin 'plain' has no catalog (capability 'catalog')\n")
    }

    @Test func `an index says where its documents are and what embeds them`() async throws {
        let result = try await run(
            #"""
            cat > config.yaml <<END
            plugins: { database_providers: { cat: { path: $catalog, config: { path: $PWD/db } } } }
            document_stores: { docs: { path: ./docs }, more: { path: ./docs } }
            END
            export HECTOR_CONFIG=$PWD/config.yaml
            mkdir docs; echo 'Backups run at night.' > docs/backups.md
            hector index docs && hector index more --rebuild
            hector-search collections |
                jq -c --arg docs "$PWD/docs" '[(.name | sub("-[0-9a-f]{12}$"; "-")), .embedder, .source == $docs, .properties.model, .properties.alpha]'
            """#)
        #expect(
            result.lines == [
                #"["docs-","hash-embedder",true,"hash-v1","0.05"]"#,
                #"["more-","hash-embedder",true,"hash-v1","0.05"]"#,
            ], "\(result.errors)")
    }

    @Test func `the default database verifies and compacts its files`() async throws {
        let result = try await Shell().run(
            #"""
            seq 300 | jq -c '{id: "\(.)", content: "text \(.)", vector: [., 1]}' > in
            hector-search upsert -C c --create < in
            hector-search verify; echo $?
            hector-search delete -C c --text < <(seq 290)
            hector-search compact | jq -c '.bytes_after > 0 and .bytes_after < .bytes_before'
            hector-search dump -C c | wc -l
            folder=$HOME/.local/share/hector/vectors
            file=$(ls $folder/records-* | head -n 1)
            printf 'XXXX' | dd of="$file" bs=1 seek=$(($(stat -c %s "$file") / 2)) conv=notrunc 2> /dev/null
            hector-search verify | jq -r .problem | grep -c "records-"
            echo ${PIPESTATUS[0]}
            hector-search verify -C none; echo $?
            rm "$file"
            hector-search verify | jq -r .problem | grep -c "^'$file': it is missing; affected:"
            """#)
        #expect(result.lines.prefix(3) == ["0", "true", "10"], "\(result.output)\(result.errors)")
        #expect(result.lines.dropFirst(4) == ["1", "1", "1"], "\(result.output)\(result.errors)")
        #expect(result.lines.count == 7)
    }

    @Test func `damage is printed, and the room that is given back`() async throws {
        let result = try await run(
            #"""
            hector-search verify $db; echo $?
            FAULT='record "a" is damaged' hector-search verify -C c $db; echo $?
            hector-search compact $db; echo $?
            """#)
        #expect(
            result.lines == [
                "0", #"{"problem":"record \"a\" is damaged"}"#, "1",
                #"{"bytes_before":3000,"bytes_after":1000}"#, "0",
            ], "\(result.errors)")
    }

    @Test func `an id with half a surrogate pair is refused`() async throws {
        let result = try await Shell().run(
            #"""
            printf '{"id":"%s","content":"a","vector":[1,0]}\n' '\ud800' '\udfff' 'a\ufffd' '\ud83d\ude00' |
                hector-search upsert -C c --create | grep -o '"code":"[a-z_]*"'
            hector-search dump -C c | jq -c '.id | explode'
            """#)
        #expect(
            result.lines == [
                #""code":"invalid_id""#, #""code":"invalid_id""#, "[97,65533]", "[128512]",
            ], "\(result.errors)")
    }

    @Test func `the names of collections are completed`() async throws {
        let result = try await Shell().run(
            #"""
            echo '{"id":"a","content":"a","vector":[1,0]}' > in
            hector-search upsert -C notes --create < in
            hector-search upsert -C news --create < in
            for words in 'hector-search -C n' 'hector-search dump -C ne' 'hector-search --collection n'; do
                bash -c '
                    eval "$(hector-search --generate-completion-script bash)"
                    read -ra COMP_WORDS <<< "$1"
                    COMP_CWORD=$((${#COMP_WORDS[@]} - 1)) COMP_LINE=$1 COMP_POINT=${#1}
                    COMP_TYPE=9 COMP_KEY=9
                    _hector-search hector-search "${COMP_WORDS[COMP_CWORD]}" "${COMP_WORDS[COMP_CWORD - 1]}"
                    echo "${COMPREPLY[@]}"' bash "$words"
            done
            """#)
        #expect(result.lines == ["news notes", "news", "news notes"], "\(result.errors)")
    }
}
