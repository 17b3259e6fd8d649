#!/bin/bash
# Brings a collection up to date with a folder: embeds the passages that are new or have changed,
# deletes those that are gone, and leaves the others alone. Silent when all is well, so that cron
# sends no mail. See ../cron and ../systemd.
#
#     cron-index.sh FOLDER [COLLECTION [PATTERN]]
#
# Records that failed are kept in $XDG_STATE_HOME/hector/COLLECTION.failed.jsonl. While one run is
# going another does nothing. For collections of less than 100,000 passages.
set -euo pipefail
folder=${1:?usage: cron-index.sh FOLDER [COLLECTION [PATTERN]]}
collection=${2:-docs}
pattern=${3:-*.md}
most=100000

state=${XDG_STATE_HOME:-$HOME/.local/state}/hector
failures=$state/$collection.failed.jsonl
mkdir -p "$state"
exec 9>"$state/$collection.lock"
flock --nonblock 9 || exit 0

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export LC_ALL=C.UTF-8

# What there is. Files that are not text are none of our business; others that were skipped are.
chunked=0
find "$folder" -name '.?*' -prune -o -type f -name "$pattern" -print0 |
    hector-chunk --null --quiet --errors "$work/skipped" >"$work/chunks" || chunked=$?
[ "$chunked" -le 1 ] || exit "$chunked"
chunked=$(jq --slurp 'any(.error.code != "not_text") | if . then 1 else 0 end' "$work/skipped")

# What is stored: a search for anything, with as many results as there can be.
dimension=$(hector-embed info | jq .dimension)
hector-search create --collection "$collection" --dimension "$dimension"
hector-embed . | hector-search --collection "$collection" --top-k $most >"$work/found" ||
    [ $? = 1 ] # Nothing yet.
stored=$(jq '.results | length' "$work/found")
if [ "$stored" -ge $most ]; then
    echo "cron-index: '$collection' has $most passages or more: too many for this script" >&2
    exit 65
fi

# A passage is the same if its id, its place in the file and its text are.
same='{id, offset: .metadata.offset, sha256: .metadata.sha256}'
jq --compact-output ".results[] | $same" "$work/found" | sort >"$work/stored"
jq --compact-output "$same" "$work/chunks" | sort >"$work/present"
comm -13 "$work/stored" "$work/present" >"$work/new"

embedded=0
jq --compact-output --slurpfile new "$work/new" --null-input \
    '($new | map({key: .id, value: true}) | from_entries) as $isNew
    | inputs | select($isNew[.id])' "$work/chunks" |
    hector-embed --document |
    hector-search upsert --collection "$collection" --errors "$failures" || embedded=$?
if [ "$embedded" = 1 ]; then
    echo "cron-index: $(wc -l <"$failures") passages of '$folder' failed: see '$failures'" >&2
fi

# A file that could not be read may be readable tomorrow: then nothing is deleted.
if [ "$chunked" = 0 ]; then
    jq --compact-output '.results[] | {id}' "$work/found" | sort >"$work/stored"
    jq --compact-output '{id}' "$work/chunks" | sort >"$work/present"
    comm -23 "$work/stored" "$work/present" | hector-search delete --collection "$collection"
fi
exit $((embedded > chunked ? embedded : chunked))
