#!/bin/bash
# Indexes the text files of a folder that match a pattern.
#
#     index-docs.sh FOLDER [COLLECTION [PATTERN]]
#
# By default the collection is docs and the pattern is *.md. Files that are not
# text are named on standard error and skipped, and the exit status is 1; the others are indexed.
set -euo pipefail
folder=${1:?usage: index-docs.sh FOLDER [COLLECTION [PATTERN]]}
collection=${2:-docs}
pattern=${3:-*.md}

find "$folder" -name '.?*' -prune -o -type f -name "$pattern" -print0 |
    hector-chunk --null |
    hector-embed --document |
    hector-search upsert --collection "$collection" --create
