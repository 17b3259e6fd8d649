function __hector-generate_should_offer_completions_for_flags_or_options -a expected_commands
    set -l non_repeating_flags_or_options $argv[2..]
    set -l non_repeating_flags_or_options_absent 0
    set -l positional_index 0
    set -l commands
    __hector-generate_parse_tokens
    test "$commands" = "$expected_commands"; and return $non_repeating_flags_or_options_absent
end

function __hector-generate_should_offer_completions_for_positional -a expected_commands positional_index_comparison expected_positional_index
    set -l non_repeating_flags_or_options
    set -l non_repeating_flags_or_options_absent 0
    set -l positional_index 0
    set -l commands
    __hector-generate_parse_tokens
    test "$commands" = "$expected_commands" -a \( "$positional_index" "$positional_index_comparison" "$expected_positional_index" \)
end

function __hector-generate_parse_tokens -S
    set -l unparsed_tokens (__hector-generate_tokens -pc)
    switch $unparsed_tokens[1]
    case 'hector-generate'
        __hector-generate_parse_subcommand 0 's/system=' 't/template=' 'p/param=+' 'schema=' 'T/tools=+' 'm/model=' 'n/null-input' 'stream' 'no-stream' 'json' 'x/extract' 'u/usage' 'plugin=' 'socket=' 'o/option=+' 'config=' 'j/jobs=' 'batch-size=' 'timeout=' 'eager' '0/null' 'text' 'field=' 'unordered' 'window=' 'spill' 'fail-fast' 'errors=' 'summary' 'progress' 'max-line=' 'debug' 'q/quiet' 'version' 'h/help'
        switch $unparsed_tokens[1]
        case 'records'
            __hector-generate_parse_subcommand 1 's/system=' 't/template=' 'p/param=+' 'schema=' 'T/tools=+' 'm/model=' 'n/null-input' 'stream' 'no-stream' 'json' 'x/extract' 'u/usage' 'plugin=' 'socket=' 'o/option=+' 'config=' 'j/jobs=' 'batch-size=' 'timeout=' 'eager' '0/null' 'text' 'field=' 'unordered' 'window=' 'spill' 'fail-fast' 'errors=' 'summary' 'progress' 'max-line=' 'debug' 'q/quiet' 'version' 'h/help'
        case 'info'
            __hector-generate_parse_subcommand 0 'm/model=' 'plugin=' 'socket=' 'o/option=+' 'config=' 'timeout=' 'debug' 'q/quiet' 'version' 'h/help'
        case 'help'
            __hector-generate_parse_subcommand -r 1 'version'
        end
    end
end

function __hector-generate_tokens
    if test (string split -m 1 -f 1 -- . "$FISH_VERSION") -gt 3
        commandline --tokens-raw $argv
    else
        commandline -o $argv
    end
end

function __hector-generate_parse_subcommand -S -a positional_count
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

function __hector-generate_complete_directories
    set -l token (commandline -t)
    string match -- '*/' $token
    set -l subdirs $token*/
    printf %s\n $subdirs
end

function __hector-generate_custom_completion
    set -x SAP_SHELL fish
    set -x SAP_SHELL_VERSION $FISH_VERSION
    set -l tokens (__hector-generate_tokens -p)
    if test -z "$(__hector-generate_tokens -t)"
        set -l index (count (__hector-generate_tokens -pc))
        set tokens $tokens[..$index] \'\' $tokens[(math $index + 1)..]
    end
    command $tokens[1] $argv $tokens
end

complete -c 'hector-generate' -f
complete -c 'hector-generate' -n '__hector-generate_should_offer_completions_for_flags_or_options "hector-generate" s system' -l 'system' -s 's' -d 'Give the model this system prompt.' -rfka ''
complete -c 'hector-generate' -n '__hector-generate_should_offer_completions_for_flags_or_options "hector-generate" t template' -l 'template' -s 't' -d 'Use this template: a name, or a path with a slash.' -rfka ''
complete -c 'hector-generate' -n '__hector-generate_should_offer_completions_for_flags_or_options "hector-generate"' -l 'param' -s 'p' -d 'Set a variable of the template; repeat for more.' -rfka ''
complete -c 'hector-generate' -n '__hector-generate_should_offer_completions_for_flags_or_options "hector-generate" schema' -l 'schema' -d 'The schema of the answer: JSON Schema, the short form \'name, age int\', or a file.' -rfka ''
complete -c 'hector-generate' -n '__hector-generate_should_offer_completions_for_flags_or_options "hector-generate"' -s 'T' -l 'tools' -d 'Offer the tools in this file; repeat for more.' -rfka ''
complete -c 'hector-generate' -n '__hector-generate_should_offer_completions_for_flags_or_options "hector-generate" m model' -l 'model' -s 'm' -d 'The model; the same as -o model=NAME.' -rfka ''
complete -c 'hector-generate' -n '__hector-generate_should_offer_completions_for_flags_or_options "hector-generate" n null-input' -l 'null-input' -s 'n' -d 'Do not read standard input.'
complete -c 'hector-generate' -n '__hector-generate_should_offer_completions_for_flags_or_options "hector-generate" stream' -l 'stream' -d 'Print the answer as it comes; for records, as lines of JSON before each.'
complete -c 'hector-generate' -n '__hector-generate_should_offer_completions_for_flags_or_options "hector-generate" no-stream' -l 'no-stream' -d 'Print the answer as it comes; for records, as lines of JSON before each.'
complete -c 'hector-generate' -n '__hector-generate_should_offer_completions_for_flags_or_options "hector-generate" json' -l 'json' -d 'Print the answer to a prompt as a record.'
complete -c 'hector-generate' -n '__hector-generate_should_offer_completions_for_flags_or_options "hector-generate" extract x' -s 'x' -l 'extract' -d 'Print only the first code block of the answer.'
complete -c 'hector-generate' -n '__hector-generate_should_offer_completions_for_flags_or_options "hector-generate" u usage' -l 'usage' -s 'u' -d 'Print the number of tokens used to standard error.'
complete -c 'hector-generate' -n '__hector-generate_should_offer_completions_for_flags_or_options "hector-generate" plugin' -l 'plugin' -d 'The plugin: a name from the configuration, a discovered or built-in one, or a path.' -rfka '(__hector-generate_custom_completion ---completion -- --plugin (count (__hector-generate_tokens -pc)) (__hector-generate_tokens -tC))'
complete -c 'hector-generate' -n '__hector-generate_should_offer_completions_for_flags_or_options "hector-generate" socket' -l 'socket' -d 'Use a plugin that is already running, and leave it running.' -rfka ''
complete -c 'hector-generate' -n '__hector-generate_should_offer_completions_for_flags_or_options "hector-generate"' -l 'option' -s 'o' -d 'Set an option of the plugin, to the contents of a file by KEY=@FILE; repeat for more.' -rfka ''
complete -c 'hector-generate' -n '__hector-generate_should_offer_completions_for_flags_or_options "hector-generate" config' -l 'config' -d 'Read the configuration from this file.' -rfka ''
complete -c 'hector-generate' -n '__hector-generate_should_offer_completions_for_flags_or_options "hector-generate" j jobs' -l 'jobs' -s 'j' -d 'Keep up to N calls in flight.' -rfka ''
complete -c 'hector-generate' -n '__hector-generate_should_offer_completions_for_flags_or_options "hector-generate" batch-size' -l 'batch-size' -d 'Put up to N records into one call, if the plugin can do that.' -rfka ''
complete -c 'hector-generate' -n '__hector-generate_should_offer_completions_for_flags_or_options "hector-generate" timeout' -l 'timeout' -d 'Give up a call after this long: 90, 90s, 500ms or 5m.' -rfka ''
complete -c 'hector-generate' -n '__hector-generate_should_offer_completions_for_flags_or_options "hector-generate" eager' -l 'eager' -d 'Start the plugin at once, not when the first record comes.'
complete -c 'hector-generate' -n '__hector-generate_should_offer_completions_for_flags_or_options "hector-generate" 0 null' -s '0' -l 'null' -d 'Records end in NUL, not newline, on both sides.'
complete -c 'hector-generate' -n '__hector-generate_should_offer_completions_for_flags_or_options "hector-generate" text' -l 'text' -d 'Each input line is plain text, not JSON.'
complete -c 'hector-generate' -n '__hector-generate_should_offer_completions_for_flags_or_options "hector-generate" field' -l 'field' -d 'The member that holds a record\'s text.' -rfka ''
complete -c 'hector-generate' -n '__hector-generate_should_offer_completions_for_flags_or_options "hector-generate" unordered' -l 'unordered' -d 'Write records as they are done, not in the order they came.'
complete -c 'hector-generate' -n '__hector-generate_should_offer_completions_for_flags_or_options "hector-generate" window' -l 'window' -d 'Hold at most this much that waits for an earlier record or is being processed.' -rfka ''
complete -c 'hector-generate' -n '__hector-generate_should_offer_completions_for_flags_or_options "hector-generate" spill' -l 'spill' -d 'Put what does not fit into the window into a file in $TMPDIR.'
complete -c 'hector-generate' -n '__hector-generate_should_offer_completions_for_flags_or_options "hector-generate" fail-fast' -l 'fail-fast' -d 'Stop at the first record that fails.'
complete -c 'hector-generate' -n '__hector-generate_should_offer_completions_for_flags_or_options "hector-generate" errors' -l 'errors' -d 'Write failed records to this file.' -rfka ''
complete -c 'hector-generate' -n '__hector-generate_should_offer_completions_for_flags_or_options "hector-generate" summary' -l 'summary' -d 'Print a line of JSON with totals to standard error at the end.'
complete -c 'hector-generate' -n '__hector-generate_should_offer_completions_for_flags_or_options "hector-generate" progress' -l 'progress' -d 'Show progress on standard error.'
complete -c 'hector-generate' -n '__hector-generate_should_offer_completions_for_flags_or_options "hector-generate" max-line' -l 'max-line' -d 'The longest line to accept, in bytes: 1000000, 512K, 64M.' -rfka ''
complete -c 'hector-generate' -n '__hector-generate_should_offer_completions_for_flags_or_options "hector-generate" debug' -l 'debug' -d 'Show what plugins write, and how they are run.'
complete -c 'hector-generate' -n '__hector-generate_should_offer_completions_for_flags_or_options "hector-generate" q quiet' -l 'quiet' -s 'q' -d 'Print only errors.'
complete -c 'hector-generate' -n '__hector-generate_should_offer_completions_for_flags_or_options "hector-generate" version' -l 'version' -d 'Show the version.'
complete -c 'hector-generate' -n '__hector-generate_should_offer_completions_for_flags_or_options "hector-generate" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'hector-generate' -n '__hector-generate_should_offer_completions_for_positional "hector-generate" -eq 1' -fa 'records' -d 'Answer a prompt, or each record; the default subcommand.'
complete -c 'hector-generate' -n '__hector-generate_should_offer_completions_for_positional "hector-generate" -eq 1' -fa 'info' -d 'Print the model and its limits.'
complete -c 'hector-generate' -n '__hector-generate_should_offer_completions_for_positional "hector-generate" -eq 1' -fa 'help' -d 'Show subcommand help information.'
complete -c 'hector-generate' -n '__hector-generate_should_offer_completions_for_flags_or_options "hector-generate records" s system' -l 'system' -s 's' -d 'Give the model this system prompt.' -rfka ''
complete -c 'hector-generate' -n '__hector-generate_should_offer_completions_for_flags_or_options "hector-generate records" t template' -l 'template' -s 't' -d 'Use this template: a name, or a path with a slash.' -rfka ''
complete -c 'hector-generate' -n '__hector-generate_should_offer_completions_for_flags_or_options "hector-generate records"' -l 'param' -s 'p' -d 'Set a variable of the template; repeat for more.' -rfka ''
complete -c 'hector-generate' -n '__hector-generate_should_offer_completions_for_flags_or_options "hector-generate records" schema' -l 'schema' -d 'The schema of the answer: JSON Schema, the short form \'name, age int\', or a file.' -rfka ''
complete -c 'hector-generate' -n '__hector-generate_should_offer_completions_for_flags_or_options "hector-generate records"' -s 'T' -l 'tools' -d 'Offer the tools in this file; repeat for more.' -rfka ''
complete -c 'hector-generate' -n '__hector-generate_should_offer_completions_for_flags_or_options "hector-generate records" m model' -l 'model' -s 'm' -d 'The model; the same as -o model=NAME.' -rfka ''
complete -c 'hector-generate' -n '__hector-generate_should_offer_completions_for_flags_or_options "hector-generate records" n null-input' -l 'null-input' -s 'n' -d 'Do not read standard input.'
complete -c 'hector-generate' -n '__hector-generate_should_offer_completions_for_flags_or_options "hector-generate records" stream' -l 'stream' -d 'Print the answer as it comes; for records, as lines of JSON before each.'
complete -c 'hector-generate' -n '__hector-generate_should_offer_completions_for_flags_or_options "hector-generate records" no-stream' -l 'no-stream' -d 'Print the answer as it comes; for records, as lines of JSON before each.'
complete -c 'hector-generate' -n '__hector-generate_should_offer_completions_for_flags_or_options "hector-generate records" json' -l 'json' -d 'Print the answer to a prompt as a record.'
complete -c 'hector-generate' -n '__hector-generate_should_offer_completions_for_flags_or_options "hector-generate records" extract x' -s 'x' -l 'extract' -d 'Print only the first code block of the answer.'
complete -c 'hector-generate' -n '__hector-generate_should_offer_completions_for_flags_or_options "hector-generate records" u usage' -l 'usage' -s 'u' -d 'Print the number of tokens used to standard error.'
complete -c 'hector-generate' -n '__hector-generate_should_offer_completions_for_flags_or_options "hector-generate records" plugin' -l 'plugin' -d 'The plugin: a name from the configuration, a discovered or built-in one, or a path.' -rfka '(__hector-generate_custom_completion ---completion records -- --plugin (count (__hector-generate_tokens -pc)) (__hector-generate_tokens -tC))'
complete -c 'hector-generate' -n '__hector-generate_should_offer_completions_for_flags_or_options "hector-generate records" socket' -l 'socket' -d 'Use a plugin that is already running, and leave it running.' -rfka ''
complete -c 'hector-generate' -n '__hector-generate_should_offer_completions_for_flags_or_options "hector-generate records"' -l 'option' -s 'o' -d 'Set an option of the plugin, to the contents of a file by KEY=@FILE; repeat for more.' -rfka ''
complete -c 'hector-generate' -n '__hector-generate_should_offer_completions_for_flags_or_options "hector-generate records" config' -l 'config' -d 'Read the configuration from this file.' -rfka ''
complete -c 'hector-generate' -n '__hector-generate_should_offer_completions_for_flags_or_options "hector-generate records" j jobs' -l 'jobs' -s 'j' -d 'Keep up to N calls in flight.' -rfka ''
complete -c 'hector-generate' -n '__hector-generate_should_offer_completions_for_flags_or_options "hector-generate records" batch-size' -l 'batch-size' -d 'Put up to N records into one call, if the plugin can do that.' -rfka ''
complete -c 'hector-generate' -n '__hector-generate_should_offer_completions_for_flags_or_options "hector-generate records" timeout' -l 'timeout' -d 'Give up a call after this long: 90, 90s, 500ms or 5m.' -rfka ''
complete -c 'hector-generate' -n '__hector-generate_should_offer_completions_for_flags_or_options "hector-generate records" eager' -l 'eager' -d 'Start the plugin at once, not when the first record comes.'
complete -c 'hector-generate' -n '__hector-generate_should_offer_completions_for_flags_or_options "hector-generate records" 0 null' -s '0' -l 'null' -d 'Records end in NUL, not newline, on both sides.'
complete -c 'hector-generate' -n '__hector-generate_should_offer_completions_for_flags_or_options "hector-generate records" text' -l 'text' -d 'Each input line is plain text, not JSON.'
complete -c 'hector-generate' -n '__hector-generate_should_offer_completions_for_flags_or_options "hector-generate records" field' -l 'field' -d 'The member that holds a record\'s text.' -rfka ''
complete -c 'hector-generate' -n '__hector-generate_should_offer_completions_for_flags_or_options "hector-generate records" unordered' -l 'unordered' -d 'Write records as they are done, not in the order they came.'
complete -c 'hector-generate' -n '__hector-generate_should_offer_completions_for_flags_or_options "hector-generate records" window' -l 'window' -d 'Hold at most this much that waits for an earlier record or is being processed.' -rfka ''
complete -c 'hector-generate' -n '__hector-generate_should_offer_completions_for_flags_or_options "hector-generate records" spill' -l 'spill' -d 'Put what does not fit into the window into a file in $TMPDIR.'
complete -c 'hector-generate' -n '__hector-generate_should_offer_completions_for_flags_or_options "hector-generate records" fail-fast' -l 'fail-fast' -d 'Stop at the first record that fails.'
complete -c 'hector-generate' -n '__hector-generate_should_offer_completions_for_flags_or_options "hector-generate records" errors' -l 'errors' -d 'Write failed records to this file.' -rfka ''
complete -c 'hector-generate' -n '__hector-generate_should_offer_completions_for_flags_or_options "hector-generate records" summary' -l 'summary' -d 'Print a line of JSON with totals to standard error at the end.'
complete -c 'hector-generate' -n '__hector-generate_should_offer_completions_for_flags_or_options "hector-generate records" progress' -l 'progress' -d 'Show progress on standard error.'
complete -c 'hector-generate' -n '__hector-generate_should_offer_completions_for_flags_or_options "hector-generate records" max-line' -l 'max-line' -d 'The longest line to accept, in bytes: 1000000, 512K, 64M.' -rfka ''
complete -c 'hector-generate' -n '__hector-generate_should_offer_completions_for_flags_or_options "hector-generate records" debug' -l 'debug' -d 'Show what plugins write, and how they are run.'
complete -c 'hector-generate' -n '__hector-generate_should_offer_completions_for_flags_or_options "hector-generate records" q quiet' -l 'quiet' -s 'q' -d 'Print only errors.'
complete -c 'hector-generate' -n '__hector-generate_should_offer_completions_for_flags_or_options "hector-generate records" version' -l 'version' -d 'Show the version.'
complete -c 'hector-generate' -n '__hector-generate_should_offer_completions_for_flags_or_options "hector-generate records" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'hector-generate' -n '__hector-generate_should_offer_completions_for_flags_or_options "hector-generate info" m model' -l 'model' -s 'm' -d 'The model.' -rfka ''
complete -c 'hector-generate' -n '__hector-generate_should_offer_completions_for_flags_or_options "hector-generate info" plugin' -l 'plugin' -d 'The plugin: a name from the configuration, a discovered or built-in one, or a path.' -rfka '(__hector-generate_custom_completion ---completion info -- --plugin (count (__hector-generate_tokens -pc)) (__hector-generate_tokens -tC))'
complete -c 'hector-generate' -n '__hector-generate_should_offer_completions_for_flags_or_options "hector-generate info" socket' -l 'socket' -d 'Use a plugin that is already running, and leave it running.' -rfka ''
complete -c 'hector-generate' -n '__hector-generate_should_offer_completions_for_flags_or_options "hector-generate info"' -l 'option' -s 'o' -d 'Set an option of the plugin, to the contents of a file by KEY=@FILE; repeat for more.' -rfka ''
complete -c 'hector-generate' -n '__hector-generate_should_offer_completions_for_flags_or_options "hector-generate info" config' -l 'config' -d 'Read the configuration from this file.' -rfka ''
complete -c 'hector-generate' -n '__hector-generate_should_offer_completions_for_flags_or_options "hector-generate info" timeout' -l 'timeout' -d 'Give up a call after this long: 90, 90s, 500ms or 5m.' -rfka ''
complete -c 'hector-generate' -n '__hector-generate_should_offer_completions_for_flags_or_options "hector-generate info" debug' -l 'debug' -d 'Show what plugins write, and how they are run.'
complete -c 'hector-generate' -n '__hector-generate_should_offer_completions_for_flags_or_options "hector-generate info" q quiet' -l 'quiet' -s 'q' -d 'Print only errors.'
complete -c 'hector-generate' -n '__hector-generate_should_offer_completions_for_flags_or_options "hector-generate info" version' -l 'version' -d 'Show the version.'
complete -c 'hector-generate' -n '__hector-generate_should_offer_completions_for_flags_or_options "hector-generate info" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'hector-generate' -n '__hector-generate_should_offer_completions_for_flags_or_options "hector-generate help" version' -l 'version' -d 'Show the version.'
