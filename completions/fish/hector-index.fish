function __hector-index_should_offer_completions_for_flags_or_options -a expected_commands
    set -l non_repeating_flags_or_options $argv[2..]
    set -l non_repeating_flags_or_options_absent 0
    set -l positional_index 0
    set -l commands
    __hector-index_parse_tokens
    test "$commands" = "$expected_commands"; and return $non_repeating_flags_or_options_absent
end

function __hector-index_should_offer_completions_for_positional -a expected_commands positional_index_comparison expected_positional_index
    set -l non_repeating_flags_or_options
    set -l non_repeating_flags_or_options_absent 0
    set -l positional_index 0
    set -l commands
    __hector-index_parse_tokens
    test "$commands" = "$expected_commands" -a \( "$positional_index" "$positional_index_comparison" "$expected_positional_index" \)
end

function __hector-index_parse_tokens -S
    set -l unparsed_tokens (__hector-index_tokens -pc)
    switch $unparsed_tokens[1]
    case 'hector-index'
        __hector-index_parse_subcommand 0 'version' 'h/help'
        switch $unparsed_tokens[1]
        case 'run'
            __hector-index_parse_subcommand -r 1 'embedder=' 'config=' 'j/jobs=' 'timeout=' 'debug' 'q/quiet' 'plan' 'o/output=' 'apply=' 'retry' 'rebuild' 'notify' 'standing=' 'min-score=' 'wait' 'watch' 'v/verbose' 'json' 'progress' 'no-progress' 'version' 'h/help'
        case 'status'
            __hector-index_parse_subcommand -r 1 'embedder=' 'config=' 'j/jobs=' 'timeout=' 'debug' 'q/quiet' 'json' 'skipped' 'version' 'h/help'
        case 'list'
            __hector-index_parse_subcommand 0 'json' 'version' 'h/help'
        case 'forget'
            __hector-index_parse_subcommand -r 1 'embedder=' 'config=' 'j/jobs=' 'timeout=' 'debug' 'q/quiet' 'wait' 'version' 'h/help'
        case 'cache'
            __hector-index_parse_subcommand 0 'clear' 'limit=' 'json' 'version' 'h/help'
        case 'help'
            __hector-index_parse_subcommand -r 1 'version'
        end
    end
end

function __hector-index_tokens
    if test (string split -m 1 -f 1 -- . "$FISH_VERSION") -gt 3
        commandline --tokens-raw $argv
    else
        commandline -o $argv
    end
end

function __hector-index_parse_subcommand -S -a positional_count
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

function __hector-index_complete_directories
    set -l token (commandline -t)
    string match -- '*/' $token
    set -l subdirs $token*/
    printf %s\n $subdirs
end

function __hector-index_custom_completion
    set -x SAP_SHELL fish
    set -x SAP_SHELL_VERSION $FISH_VERSION
    set -l tokens (__hector-index_tokens -p)
    if test -z "$(__hector-index_tokens -t)"
        set -l index (count (__hector-index_tokens -pc))
        set tokens $tokens[..$index] \'\' $tokens[(math $index + 1)..]
    end
    command $tokens[1] $argv $tokens
end

complete -c 'hector-index' -f
complete -c 'hector-index' -n '__hector-index_should_offer_completions_for_flags_or_options "hector-index" version' -l 'version' -d 'Show the version.'
complete -c 'hector-index' -n '__hector-index_should_offer_completions_for_flags_or_options "hector-index" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'hector-index' -n '__hector-index_should_offer_completions_for_positional "hector-index" -eq 1' -fa 'run' -d 'Bring stores up to date; the default subcommand.'
complete -c 'hector-index' -n '__hector-index_should_offer_completions_for_positional "hector-index" -eq 1' -fa 'status' -d 'Print what collections hold, and what is stale.'
complete -c 'hector-index' -n '__hector-index_should_offer_completions_for_positional "hector-index" -eq 1' -fa 'list' -d 'List all stores that were indexed.'
complete -c 'hector-index' -n '__hector-index_should_offer_completions_for_positional "hector-index" -eq 1' -fa 'forget' -d 'Delete the collection and the state of a store; its documents stay.'
complete -c 'hector-index' -n '__hector-index_should_offer_completions_for_positional "hector-index" -eq 1' -fa 'cache' -d 'Print the size of the cache of vectors, or change it.'
complete -c 'hector-index' -n '__hector-index_should_offer_completions_for_positional "hector-index" -eq 1' -fa 'help' -d 'Show subcommand help information.'
complete -c 'hector-index' -n '__hector-index_should_offer_completions_for_positional "hector-index" -ge 1' -fka '(hector config names stores; ls -p | grep /)'
complete -c 'hector-index' -n '__hector-index_should_offer_completions_for_flags_or_options "hector-index" embedder' -l 'embedder' -d 'The embedder of a folder that is in no configuration: a name or a path.' -rfka '(__hector-index_custom_completion ---completion run -- --embedder (count (__hector-index_tokens -pc)) (__hector-index_tokens -tC))'
complete -c 'hector-index' -n '__hector-index_should_offer_completions_for_flags_or_options "hector-index" config' -l 'config' -d 'Read the configuration from this file.' -rfka ''
complete -c 'hector-index' -n '__hector-index_should_offer_completions_for_flags_or_options "hector-index" j jobs' -l 'jobs' -s 'j' -d 'Keep up to N calls in flight.' -rfka ''
complete -c 'hector-index' -n '__hector-index_should_offer_completions_for_flags_or_options "hector-index" timeout' -l 'timeout' -d 'Give up a call after this long: 90, 90s, 500ms or 5m.' -rfka ''
complete -c 'hector-index' -n '__hector-index_should_offer_completions_for_flags_or_options "hector-index" debug' -l 'debug' -d 'Show what plugins write, and how they are run.'
complete -c 'hector-index' -n '__hector-index_should_offer_completions_for_flags_or_options "hector-index" q quiet' -l 'quiet' -s 'q' -d 'Print only errors.'
complete -c 'hector-index' -n '__hector-index_should_offer_completions_for_flags_or_options "hector-index" plan' -l 'plan' -d 'Print what would be added (+), changed (~) and removed (-), and its cost; do nothing.'
complete -c 'hector-index' -n '__hector-index_should_offer_completions_for_flags_or_options "hector-index" o output' -l 'output' -s 'o' -d 'Write the plan to this file, for --apply.' -rF
complete -c 'hector-index' -n '__hector-index_should_offer_completions_for_flags_or_options "hector-index" apply' -l 'apply' -d 'Do what this plan says, unless the world has changed since it was made.' -rF
complete -c 'hector-index' -n '__hector-index_should_offer_completions_for_flags_or_options "hector-index" retry' -l 'retry' -d 'Try documents again that have failed and did not change since.'
complete -c 'hector-index' -n '__hector-index_should_offer_completions_for_flags_or_options "hector-index" rebuild' -l 'rebuild' -d 'Make all records again, and replace the collection with them.'
complete -c 'hector-index' -n '__hector-index_should_offer_completions_for_flags_or_options "hector-index" notify' -l 'notify' -d 'Print the new and changed chunks that answer a standing question.'
complete -c 'hector-index' -n '__hector-index_should_offer_completions_for_flags_or_options "hector-index" standing' -l 'standing' -d 'The collection with these questions.' -rfka ''
complete -c 'hector-index' -n '__hector-index_should_offer_completions_for_flags_or_options "hector-index" min-score' -l 'min-score' -d 'Print only chunks with this score or a higher one.' -rfka ''
complete -c 'hector-index' -n '__hector-index_should_offer_completions_for_flags_or_options "hector-index" wait' -l 'wait' -d 'Wait while another run uses a store, instead of exiting with status 75.'
complete -c 'hector-index' -n '__hector-index_should_offer_completions_for_flags_or_options "hector-index" watch' -l 'watch' -d 'Keep running, and follow changes as they happen.'
complete -c 'hector-index' -n '__hector-index_should_offer_completions_for_flags_or_options "hector-index" v verbose' -l 'verbose' -s 'v' -d 'Print a line about each store to standard error.'
complete -c 'hector-index' -n '__hector-index_should_offer_completions_for_flags_or_options "hector-index" json' -l 'json' -d 'Print a line of JSON about each store to standard output.'
complete -c 'hector-index' -n '__hector-index_should_offer_completions_for_flags_or_options "hector-index" progress' -l 'progress' -d 'Show progress on standard error; the default at a terminal.'
complete -c 'hector-index' -n '__hector-index_should_offer_completions_for_flags_or_options "hector-index" no-progress' -l 'no-progress' -d 'Show progress on standard error; the default at a terminal.'
complete -c 'hector-index' -n '__hector-index_should_offer_completions_for_flags_or_options "hector-index" version' -l 'version' -d 'Show the version.'
complete -c 'hector-index' -n '__hector-index_should_offer_completions_for_flags_or_options "hector-index" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'hector-index' -n '__hector-index_should_offer_completions_for_positional "hector-index status" -ge 1' -fka '(hector config names stores; ls -p | grep /)'
complete -c 'hector-index' -n '__hector-index_should_offer_completions_for_flags_or_options "hector-index status" embedder' -l 'embedder' -d 'The embedder of a folder that is in no configuration: a name or a path.' -rfka '(__hector-index_custom_completion ---completion status -- --embedder (count (__hector-index_tokens -pc)) (__hector-index_tokens -tC))'
complete -c 'hector-index' -n '__hector-index_should_offer_completions_for_flags_or_options "hector-index status" config' -l 'config' -d 'Read the configuration from this file.' -rfka ''
complete -c 'hector-index' -n '__hector-index_should_offer_completions_for_flags_or_options "hector-index status" j jobs' -l 'jobs' -s 'j' -d 'Keep up to N calls in flight.' -rfka ''
complete -c 'hector-index' -n '__hector-index_should_offer_completions_for_flags_or_options "hector-index status" timeout' -l 'timeout' -d 'Give up a call after this long: 90, 90s, 500ms or 5m.' -rfka ''
complete -c 'hector-index' -n '__hector-index_should_offer_completions_for_flags_or_options "hector-index status" debug' -l 'debug' -d 'Show what plugins write, and how they are run.'
complete -c 'hector-index' -n '__hector-index_should_offer_completions_for_flags_or_options "hector-index status" q quiet' -l 'quiet' -s 'q' -d 'Print only errors.'
complete -c 'hector-index' -n '__hector-index_should_offer_completions_for_flags_or_options "hector-index status" json' -l 'json' -d 'Print a line of JSON about each store.'
complete -c 'hector-index' -n '__hector-index_should_offer_completions_for_flags_or_options "hector-index status" skipped' -l 'skipped' -d 'List the files that are not documents, each with the reason.'
complete -c 'hector-index' -n '__hector-index_should_offer_completions_for_flags_or_options "hector-index status" version' -l 'version' -d 'Show the version.'
complete -c 'hector-index' -n '__hector-index_should_offer_completions_for_flags_or_options "hector-index status" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'hector-index' -n '__hector-index_should_offer_completions_for_flags_or_options "hector-index list" json' -l 'json' -d 'Print a line of JSON about each store.'
complete -c 'hector-index' -n '__hector-index_should_offer_completions_for_flags_or_options "hector-index list" version' -l 'version' -d 'Show the version.'
complete -c 'hector-index' -n '__hector-index_should_offer_completions_for_flags_or_options "hector-index list" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'hector-index' -n '__hector-index_should_offer_completions_for_positional "hector-index forget" -ge 1' -fka '(hector config names stores; ls -p | grep /)'
complete -c 'hector-index' -n '__hector-index_should_offer_completions_for_flags_or_options "hector-index forget" embedder' -l 'embedder' -d 'The embedder of a folder that is in no configuration: a name or a path.' -rfka '(__hector-index_custom_completion ---completion forget -- --embedder (count (__hector-index_tokens -pc)) (__hector-index_tokens -tC))'
complete -c 'hector-index' -n '__hector-index_should_offer_completions_for_flags_or_options "hector-index forget" config' -l 'config' -d 'Read the configuration from this file.' -rfka ''
complete -c 'hector-index' -n '__hector-index_should_offer_completions_for_flags_or_options "hector-index forget" j jobs' -l 'jobs' -s 'j' -d 'Keep up to N calls in flight.' -rfka ''
complete -c 'hector-index' -n '__hector-index_should_offer_completions_for_flags_or_options "hector-index forget" timeout' -l 'timeout' -d 'Give up a call after this long: 90, 90s, 500ms or 5m.' -rfka ''
complete -c 'hector-index' -n '__hector-index_should_offer_completions_for_flags_or_options "hector-index forget" debug' -l 'debug' -d 'Show what plugins write, and how they are run.'
complete -c 'hector-index' -n '__hector-index_should_offer_completions_for_flags_or_options "hector-index forget" q quiet' -l 'quiet' -s 'q' -d 'Print only errors.'
complete -c 'hector-index' -n '__hector-index_should_offer_completions_for_flags_or_options "hector-index forget" wait' -l 'wait' -d 'Wait while another run uses a store, instead of exiting with status 75.'
complete -c 'hector-index' -n '__hector-index_should_offer_completions_for_flags_or_options "hector-index forget" version' -l 'version' -d 'Show the version.'
complete -c 'hector-index' -n '__hector-index_should_offer_completions_for_flags_or_options "hector-index forget" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'hector-index' -n '__hector-index_should_offer_completions_for_flags_or_options "hector-index cache" clear' -l 'clear' -d 'Delete all vectors in the cache. Collections keep theirs.'
complete -c 'hector-index' -n '__hector-index_should_offer_completions_for_flags_or_options "hector-index cache" limit' -l 'limit' -d 'Let the cache take this much: bytes, or with a unit such as 500M or 2G.' -rfka ''
complete -c 'hector-index' -n '__hector-index_should_offer_completions_for_flags_or_options "hector-index cache" json' -l 'json' -d 'Print a line of JSON.'
complete -c 'hector-index' -n '__hector-index_should_offer_completions_for_flags_or_options "hector-index cache" version' -l 'version' -d 'Show the version.'
complete -c 'hector-index' -n '__hector-index_should_offer_completions_for_flags_or_options "hector-index cache" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'hector-index' -n '__hector-index_should_offer_completions_for_flags_or_options "hector-index help" version' -l 'version' -d 'Show the version.'
