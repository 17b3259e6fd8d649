function __hector-search_should_offer_completions_for_flags_or_options -a expected_commands
    set -l non_repeating_flags_or_options $argv[2..]
    set -l non_repeating_flags_or_options_absent 0
    set -l positional_index 0
    set -l commands
    __hector-search_parse_tokens
    test "$commands" = "$expected_commands"; and return $non_repeating_flags_or_options_absent
end

function __hector-search_should_offer_completions_for_positional -a expected_commands positional_index_comparison expected_positional_index
    set -l non_repeating_flags_or_options
    set -l non_repeating_flags_or_options_absent 0
    set -l positional_index 0
    set -l commands
    __hector-search_parse_tokens
    test "$commands" = "$expected_commands" -a \( "$positional_index" "$positional_index_comparison" "$expected_positional_index" \)
end

function __hector-search_parse_tokens -S
    set -l unparsed_tokens (__hector-search_tokens -pc)
    switch $unparsed_tokens[1]
    case 'hector-search'
        __hector-search_parse_subcommand 0 'C/collection=' 'k/top-k=' 'min-score=' 'filter=' 'mode=' 'alpha=' 'embed' 'embedder=' 'search-option=+' 'explain' 'all' 'vectors' 'encoding=' 'plugin=' 'socket=' 'o/option=+' 'config=' 'j/jobs=' 'batch-size=' 'timeout=' 'eager' '0/null' 'text' 'field=' 'unordered' 'window=' 'spill' 'fail-fast' 'errors=' 'summary' 'progress' 'max-line=' 'debug' 'q/quiet' 'version' 'h/help'
        switch $unparsed_tokens[1]
        case 'query'
            __hector-search_parse_subcommand -r 1 'C/collection=' 'k/top-k=' 'min-score=' 'filter=' 'mode=' 'alpha=' 'embed' 'embedder=' 'search-option=+' 'explain' 'all' 'vectors' 'encoding=' 'plugin=' 'socket=' 'o/option=+' 'config=' 'j/jobs=' 'batch-size=' 'timeout=' 'eager' '0/null' 'text' 'field=' 'unordered' 'window=' 'spill' 'fail-fast' 'errors=' 'summary' 'progress' 'max-line=' 'debug' 'q/quiet' 'version' 'h/help'
        case 'upsert'
            __hector-search_parse_subcommand 0 'C/collection=' 'create' 'embed' 'embedder=' 'property=+' 'ack' 'pass' 'plugin=' 'socket=' 'o/option=+' 'config=' 'j/jobs=' 'batch-size=' 'timeout=' 'eager' '0/null' 'text' 'field=' 'unordered' 'window=' 'spill' 'fail-fast' 'errors=' 'summary' 'progress' 'max-line=' 'debug' 'q/quiet' 'version' 'h/help'
        case 'delete'
            __hector-search_parse_subcommand -r 1 'C/collection=' 'ack' 'pass' 'plugin=' 'socket=' 'o/option=+' 'config=' 'j/jobs=' 'batch-size=' 'timeout=' 'eager' '0/null' 'text' 'field=' 'unordered' 'window=' 'spill' 'fail-fast' 'errors=' 'summary' 'progress' 'max-line=' 'debug' 'q/quiet' 'version' 'h/help'
        case 'create'
            __hector-search_parse_subcommand 0 'C/collection=' 'dimension=' 'property=+' 'plugin=' 'socket=' 'o/option=+' 'config=' 'timeout=' 'debug' 'q/quiet' 'version' 'h/help'
        case 'drop'
            __hector-search_parse_subcommand 0 'C/collection=' 'plugin=' 'socket=' 'o/option=+' 'config=' 'timeout=' 'debug' 'q/quiet' 'version' 'h/help'
        case 'collections'
            __hector-search_parse_subcommand 1 'json' 'plugin=' 'socket=' 'o/option=+' 'config=' 'timeout=' 'debug' 'q/quiet' 'version' 'h/help'
        case 'get'
            __hector-search_parse_subcommand -r 1 'C/collection=' 'vectors' 'encoding=' 'plugin=' 'socket=' 'o/option=+' 'config=' 'j/jobs=' 'batch-size=' 'timeout=' 'eager' '0/null' 'text' 'field=' 'unordered' 'window=' 'spill' 'fail-fast' 'errors=' 'summary' 'progress' 'max-line=' 'debug' 'q/quiet' 'version' 'h/help'
        case 'dump'
            __hector-search_parse_subcommand 0 'C/collection=' 'filter=' 'after=' 'no-vectors' 'encoding=' 'plugin=' 'socket=' 'o/option=+' 'config=' 'timeout=' 'debug' 'q/quiet' 'version' 'h/help'
        case 'move'
            __hector-search_parse_subcommand 2 'replace' 'plugin=' 'socket=' 'o/option=+' 'config=' 'timeout=' 'debug' 'q/quiet' 'version' 'h/help'
        case 'verify'
            __hector-search_parse_subcommand 0 'C/collection=' 'plugin=' 'socket=' 'o/option=+' 'config=' 'timeout=' 'debug' 'q/quiet' 'version' 'h/help'
        case 'compact'
            __hector-search_parse_subcommand 0 'C/collection=' 'plugin=' 'socket=' 'o/option=+' 'config=' 'timeout=' 'debug' 'q/quiet' 'version' 'h/help'
        case 'help'
            __hector-search_parse_subcommand -r 1 'version'
        end
    end
end

function __hector-search_tokens
    if test (string split -m 1 -f 1 -- . "$FISH_VERSION") -gt 3
        commandline --tokens-raw $argv
    else
        commandline -o $argv
    end
end

function __hector-search_parse_subcommand -S -a positional_count
    argparse -s r -- $argv
    set -l option_specs $argv[2..]
    set -l is_repeating_positional $_flag_r
    set -el _flag_r
    set -a commands $unparsed_tokens[1]
    set positional_index 0
    while true
        set -e unparsed_tokens[1]
        argparse -sn "$commands" $option_specs -- $unparsed_tokens 2> /dev/null
        set unparsed_tokens $argv
        set positional_index (math $positional_index + 1)
        for non_repeating_flag_or_option in $non_repeating_flags_or_options
            if set -ql "_flag_$(string replace -a - _ -- $non_repeating_flag_or_option)"
                set non_repeating_flags_or_options_absent 1
                break
            end
        end
        test (count $unparsed_tokens) -eq 0 -o \( -z "$is_repeating_positional" -a "$positional_index" -gt "$positional_count" \) && break
    end
end

function __hector-search_complete_directories
    set -l token (commandline -t)
    string match -- '*/' $token
    set -l subdirs $token*/
    printf %s\n $subdirs
end

function __hector-search_custom_completion
    set -x SAP_SHELL fish
    set -x SAP_SHELL_VERSION $FISH_VERSION
    set -l tokens (__hector-search_tokens -p)
    if test -z "$(__hector-search_tokens -t)"
        set -l index (count (__hector-search_tokens -pc))
        set tokens $tokens[..$index] \'\' $tokens[(math $index + 1)..]
    end
    command $tokens[1] $argv $tokens
end

complete -c 'hector-search' -f
complete -c 'hector-search' -n '__hector-search_should_offer_completions_for_flags_or_options "hector-search" C collection' -s 'C' -l 'collection' -d 'The collection.' -rfka '(__hector-search_custom_completion ---completion -- --collection (count (__hector-search_tokens -pc)) (__hector-search_tokens -tC))'
complete -c 'hector-search' -n '__hector-search_should_offer_completions_for_flags_or_options "hector-search" k top-k' -s 'k' -l 'top-k' -d 'The most results for each record.' -rfka ''
complete -c 'hector-search' -n '__hector-search_should_offer_completions_for_flags_or_options "hector-search" min-score' -l 'min-score' -d 'Leave out results with a lower score.' -rfka ''
complete -c 'hector-search' -n '__hector-search_should_offer_completions_for_flags_or_options "hector-search" filter' -l 'filter' -d 'Only documents whose metadata matches this JSON object; see hector-plugins(7).' -rfka ''
complete -c 'hector-search' -n '__hector-search_should_offer_completions_for_flags_or_options "hector-search" mode' -l 'mode' -d 'Search by the vector and the words, or by one of them.' -rfka 'hybrid vector text'
complete -c 'hector-search' -n '__hector-search_should_offer_completions_for_flags_or_options "hector-search" alpha' -l 'alpha' -d 'The weight of the vector, from 0 to 1; the words have the rest.' -rfka ''
complete -c 'hector-search' -n '__hector-search_should_offer_completions_for_flags_or_options "hector-search" embed' -l 'embed' -d 'Embed the text of each record that has no vector.'
complete -c 'hector-search' -n '__hector-search_should_offer_completions_for_flags_or_options "hector-search" embedder' -l 'embedder' -d 'The embedder for --embed, which this implies: a name as for --plugin, or a path.' -rfka '(__hector-search_custom_completion ---completion -- --embedder (count (__hector-search_tokens -pc)) (__hector-search_tokens -tC))'
complete -c 'hector-search' -n '__hector-search_should_offer_completions_for_flags_or_options "hector-search"' -l 'search-option' -d 'Set an option of the search that is the database\'s own; repeat for more.' -rfka ''
complete -c 'hector-search' -n '__hector-search_should_offer_completions_for_flags_or_options "hector-search" explain' -l 'explain' -d 'Add to each result how its score came about.'
complete -c 'hector-search' -n '__hector-search_should_offer_completions_for_flags_or_options "hector-search" all' -l 'all' -d 'Keep results that say the same as a better one.'
complete -c 'hector-search' -n '__hector-search_should_offer_completions_for_flags_or_options "hector-search" vectors' -l 'vectors' -d 'Add its vector to each result.'
complete -c 'hector-search' -n '__hector-search_should_offer_completions_for_flags_or_options "hector-search" encoding' -l 'encoding' -d 'The form of vectors: an array of numbers, or the base64 of 32-bit floats.' -rfka 'float base64'
complete -c 'hector-search' -n '__hector-search_should_offer_completions_for_flags_or_options "hector-search" plugin' -l 'plugin' -d 'The plugin: a name from the configuration, a discovered or built-in one, or a path.' -rfka '(__hector-search_custom_completion ---completion -- --plugin (count (__hector-search_tokens -pc)) (__hector-search_tokens -tC))'
complete -c 'hector-search' -n '__hector-search_should_offer_completions_for_flags_or_options "hector-search" socket' -l 'socket' -d 'Use a plugin that is already running, and leave it running.' -rfka ''
complete -c 'hector-search' -n '__hector-search_should_offer_completions_for_flags_or_options "hector-search"' -l 'option' -s 'o' -d 'Set an option of the plugin; repeat for more.' -rfka ''
complete -c 'hector-search' -n '__hector-search_should_offer_completions_for_flags_or_options "hector-search" config' -l 'config' -d 'Read the configuration from this file.' -rfka ''
complete -c 'hector-search' -n '__hector-search_should_offer_completions_for_flags_or_options "hector-search" j jobs' -l 'jobs' -s 'j' -d 'Keep up to N calls in flight.' -rfka ''
complete -c 'hector-search' -n '__hector-search_should_offer_completions_for_flags_or_options "hector-search" batch-size' -l 'batch-size' -d 'Put up to N records into one call, if the plugin can do that.' -rfka ''
complete -c 'hector-search' -n '__hector-search_should_offer_completions_for_flags_or_options "hector-search" timeout' -l 'timeout' -d 'Give up a call after this long: 90, 90s, 500ms or 5m.' -rfka ''
complete -c 'hector-search' -n '__hector-search_should_offer_completions_for_flags_or_options "hector-search" eager' -l 'eager' -d 'Start the plugin at once, not when the first record comes.'
complete -c 'hector-search' -n '__hector-search_should_offer_completions_for_flags_or_options "hector-search" 0 null' -s '0' -l 'null' -d 'Records end in NUL, not newline, on both sides.'
complete -c 'hector-search' -n '__hector-search_should_offer_completions_for_flags_or_options "hector-search" text' -l 'text' -d 'Each input line is plain text, not JSON.'
complete -c 'hector-search' -n '__hector-search_should_offer_completions_for_flags_or_options "hector-search" field' -l 'field' -d 'The member that holds a record\'s text.' -rfka ''
complete -c 'hector-search' -n '__hector-search_should_offer_completions_for_flags_or_options "hector-search" unordered' -l 'unordered' -d 'Write records as they are done, not in the order they came.'
complete -c 'hector-search' -n '__hector-search_should_offer_completions_for_flags_or_options "hector-search" window' -l 'window' -d 'Hold at most this much that waits for an earlier record or is being processed.' -rfka ''
complete -c 'hector-search' -n '__hector-search_should_offer_completions_for_flags_or_options "hector-search" spill' -l 'spill' -d 'Put what does not fit into the window into a file in $TMPDIR.'
complete -c 'hector-search' -n '__hector-search_should_offer_completions_for_flags_or_options "hector-search" fail-fast' -l 'fail-fast' -d 'Stop at the first record that fails.'
complete -c 'hector-search' -n '__hector-search_should_offer_completions_for_flags_or_options "hector-search" errors' -l 'errors' -d 'Write failed records to this file.' -rfka ''
complete -c 'hector-search' -n '__hector-search_should_offer_completions_for_flags_or_options "hector-search" summary' -l 'summary' -d 'Print a line of JSON with totals to standard error at the end.'
complete -c 'hector-search' -n '__hector-search_should_offer_completions_for_flags_or_options "hector-search" progress' -l 'progress' -d 'Show progress on standard error.'
complete -c 'hector-search' -n '__hector-search_should_offer_completions_for_flags_or_options "hector-search" max-line' -l 'max-line' -d 'The longest line to accept, in bytes: 1000000, 512K, 64M.' -rfka ''
complete -c 'hector-search' -n '__hector-search_should_offer_completions_for_flags_or_options "hector-search" debug' -l 'debug' -d 'Show what plugins write, and how they are run.'
complete -c 'hector-search' -n '__hector-search_should_offer_completions_for_flags_or_options "hector-search" q quiet' -l 'quiet' -s 'q' -d 'Print only errors.'
complete -c 'hector-search' -n '__hector-search_should_offer_completions_for_flags_or_options "hector-search" version' -l 'version' -d 'Show the version.'
complete -c 'hector-search' -n '__hector-search_should_offer_completions_for_flags_or_options "hector-search" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'hector-search' -n '__hector-search_should_offer_completions_for_positional "hector-search" -eq 1' -fa 'query' -d 'Search; the default subcommand.'
complete -c 'hector-search' -n '__hector-search_should_offer_completions_for_positional "hector-search" -eq 1' -fa 'upsert' -d 'Store each record, replacing the one with the same id.'
complete -c 'hector-search' -n '__hector-search_should_offer_completions_for_positional "hector-search" -eq 1' -fa 'delete' -d 'Delete each record, by its id.'
complete -c 'hector-search' -n '__hector-search_should_offer_completions_for_positional "hector-search" -eq 1' -fa 'create' -d 'Create a collection.'
complete -c 'hector-search' -n '__hector-search_should_offer_completions_for_positional "hector-search" -eq 1' -fa 'drop' -d 'Delete a collection and everything in it.'
complete -c 'hector-search' -n '__hector-search_should_offer_completions_for_positional "hector-search" -eq 1' -fa 'collections' -d 'Print the collections of the database.'
complete -c 'hector-search' -n '__hector-search_should_offer_completions_for_positional "hector-search" -eq 1' -fa 'get' -d 'Print records by their ids.'
complete -c 'hector-search' -n '__hector-search_should_offer_completions_for_positional "hector-search" -eq 1' -fa 'dump' -d 'Print all records of a collection, as upsert takes them back.'
complete -c 'hector-search' -n '__hector-search_should_offer_completions_for_positional "hector-search" -eq 1' -fa 'move' -d 'Give a collection another name, at once.'
complete -c 'hector-search' -n '__hector-search_should_offer_completions_for_positional "hector-search" -eq 1' -fa 'verify' -d 'Read all that is stored, and print what is damaged.'
complete -c 'hector-search' -n '__hector-search_should_offer_completions_for_positional "hector-search" -eq 1' -fa 'compact' -d 'Give back the room that deleted and replaced records have left.'
complete -c 'hector-search' -n '__hector-search_should_offer_completions_for_positional "hector-search" -eq 1' -fa 'help' -d 'Show subcommand help information.'
complete -c 'hector-search' -n '__hector-search_should_offer_completions_for_flags_or_options "hector-search query" C collection' -s 'C' -l 'collection' -d 'The collection.' -rfka '(__hector-search_custom_completion ---completion query -- --collection (count (__hector-search_tokens -pc)) (__hector-search_tokens -tC))'
complete -c 'hector-search' -n '__hector-search_should_offer_completions_for_flags_or_options "hector-search query" k top-k' -s 'k' -l 'top-k' -d 'The most results for each record.' -rfka ''
complete -c 'hector-search' -n '__hector-search_should_offer_completions_for_flags_or_options "hector-search query" min-score' -l 'min-score' -d 'Leave out results with a lower score.' -rfka ''
complete -c 'hector-search' -n '__hector-search_should_offer_completions_for_flags_or_options "hector-search query" filter' -l 'filter' -d 'Only documents whose metadata matches this JSON object; see hector-plugins(7).' -rfka ''
complete -c 'hector-search' -n '__hector-search_should_offer_completions_for_flags_or_options "hector-search query" mode' -l 'mode' -d 'Search by the vector and the words, or by one of them.' -rfka 'hybrid vector text'
complete -c 'hector-search' -n '__hector-search_should_offer_completions_for_flags_or_options "hector-search query" alpha' -l 'alpha' -d 'The weight of the vector, from 0 to 1; the words have the rest.' -rfka ''
complete -c 'hector-search' -n '__hector-search_should_offer_completions_for_flags_or_options "hector-search query" embed' -l 'embed' -d 'Embed the text of each record that has no vector.'
complete -c 'hector-search' -n '__hector-search_should_offer_completions_for_flags_or_options "hector-search query" embedder' -l 'embedder' -d 'The embedder for --embed, which this implies: a name as for --plugin, or a path.' -rfka '(__hector-search_custom_completion ---completion query -- --embedder (count (__hector-search_tokens -pc)) (__hector-search_tokens -tC))'
complete -c 'hector-search' -n '__hector-search_should_offer_completions_for_flags_or_options "hector-search query"' -l 'search-option' -d 'Set an option of the search that is the database\'s own; repeat for more.' -rfka ''
complete -c 'hector-search' -n '__hector-search_should_offer_completions_for_flags_or_options "hector-search query" explain' -l 'explain' -d 'Add to each result how its score came about.'
complete -c 'hector-search' -n '__hector-search_should_offer_completions_for_flags_or_options "hector-search query" all' -l 'all' -d 'Keep results that say the same as a better one.'
complete -c 'hector-search' -n '__hector-search_should_offer_completions_for_flags_or_options "hector-search query" vectors' -l 'vectors' -d 'Add its vector to each result.'
complete -c 'hector-search' -n '__hector-search_should_offer_completions_for_flags_or_options "hector-search query" encoding' -l 'encoding' -d 'The form of vectors: an array of numbers, or the base64 of 32-bit floats.' -rfka 'float base64'
complete -c 'hector-search' -n '__hector-search_should_offer_completions_for_flags_or_options "hector-search query" plugin' -l 'plugin' -d 'The plugin: a name from the configuration, a discovered or built-in one, or a path.' -rfka '(__hector-search_custom_completion ---completion query -- --plugin (count (__hector-search_tokens -pc)) (__hector-search_tokens -tC))'
complete -c 'hector-search' -n '__hector-search_should_offer_completions_for_flags_or_options "hector-search query" socket' -l 'socket' -d 'Use a plugin that is already running, and leave it running.' -rfka ''
complete -c 'hector-search' -n '__hector-search_should_offer_completions_for_flags_or_options "hector-search query"' -l 'option' -s 'o' -d 'Set an option of the plugin; repeat for more.' -rfka ''
complete -c 'hector-search' -n '__hector-search_should_offer_completions_for_flags_or_options "hector-search query" config' -l 'config' -d 'Read the configuration from this file.' -rfka ''
complete -c 'hector-search' -n '__hector-search_should_offer_completions_for_flags_or_options "hector-search query" j jobs' -l 'jobs' -s 'j' -d 'Keep up to N calls in flight.' -rfka ''
complete -c 'hector-search' -n '__hector-search_should_offer_completions_for_flags_or_options "hector-search query" batch-size' -l 'batch-size' -d 'Put up to N records into one call, if the plugin can do that.' -rfka ''
complete -c 'hector-search' -n '__hector-search_should_offer_completions_for_flags_or_options "hector-search query" timeout' -l 'timeout' -d 'Give up a call after this long: 90, 90s, 500ms or 5m.' -rfka ''
complete -c 'hector-search' -n '__hector-search_should_offer_completions_for_flags_or_options "hector-search query" eager' -l 'eager' -d 'Start the plugin at once, not when the first record comes.'
complete -c 'hector-search' -n '__hector-search_should_offer_completions_for_flags_or_options "hector-search query" 0 null' -s '0' -l 'null' -d 'Records end in NUL, not newline, on both sides.'
complete -c 'hector-search' -n '__hector-search_should_offer_completions_for_flags_or_options "hector-search query" text' -l 'text' -d 'Each input line is plain text, not JSON.'
complete -c 'hector-search' -n '__hector-search_should_offer_completions_for_flags_or_options "hector-search query" field' -l 'field' -d 'The member that holds a record\'s text.' -rfka ''
complete -c 'hector-search' -n '__hector-search_should_offer_completions_for_flags_or_options "hector-search query" unordered' -l 'unordered' -d 'Write records as they are done, not in the order they came.'
complete -c 'hector-search' -n '__hector-search_should_offer_completions_for_flags_or_options "hector-search query" window' -l 'window' -d 'Hold at most this much that waits for an earlier record or is being processed.' -rfka ''
complete -c 'hector-search' -n '__hector-search_should_offer_completions_for_flags_or_options "hector-search query" spill' -l 'spill' -d 'Put what does not fit into the window into a file in $TMPDIR.'
complete -c 'hector-search' -n '__hector-search_should_offer_completions_for_flags_or_options "hector-search query" fail-fast' -l 'fail-fast' -d 'Stop at the first record that fails.'
complete -c 'hector-search' -n '__hector-search_should_offer_completions_for_flags_or_options "hector-search query" errors' -l 'errors' -d 'Write failed records to this file.' -rfka ''
complete -c 'hector-search' -n '__hector-search_should_offer_completions_for_flags_or_options "hector-search query" summary' -l 'summary' -d 'Print a line of JSON with totals to standard error at the end.'
complete -c 'hector-search' -n '__hector-search_should_offer_completions_for_flags_or_options "hector-search query" progress' -l 'progress' -d 'Show progress on standard error.'
complete -c 'hector-search' -n '__hector-search_should_offer_completions_for_flags_or_options "hector-search query" max-line' -l 'max-line' -d 'The longest line to accept, in bytes: 1000000, 512K, 64M.' -rfka ''
complete -c 'hector-search' -n '__hector-search_should_offer_completions_for_flags_or_options "hector-search query" debug' -l 'debug' -d 'Show what plugins write, and how they are run.'
complete -c 'hector-search' -n '__hector-search_should_offer_completions_for_flags_or_options "hector-search query" q quiet' -l 'quiet' -s 'q' -d 'Print only errors.'
complete -c 'hector-search' -n '__hector-search_should_offer_completions_for_flags_or_options "hector-search query" version' -l 'version' -d 'Show the version.'
complete -c 'hector-search' -n '__hector-search_should_offer_completions_for_flags_or_options "hector-search query" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'hector-search' -n '__hector-search_should_offer_completions_for_flags_or_options "hector-search upsert" C collection' -s 'C' -l 'collection' -d 'The collection.' -rfka '(__hector-search_custom_completion ---completion upsert -- --collection (count (__hector-search_tokens -pc)) (__hector-search_tokens -tC))'
complete -c 'hector-search' -n '__hector-search_should_offer_completions_for_flags_or_options "hector-search upsert" create' -l 'create' -d 'Create the collection first, if it does not exist.'
complete -c 'hector-search' -n '__hector-search_should_offer_completions_for_flags_or_options "hector-search upsert" embed' -l 'embed' -d 'Embed the text of each record first, even if it has a vector.'
complete -c 'hector-search' -n '__hector-search_should_offer_completions_for_flags_or_options "hector-search upsert" embedder' -l 'embedder' -d 'The embedder for --embed, which this implies: a name as for --plugin, or a path.' -rfka '(__hector-search_custom_completion ---completion upsert -- --embedder (count (__hector-search_tokens -pc)) (__hector-search_tokens -tC))'
complete -c 'hector-search' -n '__hector-search_should_offer_completions_for_flags_or_options "hector-search upsert"' -l 'property' -d 'Keep a fact with the collection, such as language=de; repeat for more.' -rfka ''
complete -c 'hector-search' -n '__hector-search_should_offer_completions_for_flags_or_options "hector-search upsert" ack' -l 'ack' -d 'Print the id of each record that is done.'
complete -c 'hector-search' -n '__hector-search_should_offer_completions_for_flags_or_options "hector-search upsert" pass' -l 'pass' -d 'Print each record that is done.'
complete -c 'hector-search' -n '__hector-search_should_offer_completions_for_flags_or_options "hector-search upsert" plugin' -l 'plugin' -d 'The plugin: a name from the configuration, a discovered or built-in one, or a path.' -rfka '(__hector-search_custom_completion ---completion upsert -- --plugin (count (__hector-search_tokens -pc)) (__hector-search_tokens -tC))'
complete -c 'hector-search' -n '__hector-search_should_offer_completions_for_flags_or_options "hector-search upsert" socket' -l 'socket' -d 'Use a plugin that is already running, and leave it running.' -rfka ''
complete -c 'hector-search' -n '__hector-search_should_offer_completions_for_flags_or_options "hector-search upsert"' -l 'option' -s 'o' -d 'Set an option of the plugin; repeat for more.' -rfka ''
complete -c 'hector-search' -n '__hector-search_should_offer_completions_for_flags_or_options "hector-search upsert" config' -l 'config' -d 'Read the configuration from this file.' -rfka ''
complete -c 'hector-search' -n '__hector-search_should_offer_completions_for_flags_or_options "hector-search upsert" j jobs' -l 'jobs' -s 'j' -d 'Keep up to N calls in flight.' -rfka ''
complete -c 'hector-search' -n '__hector-search_should_offer_completions_for_flags_or_options "hector-search upsert" batch-size' -l 'batch-size' -d 'Put up to N records into one call, if the plugin can do that.' -rfka ''
complete -c 'hector-search' -n '__hector-search_should_offer_completions_for_flags_or_options "hector-search upsert" timeout' -l 'timeout' -d 'Give up a call after this long: 90, 90s, 500ms or 5m.' -rfka ''
complete -c 'hector-search' -n '__hector-search_should_offer_completions_for_flags_or_options "hector-search upsert" eager' -l 'eager' -d 'Start the plugin at once, not when the first record comes.'
complete -c 'hector-search' -n '__hector-search_should_offer_completions_for_flags_or_options "hector-search upsert" 0 null' -s '0' -l 'null' -d 'Records end in NUL, not newline, on both sides.'
complete -c 'hector-search' -n '__hector-search_should_offer_completions_for_flags_or_options "hector-search upsert" text' -l 'text' -d 'Each input line is plain text, not JSON.'
complete -c 'hector-search' -n '__hector-search_should_offer_completions_for_flags_or_options "hector-search upsert" field' -l 'field' -d 'The member that holds a record\'s text.' -rfka ''
complete -c 'hector-search' -n '__hector-search_should_offer_completions_for_flags_or_options "hector-search upsert" unordered' -l 'unordered' -d 'Write records as they are done, not in the order they came.'
complete -c 'hector-search' -n '__hector-search_should_offer_completions_for_flags_or_options "hector-search upsert" window' -l 'window' -d 'Hold at most this much that waits for an earlier record or is being processed.' -rfka ''
complete -c 'hector-search' -n '__hector-search_should_offer_completions_for_flags_or_options "hector-search upsert" spill' -l 'spill' -d 'Put what does not fit into the window into a file in $TMPDIR.'
complete -c 'hector-search' -n '__hector-search_should_offer_completions_for_flags_or_options "hector-search upsert" fail-fast' -l 'fail-fast' -d 'Stop at the first record that fails.'
complete -c 'hector-search' -n '__hector-search_should_offer_completions_for_flags_or_options "hector-search upsert" errors' -l 'errors' -d 'Write failed records to this file.' -rfka ''
complete -c 'hector-search' -n '__hector-search_should_offer_completions_for_flags_or_options "hector-search upsert" summary' -l 'summary' -d 'Print a line of JSON with totals to standard error at the end.'
complete -c 'hector-search' -n '__hector-search_should_offer_completions_for_flags_or_options "hector-search upsert" progress' -l 'progress' -d 'Show progress on standard error.'
complete -c 'hector-search' -n '__hector-search_should_offer_completions_for_flags_or_options "hector-search upsert" max-line' -l 'max-line' -d 'The longest line to accept, in bytes: 1000000, 512K, 64M.' -rfka ''
complete -c 'hector-search' -n '__hector-search_should_offer_completions_for_flags_or_options "hector-search upsert" debug' -l 'debug' -d 'Show what plugins write, and how they are run.'
complete -c 'hector-search' -n '__hector-search_should_offer_completions_for_flags_or_options "hector-search upsert" q quiet' -l 'quiet' -s 'q' -d 'Print only errors.'
complete -c 'hector-search' -n '__hector-search_should_offer_completions_for_flags_or_options "hector-search upsert" version' -l 'version' -d 'Show the version.'
complete -c 'hector-search' -n '__hector-search_should_offer_completions_for_flags_or_options "hector-search upsert" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'hector-search' -n '__hector-search_should_offer_completions_for_flags_or_options "hector-search delete" C collection' -s 'C' -l 'collection' -d 'The collection.' -rfka '(__hector-search_custom_completion ---completion delete -- --collection (count (__hector-search_tokens -pc)) (__hector-search_tokens -tC))'
complete -c 'hector-search' -n '__hector-search_should_offer_completions_for_flags_or_options "hector-search delete" ack' -l 'ack' -d 'Print the id of each record that is done.'
complete -c 'hector-search' -n '__hector-search_should_offer_completions_for_flags_or_options "hector-search delete" pass' -l 'pass' -d 'Print each record that is done.'
complete -c 'hector-search' -n '__hector-search_should_offer_completions_for_flags_or_options "hector-search delete" plugin' -l 'plugin' -d 'The plugin: a name from the configuration, a discovered or built-in one, or a path.' -rfka '(__hector-search_custom_completion ---completion delete -- --plugin (count (__hector-search_tokens -pc)) (__hector-search_tokens -tC))'
complete -c 'hector-search' -n '__hector-search_should_offer_completions_for_flags_or_options "hector-search delete" socket' -l 'socket' -d 'Use a plugin that is already running, and leave it running.' -rfka ''
complete -c 'hector-search' -n '__hector-search_should_offer_completions_for_flags_or_options "hector-search delete"' -l 'option' -s 'o' -d 'Set an option of the plugin; repeat for more.' -rfka ''
complete -c 'hector-search' -n '__hector-search_should_offer_completions_for_flags_or_options "hector-search delete" config' -l 'config' -d 'Read the configuration from this file.' -rfka ''
complete -c 'hector-search' -n '__hector-search_should_offer_completions_for_flags_or_options "hector-search delete" j jobs' -l 'jobs' -s 'j' -d 'Keep up to N calls in flight.' -rfka ''
complete -c 'hector-search' -n '__hector-search_should_offer_completions_for_flags_or_options "hector-search delete" batch-size' -l 'batch-size' -d 'Put up to N records into one call, if the plugin can do that.' -rfka ''
complete -c 'hector-search' -n '__hector-search_should_offer_completions_for_flags_or_options "hector-search delete" timeout' -l 'timeout' -d 'Give up a call after this long: 90, 90s, 500ms or 5m.' -rfka ''
complete -c 'hector-search' -n '__hector-search_should_offer_completions_for_flags_or_options "hector-search delete" eager' -l 'eager' -d 'Start the plugin at once, not when the first record comes.'
complete -c 'hector-search' -n '__hector-search_should_offer_completions_for_flags_or_options "hector-search delete" 0 null' -s '0' -l 'null' -d 'Records end in NUL, not newline, on both sides.'
complete -c 'hector-search' -n '__hector-search_should_offer_completions_for_flags_or_options "hector-search delete" text' -l 'text' -d 'Each input line is plain text, not JSON.'
complete -c 'hector-search' -n '__hector-search_should_offer_completions_for_flags_or_options "hector-search delete" field' -l 'field' -d 'The member that holds a record\'s text.' -rfka ''
complete -c 'hector-search' -n '__hector-search_should_offer_completions_for_flags_or_options "hector-search delete" unordered' -l 'unordered' -d 'Write records as they are done, not in the order they came.'
complete -c 'hector-search' -n '__hector-search_should_offer_completions_for_flags_or_options "hector-search delete" window' -l 'window' -d 'Hold at most this much that waits for an earlier record or is being processed.' -rfka ''
complete -c 'hector-search' -n '__hector-search_should_offer_completions_for_flags_or_options "hector-search delete" spill' -l 'spill' -d 'Put what does not fit into the window into a file in $TMPDIR.'
complete -c 'hector-search' -n '__hector-search_should_offer_completions_for_flags_or_options "hector-search delete" fail-fast' -l 'fail-fast' -d 'Stop at the first record that fails.'
complete -c 'hector-search' -n '__hector-search_should_offer_completions_for_flags_or_options "hector-search delete" errors' -l 'errors' -d 'Write failed records to this file.' -rfka ''
complete -c 'hector-search' -n '__hector-search_should_offer_completions_for_flags_or_options "hector-search delete" summary' -l 'summary' -d 'Print a line of JSON with totals to standard error at the end.'
complete -c 'hector-search' -n '__hector-search_should_offer_completions_for_flags_or_options "hector-search delete" progress' -l 'progress' -d 'Show progress on standard error.'
complete -c 'hector-search' -n '__hector-search_should_offer_completions_for_flags_or_options "hector-search delete" max-line' -l 'max-line' -d 'The longest line to accept, in bytes: 1000000, 512K, 64M.' -rfka ''
complete -c 'hector-search' -n '__hector-search_should_offer_completions_for_flags_or_options "hector-search delete" debug' -l 'debug' -d 'Show what plugins write, and how they are run.'
complete -c 'hector-search' -n '__hector-search_should_offer_completions_for_flags_or_options "hector-search delete" q quiet' -l 'quiet' -s 'q' -d 'Print only errors.'
complete -c 'hector-search' -n '__hector-search_should_offer_completions_for_flags_or_options "hector-search delete" version' -l 'version' -d 'Show the version.'
complete -c 'hector-search' -n '__hector-search_should_offer_completions_for_flags_or_options "hector-search delete" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'hector-search' -n '__hector-search_should_offer_completions_for_flags_or_options "hector-search create" C collection' -s 'C' -l 'collection' -d 'The collection.' -rfka '(__hector-search_custom_completion ---completion create -- --collection (count (__hector-search_tokens -pc)) (__hector-search_tokens -tC))'
complete -c 'hector-search' -n '__hector-search_should_offer_completions_for_flags_or_options "hector-search create" dimension' -l 'dimension' -d 'The length of each vector.' -rfka ''
complete -c 'hector-search' -n '__hector-search_should_offer_completions_for_flags_or_options "hector-search create"' -l 'property' -d 'Keep a fact with the collection, such as language=de; repeat for more.' -rfka ''
complete -c 'hector-search' -n '__hector-search_should_offer_completions_for_flags_or_options "hector-search create" plugin' -l 'plugin' -d 'The plugin: a name from the configuration, a discovered or built-in one, or a path.' -rfka '(__hector-search_custom_completion ---completion create -- --plugin (count (__hector-search_tokens -pc)) (__hector-search_tokens -tC))'
complete -c 'hector-search' -n '__hector-search_should_offer_completions_for_flags_or_options "hector-search create" socket' -l 'socket' -d 'Use a plugin that is already running, and leave it running.' -rfka ''
complete -c 'hector-search' -n '__hector-search_should_offer_completions_for_flags_or_options "hector-search create"' -l 'option' -s 'o' -d 'Set an option of the plugin; repeat for more.' -rfka ''
complete -c 'hector-search' -n '__hector-search_should_offer_completions_for_flags_or_options "hector-search create" config' -l 'config' -d 'Read the configuration from this file.' -rfka ''
complete -c 'hector-search' -n '__hector-search_should_offer_completions_for_flags_or_options "hector-search create" timeout' -l 'timeout' -d 'Give up a call after this long: 90, 90s, 500ms or 5m.' -rfka ''
complete -c 'hector-search' -n '__hector-search_should_offer_completions_for_flags_or_options "hector-search create" debug' -l 'debug' -d 'Show what plugins write, and how they are run.'
complete -c 'hector-search' -n '__hector-search_should_offer_completions_for_flags_or_options "hector-search create" q quiet' -l 'quiet' -s 'q' -d 'Print only errors.'
complete -c 'hector-search' -n '__hector-search_should_offer_completions_for_flags_or_options "hector-search create" version' -l 'version' -d 'Show the version.'
complete -c 'hector-search' -n '__hector-search_should_offer_completions_for_flags_or_options "hector-search create" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'hector-search' -n '__hector-search_should_offer_completions_for_flags_or_options "hector-search drop" C collection' -s 'C' -l 'collection' -d 'The collection.' -rfka '(__hector-search_custom_completion ---completion drop -- --collection (count (__hector-search_tokens -pc)) (__hector-search_tokens -tC))'
complete -c 'hector-search' -n '__hector-search_should_offer_completions_for_flags_or_options "hector-search drop" plugin' -l 'plugin' -d 'The plugin: a name from the configuration, a discovered or built-in one, or a path.' -rfka '(__hector-search_custom_completion ---completion drop -- --plugin (count (__hector-search_tokens -pc)) (__hector-search_tokens -tC))'
complete -c 'hector-search' -n '__hector-search_should_offer_completions_for_flags_or_options "hector-search drop" socket' -l 'socket' -d 'Use a plugin that is already running, and leave it running.' -rfka ''
complete -c 'hector-search' -n '__hector-search_should_offer_completions_for_flags_or_options "hector-search drop"' -l 'option' -s 'o' -d 'Set an option of the plugin; repeat for more.' -rfka ''
complete -c 'hector-search' -n '__hector-search_should_offer_completions_for_flags_or_options "hector-search drop" config' -l 'config' -d 'Read the configuration from this file.' -rfka ''
complete -c 'hector-search' -n '__hector-search_should_offer_completions_for_flags_or_options "hector-search drop" timeout' -l 'timeout' -d 'Give up a call after this long: 90, 90s, 500ms or 5m.' -rfka ''
complete -c 'hector-search' -n '__hector-search_should_offer_completions_for_flags_or_options "hector-search drop" debug' -l 'debug' -d 'Show what plugins write, and how they are run.'
complete -c 'hector-search' -n '__hector-search_should_offer_completions_for_flags_or_options "hector-search drop" q quiet' -l 'quiet' -s 'q' -d 'Print only errors.'
complete -c 'hector-search' -n '__hector-search_should_offer_completions_for_flags_or_options "hector-search drop" version' -l 'version' -d 'Show the version.'
complete -c 'hector-search' -n '__hector-search_should_offer_completions_for_flags_or_options "hector-search drop" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'hector-search' -n '__hector-search_should_offer_completions_for_flags_or_options "hector-search collections" json' -l 'json' -d 'Print JSON lines even at a terminal.'
complete -c 'hector-search' -n '__hector-search_should_offer_completions_for_flags_or_options "hector-search collections" plugin' -l 'plugin' -d 'The plugin: a name from the configuration, a discovered or built-in one, or a path.' -rfka '(__hector-search_custom_completion ---completion collections -- --plugin (count (__hector-search_tokens -pc)) (__hector-search_tokens -tC))'
complete -c 'hector-search' -n '__hector-search_should_offer_completions_for_flags_or_options "hector-search collections" socket' -l 'socket' -d 'Use a plugin that is already running, and leave it running.' -rfka ''
complete -c 'hector-search' -n '__hector-search_should_offer_completions_for_flags_or_options "hector-search collections"' -l 'option' -s 'o' -d 'Set an option of the plugin; repeat for more.' -rfka ''
complete -c 'hector-search' -n '__hector-search_should_offer_completions_for_flags_or_options "hector-search collections" config' -l 'config' -d 'Read the configuration from this file.' -rfka ''
complete -c 'hector-search' -n '__hector-search_should_offer_completions_for_flags_or_options "hector-search collections" timeout' -l 'timeout' -d 'Give up a call after this long: 90, 90s, 500ms or 5m.' -rfka ''
complete -c 'hector-search' -n '__hector-search_should_offer_completions_for_flags_or_options "hector-search collections" debug' -l 'debug' -d 'Show what plugins write, and how they are run.'
complete -c 'hector-search' -n '__hector-search_should_offer_completions_for_flags_or_options "hector-search collections" q quiet' -l 'quiet' -s 'q' -d 'Print only errors.'
complete -c 'hector-search' -n '__hector-search_should_offer_completions_for_flags_or_options "hector-search collections" version' -l 'version' -d 'Show the version.'
complete -c 'hector-search' -n '__hector-search_should_offer_completions_for_flags_or_options "hector-search collections" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'hector-search' -n '__hector-search_should_offer_completions_for_flags_or_options "hector-search get" C collection' -s 'C' -l 'collection' -d 'The collection.' -rfka '(__hector-search_custom_completion ---completion get -- --collection (count (__hector-search_tokens -pc)) (__hector-search_tokens -tC))'
complete -c 'hector-search' -n '__hector-search_should_offer_completions_for_flags_or_options "hector-search get" vectors' -l 'vectors' -d 'Add the vectors.'
complete -c 'hector-search' -n '__hector-search_should_offer_completions_for_flags_or_options "hector-search get" encoding' -l 'encoding' -d 'The form of vectors: an array of numbers, or the base64 of 32-bit floats.' -rfka 'float base64'
complete -c 'hector-search' -n '__hector-search_should_offer_completions_for_flags_or_options "hector-search get" plugin' -l 'plugin' -d 'The plugin: a name from the configuration, a discovered or built-in one, or a path.' -rfka '(__hector-search_custom_completion ---completion get -- --plugin (count (__hector-search_tokens -pc)) (__hector-search_tokens -tC))'
complete -c 'hector-search' -n '__hector-search_should_offer_completions_for_flags_or_options "hector-search get" socket' -l 'socket' -d 'Use a plugin that is already running, and leave it running.' -rfka ''
complete -c 'hector-search' -n '__hector-search_should_offer_completions_for_flags_or_options "hector-search get"' -l 'option' -s 'o' -d 'Set an option of the plugin; repeat for more.' -rfka ''
complete -c 'hector-search' -n '__hector-search_should_offer_completions_for_flags_or_options "hector-search get" config' -l 'config' -d 'Read the configuration from this file.' -rfka ''
complete -c 'hector-search' -n '__hector-search_should_offer_completions_for_flags_or_options "hector-search get" j jobs' -l 'jobs' -s 'j' -d 'Keep up to N calls in flight.' -rfka ''
complete -c 'hector-search' -n '__hector-search_should_offer_completions_for_flags_or_options "hector-search get" batch-size' -l 'batch-size' -d 'Put up to N records into one call, if the plugin can do that.' -rfka ''
complete -c 'hector-search' -n '__hector-search_should_offer_completions_for_flags_or_options "hector-search get" timeout' -l 'timeout' -d 'Give up a call after this long: 90, 90s, 500ms or 5m.' -rfka ''
complete -c 'hector-search' -n '__hector-search_should_offer_completions_for_flags_or_options "hector-search get" eager' -l 'eager' -d 'Start the plugin at once, not when the first record comes.'
complete -c 'hector-search' -n '__hector-search_should_offer_completions_for_flags_or_options "hector-search get" 0 null' -s '0' -l 'null' -d 'Records end in NUL, not newline, on both sides.'
complete -c 'hector-search' -n '__hector-search_should_offer_completions_for_flags_or_options "hector-search get" text' -l 'text' -d 'Each input line is plain text, not JSON.'
complete -c 'hector-search' -n '__hector-search_should_offer_completions_for_flags_or_options "hector-search get" field' -l 'field' -d 'The member that holds a record\'s text.' -rfka ''
complete -c 'hector-search' -n '__hector-search_should_offer_completions_for_flags_or_options "hector-search get" unordered' -l 'unordered' -d 'Write records as they are done, not in the order they came.'
complete -c 'hector-search' -n '__hector-search_should_offer_completions_for_flags_or_options "hector-search get" window' -l 'window' -d 'Hold at most this much that waits for an earlier record or is being processed.' -rfka ''
complete -c 'hector-search' -n '__hector-search_should_offer_completions_for_flags_or_options "hector-search get" spill' -l 'spill' -d 'Put what does not fit into the window into a file in $TMPDIR.'
complete -c 'hector-search' -n '__hector-search_should_offer_completions_for_flags_or_options "hector-search get" fail-fast' -l 'fail-fast' -d 'Stop at the first record that fails.'
complete -c 'hector-search' -n '__hector-search_should_offer_completions_for_flags_or_options "hector-search get" errors' -l 'errors' -d 'Write failed records to this file.' -rfka ''
complete -c 'hector-search' -n '__hector-search_should_offer_completions_for_flags_or_options "hector-search get" summary' -l 'summary' -d 'Print a line of JSON with totals to standard error at the end.'
complete -c 'hector-search' -n '__hector-search_should_offer_completions_for_flags_or_options "hector-search get" progress' -l 'progress' -d 'Show progress on standard error.'
complete -c 'hector-search' -n '__hector-search_should_offer_completions_for_flags_or_options "hector-search get" max-line' -l 'max-line' -d 'The longest line to accept, in bytes: 1000000, 512K, 64M.' -rfka ''
complete -c 'hector-search' -n '__hector-search_should_offer_completions_for_flags_or_options "hector-search get" debug' -l 'debug' -d 'Show what plugins write, and how they are run.'
complete -c 'hector-search' -n '__hector-search_should_offer_completions_for_flags_or_options "hector-search get" q quiet' -l 'quiet' -s 'q' -d 'Print only errors.'
complete -c 'hector-search' -n '__hector-search_should_offer_completions_for_flags_or_options "hector-search get" version' -l 'version' -d 'Show the version.'
complete -c 'hector-search' -n '__hector-search_should_offer_completions_for_flags_or_options "hector-search get" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'hector-search' -n '__hector-search_should_offer_completions_for_flags_or_options "hector-search dump" C collection' -s 'C' -l 'collection' -d 'The collection.' -rfka '(__hector-search_custom_completion ---completion dump -- --collection (count (__hector-search_tokens -pc)) (__hector-search_tokens -tC))'
complete -c 'hector-search' -n '__hector-search_should_offer_completions_for_flags_or_options "hector-search dump" filter' -l 'filter' -d 'Only records whose metadata matches this JSON object; see hector-plugins(7).' -rfka ''
complete -c 'hector-search' -n '__hector-search_should_offer_completions_for_flags_or_options "hector-search dump" after' -l 'after' -d 'Begin after this id, in the order of the ids\' bytes.' -rfka ''
complete -c 'hector-search' -n '__hector-search_should_offer_completions_for_flags_or_options "hector-search dump" no-vectors' -l 'no-vectors' -d 'Leave out the vectors.'
complete -c 'hector-search' -n '__hector-search_should_offer_completions_for_flags_or_options "hector-search dump" encoding' -l 'encoding' -d 'The form of vectors: an array of numbers, or the base64 of 32-bit floats.' -rfka 'float base64'
complete -c 'hector-search' -n '__hector-search_should_offer_completions_for_flags_or_options "hector-search dump" plugin' -l 'plugin' -d 'The plugin: a name from the configuration, a discovered or built-in one, or a path.' -rfka '(__hector-search_custom_completion ---completion dump -- --plugin (count (__hector-search_tokens -pc)) (__hector-search_tokens -tC))'
complete -c 'hector-search' -n '__hector-search_should_offer_completions_for_flags_or_options "hector-search dump" socket' -l 'socket' -d 'Use a plugin that is already running, and leave it running.' -rfka ''
complete -c 'hector-search' -n '__hector-search_should_offer_completions_for_flags_or_options "hector-search dump"' -l 'option' -s 'o' -d 'Set an option of the plugin; repeat for more.' -rfka ''
complete -c 'hector-search' -n '__hector-search_should_offer_completions_for_flags_or_options "hector-search dump" config' -l 'config' -d 'Read the configuration from this file.' -rfka ''
complete -c 'hector-search' -n '__hector-search_should_offer_completions_for_flags_or_options "hector-search dump" timeout' -l 'timeout' -d 'Give up a call after this long: 90, 90s, 500ms or 5m.' -rfka ''
complete -c 'hector-search' -n '__hector-search_should_offer_completions_for_flags_or_options "hector-search dump" debug' -l 'debug' -d 'Show what plugins write, and how they are run.'
complete -c 'hector-search' -n '__hector-search_should_offer_completions_for_flags_or_options "hector-search dump" q quiet' -l 'quiet' -s 'q' -d 'Print only errors.'
complete -c 'hector-search' -n '__hector-search_should_offer_completions_for_flags_or_options "hector-search dump" version' -l 'version' -d 'Show the version.'
complete -c 'hector-search' -n '__hector-search_should_offer_completions_for_flags_or_options "hector-search dump" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'hector-search' -n '__hector-search_should_offer_completions_for_positional "hector-search move" -eq 1' -fka '(__hector-search_custom_completion ---completion move -- positional@0 (count (__hector-search_tokens -pc)) (__hector-search_tokens -tC))'
complete -c 'hector-search' -n '__hector-search_should_offer_completions_for_flags_or_options "hector-search move" replace' -l 'replace' -d 'Delete a collection that has the new name.'
complete -c 'hector-search' -n '__hector-search_should_offer_completions_for_flags_or_options "hector-search move" plugin' -l 'plugin' -d 'The plugin: a name from the configuration, a discovered or built-in one, or a path.' -rfka '(__hector-search_custom_completion ---completion move -- --plugin (count (__hector-search_tokens -pc)) (__hector-search_tokens -tC))'
complete -c 'hector-search' -n '__hector-search_should_offer_completions_for_flags_or_options "hector-search move" socket' -l 'socket' -d 'Use a plugin that is already running, and leave it running.' -rfka ''
complete -c 'hector-search' -n '__hector-search_should_offer_completions_for_flags_or_options "hector-search move"' -l 'option' -s 'o' -d 'Set an option of the plugin; repeat for more.' -rfka ''
complete -c 'hector-search' -n '__hector-search_should_offer_completions_for_flags_or_options "hector-search move" config' -l 'config' -d 'Read the configuration from this file.' -rfka ''
complete -c 'hector-search' -n '__hector-search_should_offer_completions_for_flags_or_options "hector-search move" timeout' -l 'timeout' -d 'Give up a call after this long: 90, 90s, 500ms or 5m.' -rfka ''
complete -c 'hector-search' -n '__hector-search_should_offer_completions_for_flags_or_options "hector-search move" debug' -l 'debug' -d 'Show what plugins write, and how they are run.'
complete -c 'hector-search' -n '__hector-search_should_offer_completions_for_flags_or_options "hector-search move" q quiet' -l 'quiet' -s 'q' -d 'Print only errors.'
complete -c 'hector-search' -n '__hector-search_should_offer_completions_for_flags_or_options "hector-search move" version' -l 'version' -d 'Show the version.'
complete -c 'hector-search' -n '__hector-search_should_offer_completions_for_flags_or_options "hector-search move" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'hector-search' -n '__hector-search_should_offer_completions_for_flags_or_options "hector-search verify" C collection' -s 'C' -l 'collection' -d 'Only this collection.' -rfka '(__hector-search_custom_completion ---completion verify -- --collection (count (__hector-search_tokens -pc)) (__hector-search_tokens -tC))'
complete -c 'hector-search' -n '__hector-search_should_offer_completions_for_flags_or_options "hector-search verify" plugin' -l 'plugin' -d 'The plugin: a name from the configuration, a discovered or built-in one, or a path.' -rfka '(__hector-search_custom_completion ---completion verify -- --plugin (count (__hector-search_tokens -pc)) (__hector-search_tokens -tC))'
complete -c 'hector-search' -n '__hector-search_should_offer_completions_for_flags_or_options "hector-search verify" socket' -l 'socket' -d 'Use a plugin that is already running, and leave it running.' -rfka ''
complete -c 'hector-search' -n '__hector-search_should_offer_completions_for_flags_or_options "hector-search verify"' -l 'option' -s 'o' -d 'Set an option of the plugin; repeat for more.' -rfka ''
complete -c 'hector-search' -n '__hector-search_should_offer_completions_for_flags_or_options "hector-search verify" config' -l 'config' -d 'Read the configuration from this file.' -rfka ''
complete -c 'hector-search' -n '__hector-search_should_offer_completions_for_flags_or_options "hector-search verify" timeout' -l 'timeout' -d 'Give up a call after this long: 90, 90s, 500ms or 5m.' -rfka ''
complete -c 'hector-search' -n '__hector-search_should_offer_completions_for_flags_or_options "hector-search verify" debug' -l 'debug' -d 'Show what plugins write, and how they are run.'
complete -c 'hector-search' -n '__hector-search_should_offer_completions_for_flags_or_options "hector-search verify" q quiet' -l 'quiet' -s 'q' -d 'Print only errors.'
complete -c 'hector-search' -n '__hector-search_should_offer_completions_for_flags_or_options "hector-search verify" version' -l 'version' -d 'Show the version.'
complete -c 'hector-search' -n '__hector-search_should_offer_completions_for_flags_or_options "hector-search verify" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'hector-search' -n '__hector-search_should_offer_completions_for_flags_or_options "hector-search compact" C collection' -s 'C' -l 'collection' -d 'Only this collection.' -rfka '(__hector-search_custom_completion ---completion compact -- --collection (count (__hector-search_tokens -pc)) (__hector-search_tokens -tC))'
complete -c 'hector-search' -n '__hector-search_should_offer_completions_for_flags_or_options "hector-search compact" plugin' -l 'plugin' -d 'The plugin: a name from the configuration, a discovered or built-in one, or a path.' -rfka '(__hector-search_custom_completion ---completion compact -- --plugin (count (__hector-search_tokens -pc)) (__hector-search_tokens -tC))'
complete -c 'hector-search' -n '__hector-search_should_offer_completions_for_flags_or_options "hector-search compact" socket' -l 'socket' -d 'Use a plugin that is already running, and leave it running.' -rfka ''
complete -c 'hector-search' -n '__hector-search_should_offer_completions_for_flags_or_options "hector-search compact"' -l 'option' -s 'o' -d 'Set an option of the plugin; repeat for more.' -rfka ''
complete -c 'hector-search' -n '__hector-search_should_offer_completions_for_flags_or_options "hector-search compact" config' -l 'config' -d 'Read the configuration from this file.' -rfka ''
complete -c 'hector-search' -n '__hector-search_should_offer_completions_for_flags_or_options "hector-search compact" timeout' -l 'timeout' -d 'Give up a call after this long: 90, 90s, 500ms or 5m.' -rfka ''
complete -c 'hector-search' -n '__hector-search_should_offer_completions_for_flags_or_options "hector-search compact" debug' -l 'debug' -d 'Show what plugins write, and how they are run.'
complete -c 'hector-search' -n '__hector-search_should_offer_completions_for_flags_or_options "hector-search compact" q quiet' -l 'quiet' -s 'q' -d 'Print only errors.'
complete -c 'hector-search' -n '__hector-search_should_offer_completions_for_flags_or_options "hector-search compact" version' -l 'version' -d 'Show the version.'
complete -c 'hector-search' -n '__hector-search_should_offer_completions_for_flags_or_options "hector-search compact" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'hector-search' -n '__hector-search_should_offer_completions_for_flags_or_options "hector-search help" version' -l 'version' -d 'Show the version.'
