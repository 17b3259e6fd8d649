function __hector-reason_should_offer_completions_for_flags_or_options -a expected_commands
    set -l non_repeating_flags_or_options $argv[2..]
    set -l non_repeating_flags_or_options_absent 0
    set -l positional_index 0
    set -l commands
    __hector-reason_parse_tokens
    test "$commands" = "$expected_commands"; and return $non_repeating_flags_or_options_absent
end

function __hector-reason_should_offer_completions_for_positional -a expected_commands positional_index_comparison expected_positional_index
    set -l non_repeating_flags_or_options
    set -l non_repeating_flags_or_options_absent 0
    set -l positional_index 0
    set -l commands
    __hector-reason_parse_tokens
    test "$commands" = "$expected_commands" -a \( "$positional_index" "$positional_index_comparison" "$expected_positional_index" \)
end

function __hector-reason_parse_tokens -S
    set -l unparsed_tokens (__hector-reason_tokens -pc)
    switch $unparsed_tokens[1]
    case 'hector-reason'
        __hector-reason_parse_subcommand 0 'step=' 'plugin=' 'socket=' 'o/option=+' 'config=' 'j/jobs=' 'batch-size=' 'timeout=' 'eager' '0/null' 'text' 'field=' 'unordered' 'window=' 'spill' 'fail-fast' 'errors=' 'summary' 'progress' 'max-line=' 'debug' 'q/quiet' 'version' 'h/help'
        switch $unparsed_tokens[1]
        case 'records'
            __hector-reason_parse_subcommand 0 'step=' 'plugin=' 'socket=' 'o/option=+' 'config=' 'j/jobs=' 'batch-size=' 'timeout=' 'eager' '0/null' 'text' 'field=' 'unordered' 'window=' 'spill' 'fail-fast' 'errors=' 'summary' 'progress' 'max-line=' 'debug' 'q/quiet' 'version' 'h/help'
        case 'slots'
            __hector-reason_parse_subcommand 0 'plugin=' 'socket=' 'o/option=+' 'config=' 'timeout=' 'debug' 'q/quiet' 'version' 'h/help'
        case 'info'
            __hector-reason_parse_subcommand 0 'plugin=' 'socket=' 'o/option=+' 'config=' 'timeout=' 'debug' 'q/quiet' 'version' 'h/help'
        case 'help'
            __hector-reason_parse_subcommand -r 1 'version'
        end
    end
end

function __hector-reason_tokens
    if test (string split -m 1 -f 1 -- . "$FISH_VERSION") -gt 3
        commandline --tokens-raw $argv
    else
        commandline -o $argv
    end
end

function __hector-reason_parse_subcommand -S -a positional_count
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

function __hector-reason_complete_directories
    set -l token (commandline -t)
    string match -- '*/' $token
    set -l subdirs $token*/
    printf %s\n $subdirs
end

function __hector-reason_custom_completion
    set -x SAP_SHELL fish
    set -x SAP_SHELL_VERSION $FISH_VERSION
    set -l tokens (__hector-reason_tokens -p)
    if test -z "$(__hector-reason_tokens -t)"
        set -l index (count (__hector-reason_tokens -pc))
        set tokens $tokens[..$index] \'\' $tokens[(math $index + 1)..]
    end
    command $tokens[1] $argv $tokens
end

complete -c 'hector-reason' -f
complete -c 'hector-reason' -n '__hector-reason_should_offer_completions_for_flags_or_options "hector-reason" step' -l 'step' -d 'The question to the strategy, whatever the record says: prepare, inject, stop, after, slots or info.' -rfka 'prepare inject stop after slots info'
complete -c 'hector-reason' -n '__hector-reason_should_offer_completions_for_flags_or_options "hector-reason" plugin' -l 'plugin' -d 'The plugin: a name from the configuration, a discovered or built-in one, or a path.' -rfka '(__hector-reason_custom_completion ---completion -- --plugin (count (__hector-reason_tokens -pc)) (__hector-reason_tokens -tC))'
complete -c 'hector-reason' -n '__hector-reason_should_offer_completions_for_flags_or_options "hector-reason" socket' -l 'socket' -d 'Use a plugin that is already running, and leave it running.' -rfka ''
complete -c 'hector-reason' -n '__hector-reason_should_offer_completions_for_flags_or_options "hector-reason"' -l 'option' -s 'o' -d 'Set an option of the plugin, to the contents of a file by KEY=@FILE; repeat for more.' -rfka ''
complete -c 'hector-reason' -n '__hector-reason_should_offer_completions_for_flags_or_options "hector-reason" config' -l 'config' -d 'Read the configuration from this file.' -rfka ''
complete -c 'hector-reason' -n '__hector-reason_should_offer_completions_for_flags_or_options "hector-reason" j jobs' -l 'jobs' -s 'j' -d 'Keep up to N calls in flight.' -rfka ''
complete -c 'hector-reason' -n '__hector-reason_should_offer_completions_for_flags_or_options "hector-reason" batch-size' -l 'batch-size' -d 'Put up to N records into one call, if the plugin can do that.' -rfka ''
complete -c 'hector-reason' -n '__hector-reason_should_offer_completions_for_flags_or_options "hector-reason" timeout' -l 'timeout' -d 'Give up a call after this long: 90, 90s, 500ms or 5m.' -rfka ''
complete -c 'hector-reason' -n '__hector-reason_should_offer_completions_for_flags_or_options "hector-reason" eager' -l 'eager' -d 'Start the plugin at once, not when the first record comes.'
complete -c 'hector-reason' -n '__hector-reason_should_offer_completions_for_flags_or_options "hector-reason" 0 null' -s '0' -l 'null' -d 'Records end in NUL, not newline, on both sides.'
complete -c 'hector-reason' -n '__hector-reason_should_offer_completions_for_flags_or_options "hector-reason" text' -l 'text' -d 'Each input line is plain text, not JSON.'
complete -c 'hector-reason' -n '__hector-reason_should_offer_completions_for_flags_or_options "hector-reason" field' -l 'field' -d 'The member that holds a record\'s text.' -rfka ''
complete -c 'hector-reason' -n '__hector-reason_should_offer_completions_for_flags_or_options "hector-reason" unordered' -l 'unordered' -d 'Write records as they are done, not in the order they came.'
complete -c 'hector-reason' -n '__hector-reason_should_offer_completions_for_flags_or_options "hector-reason" window' -l 'window' -d 'Hold at most this much that waits for an earlier record or is being processed.' -rfka ''
complete -c 'hector-reason' -n '__hector-reason_should_offer_completions_for_flags_or_options "hector-reason" spill' -l 'spill' -d 'Put what does not fit into the window into a file in $TMPDIR.'
complete -c 'hector-reason' -n '__hector-reason_should_offer_completions_for_flags_or_options "hector-reason" fail-fast' -l 'fail-fast' -d 'Stop at the first record that fails.'
complete -c 'hector-reason' -n '__hector-reason_should_offer_completions_for_flags_or_options "hector-reason" errors' -l 'errors' -d 'Write failed records to this file.' -rfka ''
complete -c 'hector-reason' -n '__hector-reason_should_offer_completions_for_flags_or_options "hector-reason" summary' -l 'summary' -d 'Print a line of JSON with totals to standard error at the end.'
complete -c 'hector-reason' -n '__hector-reason_should_offer_completions_for_flags_or_options "hector-reason" progress' -l 'progress' -d 'Show progress on standard error.'
complete -c 'hector-reason' -n '__hector-reason_should_offer_completions_for_flags_or_options "hector-reason" max-line' -l 'max-line' -d 'The longest line to accept, in bytes: 1000000, 512K, 64M.' -rfka ''
complete -c 'hector-reason' -n '__hector-reason_should_offer_completions_for_flags_or_options "hector-reason" debug' -l 'debug' -d 'Show what plugins write, and how they are run.'
complete -c 'hector-reason' -n '__hector-reason_should_offer_completions_for_flags_or_options "hector-reason" q quiet' -l 'quiet' -s 'q' -d 'Print only errors.'
complete -c 'hector-reason' -n '__hector-reason_should_offer_completions_for_flags_or_options "hector-reason" version' -l 'version' -d 'Show the version.'
complete -c 'hector-reason' -n '__hector-reason_should_offer_completions_for_flags_or_options "hector-reason" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'hector-reason' -n '__hector-reason_should_offer_completions_for_positional "hector-reason" -eq 1' -fa 'records' -d 'Decide on records; the default subcommand.'
complete -c 'hector-reason' -n '__hector-reason_should_offer_completions_for_positional "hector-reason" -eq 1' -fa 'slots' -d 'Print the strategy\'s parts of a system prompt.'
complete -c 'hector-reason' -n '__hector-reason_should_offer_completions_for_positional "hector-reason" -eq 1' -fa 'info' -d 'Print the strategy\'s name and what it does.'
complete -c 'hector-reason' -n '__hector-reason_should_offer_completions_for_positional "hector-reason" -eq 1' -fa 'help' -d 'Show subcommand help information.'
complete -c 'hector-reason' -n '__hector-reason_should_offer_completions_for_flags_or_options "hector-reason records" step' -l 'step' -d 'The question to the strategy, whatever the record says: prepare, inject, stop, after, slots or info.' -rfka 'prepare inject stop after slots info'
complete -c 'hector-reason' -n '__hector-reason_should_offer_completions_for_flags_or_options "hector-reason records" plugin' -l 'plugin' -d 'The plugin: a name from the configuration, a discovered or built-in one, or a path.' -rfka '(__hector-reason_custom_completion ---completion records -- --plugin (count (__hector-reason_tokens -pc)) (__hector-reason_tokens -tC))'
complete -c 'hector-reason' -n '__hector-reason_should_offer_completions_for_flags_or_options "hector-reason records" socket' -l 'socket' -d 'Use a plugin that is already running, and leave it running.' -rfka ''
complete -c 'hector-reason' -n '__hector-reason_should_offer_completions_for_flags_or_options "hector-reason records"' -l 'option' -s 'o' -d 'Set an option of the plugin, to the contents of a file by KEY=@FILE; repeat for more.' -rfka ''
complete -c 'hector-reason' -n '__hector-reason_should_offer_completions_for_flags_or_options "hector-reason records" config' -l 'config' -d 'Read the configuration from this file.' -rfka ''
complete -c 'hector-reason' -n '__hector-reason_should_offer_completions_for_flags_or_options "hector-reason records" j jobs' -l 'jobs' -s 'j' -d 'Keep up to N calls in flight.' -rfka ''
complete -c 'hector-reason' -n '__hector-reason_should_offer_completions_for_flags_or_options "hector-reason records" batch-size' -l 'batch-size' -d 'Put up to N records into one call, if the plugin can do that.' -rfka ''
complete -c 'hector-reason' -n '__hector-reason_should_offer_completions_for_flags_or_options "hector-reason records" timeout' -l 'timeout' -d 'Give up a call after this long: 90, 90s, 500ms or 5m.' -rfka ''
complete -c 'hector-reason' -n '__hector-reason_should_offer_completions_for_flags_or_options "hector-reason records" eager' -l 'eager' -d 'Start the plugin at once, not when the first record comes.'
complete -c 'hector-reason' -n '__hector-reason_should_offer_completions_for_flags_or_options "hector-reason records" 0 null' -s '0' -l 'null' -d 'Records end in NUL, not newline, on both sides.'
complete -c 'hector-reason' -n '__hector-reason_should_offer_completions_for_flags_or_options "hector-reason records" text' -l 'text' -d 'Each input line is plain text, not JSON.'
complete -c 'hector-reason' -n '__hector-reason_should_offer_completions_for_flags_or_options "hector-reason records" field' -l 'field' -d 'The member that holds a record\'s text.' -rfka ''
complete -c 'hector-reason' -n '__hector-reason_should_offer_completions_for_flags_or_options "hector-reason records" unordered' -l 'unordered' -d 'Write records as they are done, not in the order they came.'
complete -c 'hector-reason' -n '__hector-reason_should_offer_completions_for_flags_or_options "hector-reason records" window' -l 'window' -d 'Hold at most this much that waits for an earlier record or is being processed.' -rfka ''
complete -c 'hector-reason' -n '__hector-reason_should_offer_completions_for_flags_or_options "hector-reason records" spill' -l 'spill' -d 'Put what does not fit into the window into a file in $TMPDIR.'
complete -c 'hector-reason' -n '__hector-reason_should_offer_completions_for_flags_or_options "hector-reason records" fail-fast' -l 'fail-fast' -d 'Stop at the first record that fails.'
complete -c 'hector-reason' -n '__hector-reason_should_offer_completions_for_flags_or_options "hector-reason records" errors' -l 'errors' -d 'Write failed records to this file.' -rfka ''
complete -c 'hector-reason' -n '__hector-reason_should_offer_completions_for_flags_or_options "hector-reason records" summary' -l 'summary' -d 'Print a line of JSON with totals to standard error at the end.'
complete -c 'hector-reason' -n '__hector-reason_should_offer_completions_for_flags_or_options "hector-reason records" progress' -l 'progress' -d 'Show progress on standard error.'
complete -c 'hector-reason' -n '__hector-reason_should_offer_completions_for_flags_or_options "hector-reason records" max-line' -l 'max-line' -d 'The longest line to accept, in bytes: 1000000, 512K, 64M.' -rfka ''
complete -c 'hector-reason' -n '__hector-reason_should_offer_completions_for_flags_or_options "hector-reason records" debug' -l 'debug' -d 'Show what plugins write, and how they are run.'
complete -c 'hector-reason' -n '__hector-reason_should_offer_completions_for_flags_or_options "hector-reason records" q quiet' -l 'quiet' -s 'q' -d 'Print only errors.'
complete -c 'hector-reason' -n '__hector-reason_should_offer_completions_for_flags_or_options "hector-reason records" version' -l 'version' -d 'Show the version.'
complete -c 'hector-reason' -n '__hector-reason_should_offer_completions_for_flags_or_options "hector-reason records" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'hector-reason' -n '__hector-reason_should_offer_completions_for_flags_or_options "hector-reason slots" plugin' -l 'plugin' -d 'The plugin: a name from the configuration, a discovered or built-in one, or a path.' -rfka '(__hector-reason_custom_completion ---completion slots -- --plugin (count (__hector-reason_tokens -pc)) (__hector-reason_tokens -tC))'
complete -c 'hector-reason' -n '__hector-reason_should_offer_completions_for_flags_or_options "hector-reason slots" socket' -l 'socket' -d 'Use a plugin that is already running, and leave it running.' -rfka ''
complete -c 'hector-reason' -n '__hector-reason_should_offer_completions_for_flags_or_options "hector-reason slots"' -l 'option' -s 'o' -d 'Set an option of the plugin, to the contents of a file by KEY=@FILE; repeat for more.' -rfka ''
complete -c 'hector-reason' -n '__hector-reason_should_offer_completions_for_flags_or_options "hector-reason slots" config' -l 'config' -d 'Read the configuration from this file.' -rfka ''
complete -c 'hector-reason' -n '__hector-reason_should_offer_completions_for_flags_or_options "hector-reason slots" timeout' -l 'timeout' -d 'Give up a call after this long: 90, 90s, 500ms or 5m.' -rfka ''
complete -c 'hector-reason' -n '__hector-reason_should_offer_completions_for_flags_or_options "hector-reason slots" debug' -l 'debug' -d 'Show what plugins write, and how they are run.'
complete -c 'hector-reason' -n '__hector-reason_should_offer_completions_for_flags_or_options "hector-reason slots" q quiet' -l 'quiet' -s 'q' -d 'Print only errors.'
complete -c 'hector-reason' -n '__hector-reason_should_offer_completions_for_flags_or_options "hector-reason slots" version' -l 'version' -d 'Show the version.'
complete -c 'hector-reason' -n '__hector-reason_should_offer_completions_for_flags_or_options "hector-reason slots" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'hector-reason' -n '__hector-reason_should_offer_completions_for_flags_or_options "hector-reason info" plugin' -l 'plugin' -d 'The plugin: a name from the configuration, a discovered or built-in one, or a path.' -rfka '(__hector-reason_custom_completion ---completion info -- --plugin (count (__hector-reason_tokens -pc)) (__hector-reason_tokens -tC))'
complete -c 'hector-reason' -n '__hector-reason_should_offer_completions_for_flags_or_options "hector-reason info" socket' -l 'socket' -d 'Use a plugin that is already running, and leave it running.' -rfka ''
complete -c 'hector-reason' -n '__hector-reason_should_offer_completions_for_flags_or_options "hector-reason info"' -l 'option' -s 'o' -d 'Set an option of the plugin, to the contents of a file by KEY=@FILE; repeat for more.' -rfka ''
complete -c 'hector-reason' -n '__hector-reason_should_offer_completions_for_flags_or_options "hector-reason info" config' -l 'config' -d 'Read the configuration from this file.' -rfka ''
complete -c 'hector-reason' -n '__hector-reason_should_offer_completions_for_flags_or_options "hector-reason info" timeout' -l 'timeout' -d 'Give up a call after this long: 90, 90s, 500ms or 5m.' -rfka ''
complete -c 'hector-reason' -n '__hector-reason_should_offer_completions_for_flags_or_options "hector-reason info" debug' -l 'debug' -d 'Show what plugins write, and how they are run.'
complete -c 'hector-reason' -n '__hector-reason_should_offer_completions_for_flags_or_options "hector-reason info" q quiet' -l 'quiet' -s 'q' -d 'Print only errors.'
complete -c 'hector-reason' -n '__hector-reason_should_offer_completions_for_flags_or_options "hector-reason info" version' -l 'version' -d 'Show the version.'
complete -c 'hector-reason' -n '__hector-reason_should_offer_completions_for_flags_or_options "hector-reason info" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'hector-reason' -n '__hector-reason_should_offer_completions_for_flags_or_options "hector-reason help" version' -l 'version' -d 'Show the version.'
