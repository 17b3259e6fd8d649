function __hector-rerank_should_offer_completions_for_flags_or_options -a expected_commands
    set -l non_repeating_flags_or_options $argv[2..]
    set -l non_repeating_flags_or_options_absent 0
    set -l positional_index 0
    set -l commands
    __hector-rerank_parse_tokens
    test "$commands" = "$expected_commands"; and return $non_repeating_flags_or_options_absent
end

function __hector-rerank_should_offer_completions_for_positional -a expected_commands positional_index_comparison expected_positional_index
    set -l non_repeating_flags_or_options
    set -l non_repeating_flags_or_options_absent 0
    set -l positional_index 0
    set -l commands
    __hector-rerank_parse_tokens
    test "$commands" = "$expected_commands" -a \( "$positional_index" "$positional_index_comparison" "$expected_positional_index" \)
end

function __hector-rerank_parse_tokens -S
    set -l unparsed_tokens (__hector-rerank_tokens -pc)
    switch $unparsed_tokens[1]
    case 'hector-rerank'
        __hector-rerank_parse_subcommand 0 'k/top-k=' 'min-score=' 'plugin=' 'socket=' 'o/option=+' 'config=' 'j/jobs=' 'batch-size=' 'timeout=' 'eager' '0/null' 'text' 'field=' 'unordered' 'window=' 'spill' 'fail-fast' 'errors=' 'summary' 'progress' 'max-line=' 'debug' 'q/quiet' 'version' 'h/help'
        switch $unparsed_tokens[1]
        case 'records'
            __hector-rerank_parse_subcommand 0 'k/top-k=' 'min-score=' 'plugin=' 'socket=' 'o/option=+' 'config=' 'j/jobs=' 'batch-size=' 'timeout=' 'eager' '0/null' 'text' 'field=' 'unordered' 'window=' 'spill' 'fail-fast' 'errors=' 'summary' 'progress' 'max-line=' 'debug' 'q/quiet' 'version' 'h/help'
        case 'info'
            __hector-rerank_parse_subcommand 0 'plugin=' 'socket=' 'o/option=+' 'config=' 'timeout=' 'debug' 'q/quiet' 'version' 'h/help'
        case 'help'
            __hector-rerank_parse_subcommand -r 1 'version'
        end
    end
end

function __hector-rerank_tokens
    if test (string split -m 1 -f 1 -- . "$FISH_VERSION") -gt 3
        commandline --tokens-raw $argv
    else
        commandline -o $argv
    end
end

function __hector-rerank_parse_subcommand -S -a positional_count
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

function __hector-rerank_complete_directories
    set -l token (commandline -t)
    string match -- '*/' $token
    set -l subdirs $token*/
    printf %s\n $subdirs
end

function __hector-rerank_custom_completion
    set -x SAP_SHELL fish
    set -x SAP_SHELL_VERSION $FISH_VERSION
    set -l tokens (__hector-rerank_tokens -p)
    if test -z "$(__hector-rerank_tokens -t)"
        set -l index (count (__hector-rerank_tokens -pc))
        set tokens $tokens[..$index] \'\' $tokens[(math $index + 1)..]
    end
    command $tokens[1] $argv $tokens
end

complete -c 'hector-rerank' -f
complete -c 'hector-rerank' -n '__hector-rerank_should_offer_completions_for_flags_or_options "hector-rerank" k top-k' -s 'k' -l 'top-k' -d 'Keep only the best N results of each record.' -rfka ''
complete -c 'hector-rerank' -n '__hector-rerank_should_offer_completions_for_flags_or_options "hector-rerank" min-score' -l 'min-score' -d 'Leave out results with a lower score.' -rfka ''
complete -c 'hector-rerank' -n '__hector-rerank_should_offer_completions_for_flags_or_options "hector-rerank" plugin' -l 'plugin' -d 'The plugin: a name from the configuration, a discovered or built-in one, or a path.' -rfka '(__hector-rerank_custom_completion ---completion -- --plugin (count (__hector-rerank_tokens -pc)) (__hector-rerank_tokens -tC))'
complete -c 'hector-rerank' -n '__hector-rerank_should_offer_completions_for_flags_or_options "hector-rerank" socket' -l 'socket' -d 'Use a plugin that is already running, and leave it running.' -rfka ''
complete -c 'hector-rerank' -n '__hector-rerank_should_offer_completions_for_flags_or_options "hector-rerank"' -l 'option' -s 'o' -d 'Set an option of the plugin, to the contents of a file by KEY=@FILE; repeat for more.' -rfka ''
complete -c 'hector-rerank' -n '__hector-rerank_should_offer_completions_for_flags_or_options "hector-rerank" config' -l 'config' -d 'Read the configuration from this file.' -rfka ''
complete -c 'hector-rerank' -n '__hector-rerank_should_offer_completions_for_flags_or_options "hector-rerank" j jobs' -l 'jobs' -s 'j' -d 'Keep up to N calls in flight.' -rfka ''
complete -c 'hector-rerank' -n '__hector-rerank_should_offer_completions_for_flags_or_options "hector-rerank" batch-size' -l 'batch-size' -d 'Put up to N records into one call, if the plugin can do that.' -rfka ''
complete -c 'hector-rerank' -n '__hector-rerank_should_offer_completions_for_flags_or_options "hector-rerank" timeout' -l 'timeout' -d 'Give up a call after this long: 90, 90s, 500ms or 5m.' -rfka ''
complete -c 'hector-rerank' -n '__hector-rerank_should_offer_completions_for_flags_or_options "hector-rerank" eager' -l 'eager' -d 'Start the plugin at once, not when the first record comes.'
complete -c 'hector-rerank' -n '__hector-rerank_should_offer_completions_for_flags_or_options "hector-rerank" 0 null' -s '0' -l 'null' -d 'Records end in NUL, not newline, on both sides.'
complete -c 'hector-rerank' -n '__hector-rerank_should_offer_completions_for_flags_or_options "hector-rerank" text' -l 'text' -d 'Each input line is plain text, not JSON.'
complete -c 'hector-rerank' -n '__hector-rerank_should_offer_completions_for_flags_or_options "hector-rerank" field' -l 'field' -d 'The member that holds a record\'s text.' -rfka ''
complete -c 'hector-rerank' -n '__hector-rerank_should_offer_completions_for_flags_or_options "hector-rerank" unordered' -l 'unordered' -d 'Write records as they are done, not in the order they came.'
complete -c 'hector-rerank' -n '__hector-rerank_should_offer_completions_for_flags_or_options "hector-rerank" window' -l 'window' -d 'Hold at most this much that waits for an earlier record or is being processed.' -rfka ''
complete -c 'hector-rerank' -n '__hector-rerank_should_offer_completions_for_flags_or_options "hector-rerank" spill' -l 'spill' -d 'Put what does not fit into the window into a file in $TMPDIR.'
complete -c 'hector-rerank' -n '__hector-rerank_should_offer_completions_for_flags_or_options "hector-rerank" fail-fast' -l 'fail-fast' -d 'Stop at the first record that fails.'
complete -c 'hector-rerank' -n '__hector-rerank_should_offer_completions_for_flags_or_options "hector-rerank" errors' -l 'errors' -d 'Write failed records to this file.' -rfka ''
complete -c 'hector-rerank' -n '__hector-rerank_should_offer_completions_for_flags_or_options "hector-rerank" summary' -l 'summary' -d 'Print a line of JSON with totals to standard error at the end.'
complete -c 'hector-rerank' -n '__hector-rerank_should_offer_completions_for_flags_or_options "hector-rerank" progress' -l 'progress' -d 'Show progress on standard error.'
complete -c 'hector-rerank' -n '__hector-rerank_should_offer_completions_for_flags_or_options "hector-rerank" max-line' -l 'max-line' -d 'The longest line to accept, in bytes: 1000000, 512K, 64M.' -rfka ''
complete -c 'hector-rerank' -n '__hector-rerank_should_offer_completions_for_flags_or_options "hector-rerank" debug' -l 'debug' -d 'Show what plugins write, and how they are run.'
complete -c 'hector-rerank' -n '__hector-rerank_should_offer_completions_for_flags_or_options "hector-rerank" q quiet' -l 'quiet' -s 'q' -d 'Print only errors.'
complete -c 'hector-rerank' -n '__hector-rerank_should_offer_completions_for_flags_or_options "hector-rerank" version' -l 'version' -d 'Show the version.'
complete -c 'hector-rerank' -n '__hector-rerank_should_offer_completions_for_flags_or_options "hector-rerank" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'hector-rerank' -n '__hector-rerank_should_offer_completions_for_positional "hector-rerank" -eq 1' -fa 'records' -d 'Rerank the results of records; the default subcommand.'
complete -c 'hector-rerank' -n '__hector-rerank_should_offer_completions_for_positional "hector-rerank" -eq 1' -fa 'info' -d 'Print the reranker\'s model.'
complete -c 'hector-rerank' -n '__hector-rerank_should_offer_completions_for_positional "hector-rerank" -eq 1' -fa 'help' -d 'Show subcommand help information.'
complete -c 'hector-rerank' -n '__hector-rerank_should_offer_completions_for_flags_or_options "hector-rerank records" k top-k' -s 'k' -l 'top-k' -d 'Keep only the best N results of each record.' -rfka ''
complete -c 'hector-rerank' -n '__hector-rerank_should_offer_completions_for_flags_or_options "hector-rerank records" min-score' -l 'min-score' -d 'Leave out results with a lower score.' -rfka ''
complete -c 'hector-rerank' -n '__hector-rerank_should_offer_completions_for_flags_or_options "hector-rerank records" plugin' -l 'plugin' -d 'The plugin: a name from the configuration, a discovered or built-in one, or a path.' -rfka '(__hector-rerank_custom_completion ---completion records -- --plugin (count (__hector-rerank_tokens -pc)) (__hector-rerank_tokens -tC))'
complete -c 'hector-rerank' -n '__hector-rerank_should_offer_completions_for_flags_or_options "hector-rerank records" socket' -l 'socket' -d 'Use a plugin that is already running, and leave it running.' -rfka ''
complete -c 'hector-rerank' -n '__hector-rerank_should_offer_completions_for_flags_or_options "hector-rerank records"' -l 'option' -s 'o' -d 'Set an option of the plugin, to the contents of a file by KEY=@FILE; repeat for more.' -rfka ''
complete -c 'hector-rerank' -n '__hector-rerank_should_offer_completions_for_flags_or_options "hector-rerank records" config' -l 'config' -d 'Read the configuration from this file.' -rfka ''
complete -c 'hector-rerank' -n '__hector-rerank_should_offer_completions_for_flags_or_options "hector-rerank records" j jobs' -l 'jobs' -s 'j' -d 'Keep up to N calls in flight.' -rfka ''
complete -c 'hector-rerank' -n '__hector-rerank_should_offer_completions_for_flags_or_options "hector-rerank records" batch-size' -l 'batch-size' -d 'Put up to N records into one call, if the plugin can do that.' -rfka ''
complete -c 'hector-rerank' -n '__hector-rerank_should_offer_completions_for_flags_or_options "hector-rerank records" timeout' -l 'timeout' -d 'Give up a call after this long: 90, 90s, 500ms or 5m.' -rfka ''
complete -c 'hector-rerank' -n '__hector-rerank_should_offer_completions_for_flags_or_options "hector-rerank records" eager' -l 'eager' -d 'Start the plugin at once, not when the first record comes.'
complete -c 'hector-rerank' -n '__hector-rerank_should_offer_completions_for_flags_or_options "hector-rerank records" 0 null' -s '0' -l 'null' -d 'Records end in NUL, not newline, on both sides.'
complete -c 'hector-rerank' -n '__hector-rerank_should_offer_completions_for_flags_or_options "hector-rerank records" text' -l 'text' -d 'Each input line is plain text, not JSON.'
complete -c 'hector-rerank' -n '__hector-rerank_should_offer_completions_for_flags_or_options "hector-rerank records" field' -l 'field' -d 'The member that holds a record\'s text.' -rfka ''
complete -c 'hector-rerank' -n '__hector-rerank_should_offer_completions_for_flags_or_options "hector-rerank records" unordered' -l 'unordered' -d 'Write records as they are done, not in the order they came.'
complete -c 'hector-rerank' -n '__hector-rerank_should_offer_completions_for_flags_or_options "hector-rerank records" window' -l 'window' -d 'Hold at most this much that waits for an earlier record or is being processed.' -rfka ''
complete -c 'hector-rerank' -n '__hector-rerank_should_offer_completions_for_flags_or_options "hector-rerank records" spill' -l 'spill' -d 'Put what does not fit into the window into a file in $TMPDIR.'
complete -c 'hector-rerank' -n '__hector-rerank_should_offer_completions_for_flags_or_options "hector-rerank records" fail-fast' -l 'fail-fast' -d 'Stop at the first record that fails.'
complete -c 'hector-rerank' -n '__hector-rerank_should_offer_completions_for_flags_or_options "hector-rerank records" errors' -l 'errors' -d 'Write failed records to this file.' -rfka ''
complete -c 'hector-rerank' -n '__hector-rerank_should_offer_completions_for_flags_or_options "hector-rerank records" summary' -l 'summary' -d 'Print a line of JSON with totals to standard error at the end.'
complete -c 'hector-rerank' -n '__hector-rerank_should_offer_completions_for_flags_or_options "hector-rerank records" progress' -l 'progress' -d 'Show progress on standard error.'
complete -c 'hector-rerank' -n '__hector-rerank_should_offer_completions_for_flags_or_options "hector-rerank records" max-line' -l 'max-line' -d 'The longest line to accept, in bytes: 1000000, 512K, 64M.' -rfka ''
complete -c 'hector-rerank' -n '__hector-rerank_should_offer_completions_for_flags_or_options "hector-rerank records" debug' -l 'debug' -d 'Show what plugins write, and how they are run.'
complete -c 'hector-rerank' -n '__hector-rerank_should_offer_completions_for_flags_or_options "hector-rerank records" q quiet' -l 'quiet' -s 'q' -d 'Print only errors.'
complete -c 'hector-rerank' -n '__hector-rerank_should_offer_completions_for_flags_or_options "hector-rerank records" version' -l 'version' -d 'Show the version.'
complete -c 'hector-rerank' -n '__hector-rerank_should_offer_completions_for_flags_or_options "hector-rerank records" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'hector-rerank' -n '__hector-rerank_should_offer_completions_for_flags_or_options "hector-rerank info" plugin' -l 'plugin' -d 'The plugin: a name from the configuration, a discovered or built-in one, or a path.' -rfka '(__hector-rerank_custom_completion ---completion info -- --plugin (count (__hector-rerank_tokens -pc)) (__hector-rerank_tokens -tC))'
complete -c 'hector-rerank' -n '__hector-rerank_should_offer_completions_for_flags_or_options "hector-rerank info" socket' -l 'socket' -d 'Use a plugin that is already running, and leave it running.' -rfka ''
complete -c 'hector-rerank' -n '__hector-rerank_should_offer_completions_for_flags_or_options "hector-rerank info"' -l 'option' -s 'o' -d 'Set an option of the plugin, to the contents of a file by KEY=@FILE; repeat for more.' -rfka ''
complete -c 'hector-rerank' -n '__hector-rerank_should_offer_completions_for_flags_or_options "hector-rerank info" config' -l 'config' -d 'Read the configuration from this file.' -rfka ''
complete -c 'hector-rerank' -n '__hector-rerank_should_offer_completions_for_flags_or_options "hector-rerank info" timeout' -l 'timeout' -d 'Give up a call after this long: 90, 90s, 500ms or 5m.' -rfka ''
complete -c 'hector-rerank' -n '__hector-rerank_should_offer_completions_for_flags_or_options "hector-rerank info" debug' -l 'debug' -d 'Show what plugins write, and how they are run.'
complete -c 'hector-rerank' -n '__hector-rerank_should_offer_completions_for_flags_or_options "hector-rerank info" q quiet' -l 'quiet' -s 'q' -d 'Print only errors.'
complete -c 'hector-rerank' -n '__hector-rerank_should_offer_completions_for_flags_or_options "hector-rerank info" version' -l 'version' -d 'Show the version.'
complete -c 'hector-rerank' -n '__hector-rerank_should_offer_completions_for_flags_or_options "hector-rerank info" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'hector-rerank' -n '__hector-rerank_should_offer_completions_for_flags_or_options "hector-rerank help" version' -l 'version' -d 'Show the version.'
