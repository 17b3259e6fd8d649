#!/bin/bash
# Shows the passages of a collection that match a question best, each with its file and score.
#
#     ask.sh QUESTION [COLLECTION]
#
# Ends with status 1 if there are no results.
set -euo pipefail
question=${1:?usage: ask.sh QUESTION [COLLECTION]}
collection=${2:-docs}

# A record that failed has the reason instead of results.
# shellcheck disable=SC2016 # The quotes hold a jq program.
passages='
    if .error then .error.message | halt_error(1) else .results[] end
    | "\(.metadata.path // .id)  (\(.score * 1000 | round / 1000))",
      (.content | split("\n") | map("    " + .) | join("\n")),
      ""'

hector-search query --collection "$collection" --top-k 3 -- "$question" |
    jq --raw-output "$passages"
