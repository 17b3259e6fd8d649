function __hector-embed_should_offer_completions_for_flags_or_options -a expected_commands
    set -l non_repeating_flags_or_options $argv[2..]
    set -l non_repeating_flags_or_options_absent 0
    set -l positional_index 0
    set -l commands
    __hector-embed_parse_tokens
    test "$commands" = "$expected_commands"; and return $non_repeating_flags_or_options_absent
end

function __hector-embed_should_offer_completions_for_positional -a expected_commands positional_index_comparison expected_positional_index
    set -l non_repeating_flags_or_options
    set -l non_repeating_flags_or_options_absent 0
    set -l positional_index 0
    set -l commands
    __hector-embed_parse_tokens
    test "$commands" = "$expected_commands" -a \( "$positional_index" "$positional_index_comparison" "$expected_positional_index" \)
end

function __hector-embed_parse_tokens -S
    set -l unparsed_tokens (__hector-embed_tokens -pc)
    switch $unparsed_tokens[1]
    case 'hector-embed'
        __hector-embed_parse_subcommand 0 'query' 'document' 'encoding=' 'plugin=' 'socket=' 'o/option=+' 'config=' 'j/jobs=' 'batch-size=' 'timeout=' 'eager' '0/null' 'text' 'field=' 'unordered' 'window=' 'spill' 'fail-fast' 'errors=' 'summary' 'progress' 'max-line=' 'debug' 'q/quiet' 'version' 'h/help'
        switch $unparsed_tokens[1]
        case 'records'
            __hector-embed_parse_subcommand -r 1 'query' 'document' 'encoding=' 'plugin=' 'socket=' 'o/option=+' 'config=' 'j/jobs=' 'batch-size=' 'timeout=' 'eager' '0/null' 'text' 'field=' 'unordered' 'window=' 'spill' 'fail-fast' 'errors=' 'summary' 'progress' 'max-line=' 'debug' 'q/quiet' 'version' 'h/help'
        case 'info'
            __hector-embed_parse_subcommand 0 'plugin=' 'socket=' 'o/option=+' 'config=' 'timeout=' 'debug' 'q/quiet' 'version' 'h/help'
        case 'help'
            __hector-embed_parse_subcommand -r 1 'version'
        end
    end
end

function __hector-embed_tokens
    if test (string split -m 1 -f 1 -- . "$FISH_VERSION") -gt 3
        commandline --tokens-raw $argv
    else
        commandline -o $argv
    end
end

function __hector-embed_parse_subcommand -S -a positional_count
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

function __hector-embed_complete_directories
    set -l token (commandline -t)
    string match -- '*/' $token
    set -l subdirs $token*/
    printf %s\n $subdirs
end

function __hector-embed_custom_completion
    set -x SAP_SHELL fish
    set -x SAP_SHELL_VERSION $FISH_VERSION
    set -l tokens (__hector-embed_tokens -p)
    if test -z "$(__hector-embed_tokens -t)"
        set -l index (count (__hector-embed_tokens -pc))
        set tokens $tokens[..$index] \'\' $tokens[(math $index + 1)..]
    end
    command $tokens[1] $argv $tokens
end

complete -c 'hector-embed' -f
complete -c 'hector-embed' -n '__hector-embed_should_offer_completions_for_flags_or_options "hector-embed" query' -l 'query' -d 'The texts are questions; some models distinguish them from documents.'
complete -c 'hector-embed' -n '__hector-embed_should_offer_completions_for_flags_or_options "hector-embed" document' -l 'document' -d 'The texts are documents.'
complete -c 'hector-embed' -n '__hector-embed_should_offer_completions_for_flags_or_options "hector-embed" encoding' -l 'encoding' -d 'The form of the vectors: an array of numbers, or the base64 of 32-bit floats.' -rfka 'float base64'
complete -c 'hector-embed' -n '__hector-embed_should_offer_completions_for_flags_or_options "hector-embed" plugin' -l 'plugin' -d 'The plugin: a name from the configuration, a discovered or built-in one, or a path.' -rfka '(__hector-embed_custom_completion ---completion -- --plugin (count (__hector-embed_tokens -pc)) (__hector-embed_tokens -tC))'
complete -c 'hector-embed' -n '__hector-embed_should_offer_completions_for_flags_or_options "hector-embed" socket' -l 'socket' -d 'Use a plugin that is already running, and leave it running.' -rfka ''
complete -c 'hector-embed' -n '__hector-embed_should_offer_completions_for_flags_or_options "hector-embed"' -l 'option' -s 'o' -d 'Set an option of the plugin, to the contents of a file by KEY=@FILE; repeat for more.' -rfka ''
complete -c 'hector-embed' -n '__hector-embed_should_offer_completions_for_flags_or_options "hector-embed" config' -l 'config' -d 'Read the configuration from this file.' -rfka ''
complete -c 'hector-embed' -n '__hector-embed_should_offer_completions_for_flags_or_options "hector-embed" j jobs' -l 'jobs' -s 'j' -d 'Keep up to N calls in flight.' -rfka ''
complete -c 'hector-embed' -n '__hector-embed_should_offer_completions_for_flags_or_options "hector-embed" batch-size' -l 'batch-size' -d 'Put up to N records into one call, if the plugin can do that.' -rfka ''
complete -c 'hector-embed' -n '__hector-embed_should_offer_completions_for_flags_or_options "hector-embed" timeout' -l 'timeout' -d 'Give up a call after this long: 90, 90s, 500ms or 5m.' -rfka ''
complete -c 'hector-embed' -n '__hector-embed_should_offer_completions_for_flags_or_options "hector-embed" eager' -l 'eager' -d 'Start the plugin at once, not when the first record comes.'
complete -c 'hector-embed' -n '__hector-embed_should_offer_completions_for_flags_or_options "hector-embed" 0 null' -s '0' -l 'null' -d 'Records end in NUL, not newline, on both sides.'
complete -c 'hector-embed' -n '__hector-embed_should_offer_completions_for_flags_or_options "hector-embed" text' -l 'text' -d 'Each input line is plain text, not JSON.'
complete -c 'hector-embed' -n '__hector-embed_should_offer_completions_for_flags_or_options "hector-embed" field' -l 'field' -d 'The member that holds a record\'s text.' -rfka ''
complete -c 'hector-embed' -n '__hector-embed_should_offer_completions_for_flags_or_options "hector-embed" unordered' -l 'unordered' -d 'Write records as they are done, not in the order they came.'
complete -c 'hector-embed' -n '__hector-embed_should_offer_completions_for_flags_or_options "hector-embed" window' -l 'window' -d 'Hold at most this much that waits for an earlier record or is being processed.' -rfka ''
complete -c 'hector-embed' -n '__hector-embed_should_offer_completions_for_flags_or_options "hector-embed" spill' -l 'spill' -d 'Put what does not fit into the window into a file in $TMPDIR.'
complete -c 'hector-embed' -n '__hector-embed_should_offer_completions_for_flags_or_options "hector-embed" fail-fast' -l 'fail-fast' -d 'Stop at the first record that fails.'
complete -c 'hector-embed' -n '__hector-embed_should_offer_completions_for_flags_or_options "hector-embed" errors' -l 'errors' -d 'Write failed records to this file.' -rfka ''
complete -c 'hector-embed' -n '__hector-embed_should_offer_completions_for_flags_or_options "hector-embed" summary' -l 'summary' -d 'Print a line of JSON with totals to standard error at the end.'
complete -c 'hector-embed' -n '__hector-embed_should_offer_completions_for_flags_or_options "hector-embed" progress' -l 'progress' -d 'Show progress on standard error.'
complete -c 'hector-embed' -n '__hector-embed_should_offer_completions_for_flags_or_options "hector-embed" max-line' -l 'max-line' -d 'The longest line to accept, in bytes: 1000000, 512K, 64M.' -rfka ''
complete -c 'hector-embed' -n '__hector-embed_should_offer_completions_for_flags_or_options "hector-embed" debug' -l 'debug' -d 'Show what plugins write, and how they are run.'
complete -c 'hector-embed' -n '__hector-embed_should_offer_completions_for_flags_or_options "hector-embed" q quiet' -l 'quiet' -s 'q' -d 'Print only errors.'
complete -c 'hector-embed' -n '__hector-embed_should_offer_completions_for_flags_or_options "hector-embed" version' -l 'version' -d 'Show the version.'
complete -c 'hector-embed' -n '__hector-embed_should_offer_completions_for_flags_or_options "hector-embed" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'hector-embed' -n '__hector-embed_should_offer_completions_for_positional "hector-embed" -eq 1' -fa 'records' -d 'Add vectors to records; the default subcommand.'
complete -c 'hector-embed' -n '__hector-embed_should_offer_completions_for_positional "hector-embed" -eq 1' -fa 'info' -d 'Print the embedder\'s model and the length of its vectors.'
complete -c 'hector-embed' -n '__hector-embed_should_offer_completions_for_positional "hector-embed" -eq 1' -fa 'help' -d 'Show subcommand help information.'
complete -c 'hector-embed' -n '__hector-embed_should_offer_completions_for_flags_or_options "hector-embed records" query' -l 'query' -d 'The texts are questions; some models distinguish them from documents.'
complete -c 'hector-embed' -n '__hector-embed_should_offer_completions_for_flags_or_options "hector-embed records" document' -l 'document' -d 'The texts are documents.'
complete -c 'hector-embed' -n '__hector-embed_should_offer_completions_for_flags_or_options "hector-embed records" encoding' -l 'encoding' -d 'The form of the vectors: an array of numbers, or the base64 of 32-bit floats.' -rfka 'float base64'
complete -c 'hector-embed' -n '__hector-embed_should_offer_completions_for_flags_or_options "hector-embed records" plugin' -l 'plugin' -d 'The plugin: a name from the configuration, a discovered or built-in one, or a path.' -rfka '(__hector-embed_custom_completion ---completion records -- --plugin (count (__hector-embed_tokens -pc)) (__hector-embed_tokens -tC))'
complete -c 'hector-embed' -n '__hector-embed_should_offer_completions_for_flags_or_options "hector-embed records" socket' -l 'socket' -d 'Use a plugin that is already running, and leave it running.' -rfka ''
complete -c 'hector-embed' -n '__hector-embed_should_offer_completions_for_flags_or_options "hector-embed records"' -l 'option' -s 'o' -d 'Set an option of the plugin, to the contents of a file by KEY=@FILE; repeat for more.' -rfka ''
complete -c 'hector-embed' -n '__hector-embed_should_offer_completions_for_flags_or_options "hector-embed records" config' -l 'config' -d 'Read the configuration from this file.' -rfka ''
complete -c 'hector-embed' -n '__hector-embed_should_offer_completions_for_flags_or_options "hector-embed records" j jobs' -l 'jobs' -s 'j' -d 'Keep up to N calls in flight.' -rfka ''
complete -c 'hector-embed' -n '__hector-embed_should_offer_completions_for_flags_or_options "hector-embed records" batch-size' -l 'batch-size' -d 'Put up to N records into one call, if the plugin can do that.' -rfka ''
complete -c 'hector-embed' -n '__hector-embed_should_offer_completions_for_flags_or_options "hector-embed records" timeout' -l 'timeout' -d 'Give up a call after this long: 90, 90s, 500ms or 5m.' -rfka ''
complete -c 'hector-embed' -n '__hector-embed_should_offer_completions_for_flags_or_options "hector-embed records" eager' -l 'eager' -d 'Start the plugin at once, not when the first record comes.'
complete -c 'hector-embed' -n '__hector-embed_should_offer_completions_for_flags_or_options "hector-embed records" 0 null' -s '0' -l 'null' -d 'Records end in NUL, not newline, on both sides.'
complete -c 'hector-embed' -n '__hector-embed_should_offer_completions_for_flags_or_options "hector-embed records" text' -l 'text' -d 'Each input line is plain text, not JSON.'
complete -c 'hector-embed' -n '__hector-embed_should_offer_completions_for_flags_or_options "hector-embed records" field' -l 'field' -d 'The member that holds a record\'s text.' -rfka ''
complete -c 'hector-embed' -n '__hector-embed_should_offer_completions_for_flags_or_options "hector-embed records" unordered' -l 'unordered' -d 'Write records as they are done, not in the order they came.'
complete -c 'hector-embed' -n '__hector-embed_should_offer_completions_for_flags_or_options "hector-embed records" window' -l 'window' -d 'Hold at most this much that waits for an earlier record or is being processed.' -rfka ''
complete -c 'hector-embed' -n '__hector-embed_should_offer_completions_for_flags_or_options "hector-embed records" spill' -l 'spill' -d 'Put what does not fit into the window into a file in $TMPDIR.'
complete -c 'hector-embed' -n '__hector-embed_should_offer_completions_for_flags_or_options "hector-embed records" fail-fast' -l 'fail-fast' -d 'Stop at the first record that fails.'
complete -c 'hector-embed' -n '__hector-embed_should_offer_completions_for_flags_or_options "hector-embed records" errors' -l 'errors' -d 'Write failed records to this file.' -rfka ''
complete -c 'hector-embed' -n '__hector-embed_should_offer_completions_for_flags_or_options "hector-embed records" summary' -l 'summary' -d 'Print a line of JSON with totals to standard error at the end.'
complete -c 'hector-embed' -n '__hector-embed_should_offer_completions_for_flags_or_options "hector-embed records" progress' -l 'progress' -d 'Show progress on standard error.'
complete -c 'hector-embed' -n '__hector-embed_should_offer_completions_for_flags_or_options "hector-embed records" max-line' -l 'max-line' -d 'The longest line to accept, in bytes: 1000000, 512K, 64M.' -rfka ''
complete -c 'hector-embed' -n '__hector-embed_should_offer_completions_for_flags_or_options "hector-embed records" debug' -l 'debug' -d 'Show what plugins write, and how they are run.'
complete -c 'hector-embed' -n '__hector-embed_should_offer_completions_for_flags_or_options "hector-embed records" q quiet' -l 'quiet' -s 'q' -d 'Print only errors.'
complete -c 'hector-embed' -n '__hector-embed_should_offer_completions_for_flags_or_options "hector-embed records" version' -l 'version' -d 'Show the version.'
complete -c 'hector-embed' -n '__hector-embed_should_offer_completions_for_flags_or_options "hector-embed records" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'hector-embed' -n '__hector-embed_should_offer_completions_for_flags_or_options "hector-embed info" plugin' -l 'plugin' -d 'The plugin: a name from the configuration, a discovered or built-in one, or a path.' -rfka '(__hector-embed_custom_completion ---completion info -- --plugin (count (__hector-embed_tokens -pc)) (__hector-embed_tokens -tC))'
complete -c 'hector-embed' -n '__hector-embed_should_offer_completions_for_flags_or_options "hector-embed info" socket' -l 'socket' -d 'Use a plugin that is already running, and leave it running.' -rfka ''
complete -c 'hector-embed' -n '__hector-embed_should_offer_completions_for_flags_or_options "hector-embed info"' -l 'option' -s 'o' -d 'Set an option of the plugin, to the contents of a file by KEY=@FILE; repeat for more.' -rfka ''
complete -c 'hector-embed' -n '__hector-embed_should_offer_completions_for_flags_or_options "hector-embed info" config' -l 'config' -d 'Read the configuration from this file.' -rfka ''
complete -c 'hector-embed' -n '__hector-embed_should_offer_completions_for_flags_or_options "hector-embed info" timeout' -l 'timeout' -d 'Give up a call after this long: 90, 90s, 500ms or 5m.' -rfka ''
complete -c 'hector-embed' -n '__hector-embed_should_offer_completions_for_flags_or_options "hector-embed info" debug' -l 'debug' -d 'Show what plugins write, and how they are run.'
complete -c 'hector-embed' -n '__hector-embed_should_offer_completions_for_flags_or_options "hector-embed info" q quiet' -l 'quiet' -s 'q' -d 'Print only errors.'
complete -c 'hector-embed' -n '__hector-embed_should_offer_completions_for_flags_or_options "hector-embed info" version' -l 'version' -d 'Show the version.'
complete -c 'hector-embed' -n '__hector-embed_should_offer_completions_for_flags_or_options "hector-embed info" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'hector-embed' -n '__hector-embed_should_offer_completions_for_flags_or_options "hector-embed help" version' -l 'version' -d 'Show the version.'
