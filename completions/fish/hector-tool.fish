function __hector-tool_should_offer_completions_for_flags_or_options -a expected_commands
    set -l non_repeating_flags_or_options $argv[2..]
    set -l non_repeating_flags_or_options_absent 0
    set -l positional_index 0
    set -l commands
    __hector-tool_parse_tokens
    test "$commands" = "$expected_commands"; and return $non_repeating_flags_or_options_absent
end

function __hector-tool_should_offer_completions_for_positional -a expected_commands positional_index_comparison expected_positional_index
    set -l non_repeating_flags_or_options
    set -l non_repeating_flags_or_options_absent 0
    set -l positional_index 0
    set -l commands
    __hector-tool_parse_tokens
    test "$commands" = "$expected_commands" -a \( "$positional_index" "$positional_index_comparison" "$expected_positional_index" \)
end

function __hector-tool_parse_tokens -S
    set -l unparsed_tokens (__hector-tool_tokens -pc)
    switch $unparsed_tokens[1]
    case 'hector-tool'
        __hector-tool_parse_subcommand 0 'allow=+' 'deny=+' 'approve=' 'approve-tainted=' 'approver=' 'approver-timeout=' 'only=+' 'session-approvals=' 'max-output=' 'offer' 'stream' 'plugin=+' 'prefix=+' 'socket=' 'o/option=+' 'allow-path=+' 'config=' 'j/jobs=' 'batch-size=' 'timeout=' 'eager' '0/null' 'text' 'field=' 'unordered' 'window=' 'spill' 'fail-fast' 'errors=' 'summary' 'progress' 'max-line=' 'debug' 'q/quiet' 'version' 'h/help'
        switch $unparsed_tokens[1]
        case 'run'
            __hector-tool_parse_subcommand -r 1 'allow=+' 'deny=+' 'approve=' 'approve-tainted=' 'approver=' 'approver-timeout=' 'only=+' 'session-approvals=' 'max-output=' 'offer' 'stream' 'plugin=+' 'prefix=+' 'socket=' 'o/option=+' 'allow-path=+' 'config=' 'j/jobs=' 'batch-size=' 'timeout=' 'eager' '0/null' 'text' 'field=' 'unordered' 'window=' 'spill' 'fail-fast' 'errors=' 'summary' 'progress' 'max-line=' 'debug' 'q/quiet' 'version' 'h/help'
        case 'list'
            __hector-tool_parse_subcommand 0 'allow=+' 'deny=+' 'approve=' 'approve-tainted=' 'approver=' 'approver-timeout=' 'only=+' 'session-approvals=' 'plugin=+' 'prefix=+' 'socket=' 'o/option=+' 'allow-path=+' 'config=' 'timeout=' 'debug' 'q/quiet' 'version' 'h/help'
        case 'call'
            __hector-tool_parse_subcommand -r 1 'allow=+' 'deny=+' 'approve=' 'approve-tainted=' 'approver=' 'approver-timeout=' 'only=+' 'session-approvals=' 'max-output=' 'progress' 'plugin=+' 'prefix=+' 'socket=' 'o/option=+' 'allow-path=+' 'config=' 'timeout=' 'debug' 'q/quiet' 'version' 'h/help'
        case 'help'
            __hector-tool_parse_subcommand -r 1 'version'
        end
    end
end

function __hector-tool_tokens
    if test (string split -m 1 -f 1 -- . "$FISH_VERSION") -gt 3
        commandline --tokens-raw $argv
    else
        commandline -o $argv
    end
end

function __hector-tool_parse_subcommand -S -a positional_count
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

function __hector-tool_complete_directories
    set -l token (commandline -t)
    string match -- '*/' $token
    set -l subdirs $token*/
    printf %s\n $subdirs
end

function __hector-tool_custom_completion
    set -x SAP_SHELL fish
    set -x SAP_SHELL_VERSION $FISH_VERSION
    set -l tokens (__hector-tool_tokens -p)
    if test -z "$(__hector-tool_tokens -t)"
        set -l index (count (__hector-tool_tokens -pc))
        set tokens $tokens[..$index] \'\' $tokens[(math $index + 1)..]
    end
    command $tokens[1] $argv $tokens
end

complete -c 'hector-tool' -f
complete -c 'hector-tool' -n '__hector-tool_should_offer_completions_for_flags_or_options "hector-tool"' -l 'allow' -d 'Run tools whose name matches without asking; repeat for more.' -rfka ''
complete -c 'hector-tool' -n '__hector-tool_should_offer_completions_for_flags_or_options "hector-tool"' -l 'deny' -d 'Never run tools whose name matches, whatever other options say.' -rfka ''
complete -c 'hector-tool' -n '__hector-tool_should_offer_completions_for_flags_or_options "hector-tool" approve' -l 'approve' -d 'The treatment of other tools: ask, run them always or never, or ask unless they declare that they change nothing.' -rfka 'hints ask always never'
complete -c 'hector-tool' -n '__hector-tool_should_offer_completions_for_flags_or_options "hector-tool" approve-tainted' -l 'approve-tainted' -d 'The treatment of calls that may do harm, made after the model has read documents, pages or other untrusted text: ask, whatever other options say, never run them, or treat them like all others.' -rfka 'ask never always'
complete -c 'hector-tool' -n '__hector-tool_should_offer_completions_for_flags_or_options "hector-tool" approver' -l 'approver' -d 'Ask this program, not the terminal: it gets the call on its input, and approves it by exiting with 0.' -rfka ''
complete -c 'hector-tool' -n '__hector-tool_should_offer_completions_for_flags_or_options "hector-tool" approver-timeout' -l 'approver-timeout' -d 'End that program and refuse the call after this long: 90, 90s, 5m.' -rfka ''
complete -c 'hector-tool' -n '__hector-tool_should_offer_completions_for_flags_or_options "hector-tool"' -l 'only' -d 'Leave out all tools whose name matches none of these; repeat for more.' -rfka ''
complete -c 'hector-tool' -n '__hector-tool_should_offer_completions_for_flags_or_options "hector-tool" session-approvals' -l 'session-approvals' -d 'Keep the approvals of a session in this file, for its other processes.' -rfka ''
complete -c 'hector-tool' -n '__hector-tool_should_offer_completions_for_flags_or_options "hector-tool" max-output' -l 'max-output' -d 'Cut the result of a tool after this many bytes: 100000, 512K, 2M.' -rfka ''
complete -c 'hector-tool' -n '__hector-tool_should_offer_completions_for_flags_or_options "hector-tool" offer' -l 'offer' -d 'First write a record with the tools that may run, as \'tools\'.'
complete -c 'hector-tool' -n '__hector-tool_should_offer_completions_for_flags_or_options "hector-tool" stream' -l 'stream' -d 'Write events before each record, as lines with \'event\'.'
complete -c 'hector-tool' -n '__hector-tool_should_offer_completions_for_flags_or_options "hector-tool"' -l 'plugin' -d 'A plugin: a name from the configuration, a discovered or built-in one, or a path; repeat for more.' -rfka '(__hector-tool_custom_completion ---completion -- --plugin (count (__hector-tool_tokens -pc)) (__hector-tool_tokens -tC))'
complete -c 'hector-tool' -n '__hector-tool_should_offer_completions_for_flags_or_options "hector-tool"' -l 'prefix' -d 'Put this before the names of a plugin\'s tools. Prefixes are for the plugins in their order, or PLUGIN=PREFIX names the plugin; repeat for more.' -rfka ''
complete -c 'hector-tool' -n '__hector-tool_should_offer_completions_for_flags_or_options "hector-tool" socket' -l 'socket' -d 'Use a plugin that is already running, and leave it running.' -rfka ''
complete -c 'hector-tool' -n '__hector-tool_should_offer_completions_for_flags_or_options "hector-tool"' -l 'option' -s 'o' -d 'Set an option of the plugin, to the contents of a file by KEY=@FILE; repeat for more.' -rfka ''
complete -c 'hector-tool' -n '__hector-tool_should_offer_completions_for_flags_or_options "hector-tool"' -l 'allow-path' -d 'Let tools write this protected file, named from their working directory; repeat for more.' -rfka ''
complete -c 'hector-tool' -n '__hector-tool_should_offer_completions_for_flags_or_options "hector-tool" config' -l 'config' -d 'Read the configuration from this file.' -rfka ''
complete -c 'hector-tool' -n '__hector-tool_should_offer_completions_for_flags_or_options "hector-tool" j jobs' -l 'jobs' -s 'j' -d 'Keep up to N calls in flight.' -rfka ''
complete -c 'hector-tool' -n '__hector-tool_should_offer_completions_for_flags_or_options "hector-tool" batch-size' -l 'batch-size' -d 'Put up to N records into one call, if the plugin can do that.' -rfka ''
complete -c 'hector-tool' -n '__hector-tool_should_offer_completions_for_flags_or_options "hector-tool" timeout' -l 'timeout' -d 'Give up a call after this long: 90, 90s, 500ms or 5m.' -rfka ''
complete -c 'hector-tool' -n '__hector-tool_should_offer_completions_for_flags_or_options "hector-tool" eager' -l 'eager' -d 'Start the plugin at once, not when the first record comes.'
complete -c 'hector-tool' -n '__hector-tool_should_offer_completions_for_flags_or_options "hector-tool" 0 null' -s '0' -l 'null' -d 'Records end in NUL, not newline, on both sides.'
complete -c 'hector-tool' -n '__hector-tool_should_offer_completions_for_flags_or_options "hector-tool" text' -l 'text' -d 'Each input line is plain text, not JSON.'
complete -c 'hector-tool' -n '__hector-tool_should_offer_completions_for_flags_or_options "hector-tool" field' -l 'field' -d 'The member that holds a record\'s text.' -rfka ''
complete -c 'hector-tool' -n '__hector-tool_should_offer_completions_for_flags_or_options "hector-tool" unordered' -l 'unordered' -d 'Write records as they are done, not in the order they came.'
complete -c 'hector-tool' -n '__hector-tool_should_offer_completions_for_flags_or_options "hector-tool" window' -l 'window' -d 'Hold at most this much that waits for an earlier record or is being processed.' -rfka ''
complete -c 'hector-tool' -n '__hector-tool_should_offer_completions_for_flags_or_options "hector-tool" spill' -l 'spill' -d 'Put what does not fit into the window into a file in $TMPDIR.'
complete -c 'hector-tool' -n '__hector-tool_should_offer_completions_for_flags_or_options "hector-tool" fail-fast' -l 'fail-fast' -d 'Stop at the first record that fails.'
complete -c 'hector-tool' -n '__hector-tool_should_offer_completions_for_flags_or_options "hector-tool" errors' -l 'errors' -d 'Write failed records to this file.' -rfka ''
complete -c 'hector-tool' -n '__hector-tool_should_offer_completions_for_flags_or_options "hector-tool" summary' -l 'summary' -d 'Print a line of JSON with totals to standard error at the end.'
complete -c 'hector-tool' -n '__hector-tool_should_offer_completions_for_flags_or_options "hector-tool" progress' -l 'progress' -d 'Show progress on standard error.'
complete -c 'hector-tool' -n '__hector-tool_should_offer_completions_for_flags_or_options "hector-tool" max-line' -l 'max-line' -d 'The longest line to accept, in bytes: 1000000, 512K, 64M.' -rfka ''
complete -c 'hector-tool' -n '__hector-tool_should_offer_completions_for_flags_or_options "hector-tool" debug' -l 'debug' -d 'Show what plugins write, and how they are run.'
complete -c 'hector-tool' -n '__hector-tool_should_offer_completions_for_flags_or_options "hector-tool" q quiet' -l 'quiet' -s 'q' -d 'Print only errors.'
complete -c 'hector-tool' -n '__hector-tool_should_offer_completions_for_flags_or_options "hector-tool" version' -l 'version' -d 'Show the version.'
complete -c 'hector-tool' -n '__hector-tool_should_offer_completions_for_flags_or_options "hector-tool" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'hector-tool' -n '__hector-tool_should_offer_completions_for_positional "hector-tool" -eq 1' -fa 'run' -d 'Run the tool calls of records; the default subcommand.'
complete -c 'hector-tool' -n '__hector-tool_should_offer_completions_for_positional "hector-tool" -eq 1' -fa 'list' -d 'Print the tools that may run, a line of JSON each, to offer to a model.'
complete -c 'hector-tool' -n '__hector-tool_should_offer_completions_for_positional "hector-tool" -eq 1' -fa 'call' -d 'Run one tool and print its result.'
complete -c 'hector-tool' -n '__hector-tool_should_offer_completions_for_positional "hector-tool" -eq 1' -fa 'help' -d 'Show subcommand help information.'
complete -c 'hector-tool' -n '__hector-tool_should_offer_completions_for_flags_or_options "hector-tool run"' -l 'allow' -d 'Run tools whose name matches without asking; repeat for more.' -rfka ''
complete -c 'hector-tool' -n '__hector-tool_should_offer_completions_for_flags_or_options "hector-tool run"' -l 'deny' -d 'Never run tools whose name matches, whatever other options say.' -rfka ''
complete -c 'hector-tool' -n '__hector-tool_should_offer_completions_for_flags_or_options "hector-tool run" approve' -l 'approve' -d 'The treatment of other tools: ask, run them always or never, or ask unless they declare that they change nothing.' -rfka 'hints ask always never'
complete -c 'hector-tool' -n '__hector-tool_should_offer_completions_for_flags_or_options "hector-tool run" approve-tainted' -l 'approve-tainted' -d 'The treatment of calls that may do harm, made after the model has read documents, pages or other untrusted text: ask, whatever other options say, never run them, or treat them like all others.' -rfka 'ask never always'
complete -c 'hector-tool' -n '__hector-tool_should_offer_completions_for_flags_or_options "hector-tool run" approver' -l 'approver' -d 'Ask this program, not the terminal: it gets the call on its input, and approves it by exiting with 0.' -rfka ''
complete -c 'hector-tool' -n '__hector-tool_should_offer_completions_for_flags_or_options "hector-tool run" approver-timeout' -l 'approver-timeout' -d 'End that program and refuse the call after this long: 90, 90s, 5m.' -rfka ''
complete -c 'hector-tool' -n '__hector-tool_should_offer_completions_for_flags_or_options "hector-tool run"' -l 'only' -d 'Leave out all tools whose name matches none of these; repeat for more.' -rfka ''
complete -c 'hector-tool' -n '__hector-tool_should_offer_completions_for_flags_or_options "hector-tool run" session-approvals' -l 'session-approvals' -d 'Keep the approvals of a session in this file, for its other processes.' -rfka ''
complete -c 'hector-tool' -n '__hector-tool_should_offer_completions_for_flags_or_options "hector-tool run" max-output' -l 'max-output' -d 'Cut the result of a tool after this many bytes: 100000, 512K, 2M.' -rfka ''
complete -c 'hector-tool' -n '__hector-tool_should_offer_completions_for_flags_or_options "hector-tool run" offer' -l 'offer' -d 'First write a record with the tools that may run, as \'tools\'.'
complete -c 'hector-tool' -n '__hector-tool_should_offer_completions_for_flags_or_options "hector-tool run" stream' -l 'stream' -d 'Write events before each record, as lines with \'event\'.'
complete -c 'hector-tool' -n '__hector-tool_should_offer_completions_for_flags_or_options "hector-tool run"' -l 'plugin' -d 'A plugin: a name from the configuration, a discovered or built-in one, or a path; repeat for more.' -rfka '(__hector-tool_custom_completion ---completion run -- --plugin (count (__hector-tool_tokens -pc)) (__hector-tool_tokens -tC))'
complete -c 'hector-tool' -n '__hector-tool_should_offer_completions_for_flags_or_options "hector-tool run"' -l 'prefix' -d 'Put this before the names of a plugin\'s tools. Prefixes are for the plugins in their order, or PLUGIN=PREFIX names the plugin; repeat for more.' -rfka ''
complete -c 'hector-tool' -n '__hector-tool_should_offer_completions_for_flags_or_options "hector-tool run" socket' -l 'socket' -d 'Use a plugin that is already running, and leave it running.' -rfka ''
complete -c 'hector-tool' -n '__hector-tool_should_offer_completions_for_flags_or_options "hector-tool run"' -l 'option' -s 'o' -d 'Set an option of the plugin, to the contents of a file by KEY=@FILE; repeat for more.' -rfka ''
complete -c 'hector-tool' -n '__hector-tool_should_offer_completions_for_flags_or_options "hector-tool run"' -l 'allow-path' -d 'Let tools write this protected file, named from their working directory; repeat for more.' -rfka ''
complete -c 'hector-tool' -n '__hector-tool_should_offer_completions_for_flags_or_options "hector-tool run" config' -l 'config' -d 'Read the configuration from this file.' -rfka ''
complete -c 'hector-tool' -n '__hector-tool_should_offer_completions_for_flags_or_options "hector-tool run" j jobs' -l 'jobs' -s 'j' -d 'Keep up to N calls in flight.' -rfka ''
complete -c 'hector-tool' -n '__hector-tool_should_offer_completions_for_flags_or_options "hector-tool run" batch-size' -l 'batch-size' -d 'Put up to N records into one call, if the plugin can do that.' -rfka ''
complete -c 'hector-tool' -n '__hector-tool_should_offer_completions_for_flags_or_options "hector-tool run" timeout' -l 'timeout' -d 'Give up a call after this long: 90, 90s, 500ms or 5m.' -rfka ''
complete -c 'hector-tool' -n '__hector-tool_should_offer_completions_for_flags_or_options "hector-tool run" eager' -l 'eager' -d 'Start the plugin at once, not when the first record comes.'
complete -c 'hector-tool' -n '__hector-tool_should_offer_completions_for_flags_or_options "hector-tool run" 0 null' -s '0' -l 'null' -d 'Records end in NUL, not newline, on both sides.'
complete -c 'hector-tool' -n '__hector-tool_should_offer_completions_for_flags_or_options "hector-tool run" text' -l 'text' -d 'Each input line is plain text, not JSON.'
complete -c 'hector-tool' -n '__hector-tool_should_offer_completions_for_flags_or_options "hector-tool run" field' -l 'field' -d 'The member that holds a record\'s text.' -rfka ''
complete -c 'hector-tool' -n '__hector-tool_should_offer_completions_for_flags_or_options "hector-tool run" unordered' -l 'unordered' -d 'Write records as they are done, not in the order they came.'
complete -c 'hector-tool' -n '__hector-tool_should_offer_completions_for_flags_or_options "hector-tool run" window' -l 'window' -d 'Hold at most this much that waits for an earlier record or is being processed.' -rfka ''
complete -c 'hector-tool' -n '__hector-tool_should_offer_completions_for_flags_or_options "hector-tool run" spill' -l 'spill' -d 'Put what does not fit into the window into a file in $TMPDIR.'
complete -c 'hector-tool' -n '__hector-tool_should_offer_completions_for_flags_or_options "hector-tool run" fail-fast' -l 'fail-fast' -d 'Stop at the first record that fails.'
complete -c 'hector-tool' -n '__hector-tool_should_offer_completions_for_flags_or_options "hector-tool run" errors' -l 'errors' -d 'Write failed records to this file.' -rfka ''
complete -c 'hector-tool' -n '__hector-tool_should_offer_completions_for_flags_or_options "hector-tool run" summary' -l 'summary' -d 'Print a line of JSON with totals to standard error at the end.'
complete -c 'hector-tool' -n '__hector-tool_should_offer_completions_for_flags_or_options "hector-tool run" progress' -l 'progress' -d 'Show progress on standard error.'
complete -c 'hector-tool' -n '__hector-tool_should_offer_completions_for_flags_or_options "hector-tool run" max-line' -l 'max-line' -d 'The longest line to accept, in bytes: 1000000, 512K, 64M.' -rfka ''
complete -c 'hector-tool' -n '__hector-tool_should_offer_completions_for_flags_or_options "hector-tool run" debug' -l 'debug' -d 'Show what plugins write, and how they are run.'
complete -c 'hector-tool' -n '__hector-tool_should_offer_completions_for_flags_or_options "hector-tool run" q quiet' -l 'quiet' -s 'q' -d 'Print only errors.'
complete -c 'hector-tool' -n '__hector-tool_should_offer_completions_for_flags_or_options "hector-tool run" version' -l 'version' -d 'Show the version.'
complete -c 'hector-tool' -n '__hector-tool_should_offer_completions_for_flags_or_options "hector-tool run" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'hector-tool' -n '__hector-tool_should_offer_completions_for_flags_or_options "hector-tool list"' -l 'allow' -d 'Run tools whose name matches without asking; repeat for more.' -rfka ''
complete -c 'hector-tool' -n '__hector-tool_should_offer_completions_for_flags_or_options "hector-tool list"' -l 'deny' -d 'Never run tools whose name matches, whatever other options say.' -rfka ''
complete -c 'hector-tool' -n '__hector-tool_should_offer_completions_for_flags_or_options "hector-tool list" approve' -l 'approve' -d 'The treatment of other tools: ask, run them always or never, or ask unless they declare that they change nothing.' -rfka 'hints ask always never'
complete -c 'hector-tool' -n '__hector-tool_should_offer_completions_for_flags_or_options "hector-tool list" approve-tainted' -l 'approve-tainted' -d 'The treatment of calls that may do harm, made after the model has read documents, pages or other untrusted text: ask, whatever other options say, never run them, or treat them like all others.' -rfka 'ask never always'
complete -c 'hector-tool' -n '__hector-tool_should_offer_completions_for_flags_or_options "hector-tool list" approver' -l 'approver' -d 'Ask this program, not the terminal: it gets the call on its input, and approves it by exiting with 0.' -rfka ''
complete -c 'hector-tool' -n '__hector-tool_should_offer_completions_for_flags_or_options "hector-tool list" approver-timeout' -l 'approver-timeout' -d 'End that program and refuse the call after this long: 90, 90s, 5m.' -rfka ''
complete -c 'hector-tool' -n '__hector-tool_should_offer_completions_for_flags_or_options "hector-tool list"' -l 'only' -d 'Leave out all tools whose name matches none of these; repeat for more.' -rfka ''
complete -c 'hector-tool' -n '__hector-tool_should_offer_completions_for_flags_or_options "hector-tool list" session-approvals' -l 'session-approvals' -d 'Keep the approvals of a session in this file, for its other processes.' -rfka ''
complete -c 'hector-tool' -n '__hector-tool_should_offer_completions_for_flags_or_options "hector-tool list"' -l 'plugin' -d 'A plugin: a name from the configuration, a discovered or built-in one, or a path; repeat for more.' -rfka '(__hector-tool_custom_completion ---completion list -- --plugin (count (__hector-tool_tokens -pc)) (__hector-tool_tokens -tC))'
complete -c 'hector-tool' -n '__hector-tool_should_offer_completions_for_flags_or_options "hector-tool list"' -l 'prefix' -d 'Put this before the names of a plugin\'s tools. Prefixes are for the plugins in their order, or PLUGIN=PREFIX names the plugin; repeat for more.' -rfka ''
complete -c 'hector-tool' -n '__hector-tool_should_offer_completions_for_flags_or_options "hector-tool list" socket' -l 'socket' -d 'Use a plugin that is already running, and leave it running.' -rfka ''
complete -c 'hector-tool' -n '__hector-tool_should_offer_completions_for_flags_or_options "hector-tool list"' -l 'option' -s 'o' -d 'Set an option of the plugin, to the contents of a file by KEY=@FILE; repeat for more.' -rfka ''
complete -c 'hector-tool' -n '__hector-tool_should_offer_completions_for_flags_or_options "hector-tool list"' -l 'allow-path' -d 'Let tools write this protected file, named from their working directory; repeat for more.' -rfka ''
complete -c 'hector-tool' -n '__hector-tool_should_offer_completions_for_flags_or_options "hector-tool list" config' -l 'config' -d 'Read the configuration from this file.' -rfka ''
complete -c 'hector-tool' -n '__hector-tool_should_offer_completions_for_flags_or_options "hector-tool list" timeout' -l 'timeout' -d 'Give up a call after this long: 90, 90s, 500ms or 5m.' -rfka ''
complete -c 'hector-tool' -n '__hector-tool_should_offer_completions_for_flags_or_options "hector-tool list" debug' -l 'debug' -d 'Show what plugins write, and how they are run.'
complete -c 'hector-tool' -n '__hector-tool_should_offer_completions_for_flags_or_options "hector-tool list" q quiet' -l 'quiet' -s 'q' -d 'Print only errors.'
complete -c 'hector-tool' -n '__hector-tool_should_offer_completions_for_flags_or_options "hector-tool list" version' -l 'version' -d 'Show the version.'
complete -c 'hector-tool' -n '__hector-tool_should_offer_completions_for_flags_or_options "hector-tool list" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'hector-tool' -n '__hector-tool_should_offer_completions_for_flags_or_options "hector-tool call"' -l 'allow' -d 'Run tools whose name matches without asking; repeat for more.' -rfka ''
complete -c 'hector-tool' -n '__hector-tool_should_offer_completions_for_flags_or_options "hector-tool call"' -l 'deny' -d 'Never run tools whose name matches, whatever other options say.' -rfka ''
complete -c 'hector-tool' -n '__hector-tool_should_offer_completions_for_flags_or_options "hector-tool call" approve' -l 'approve' -d 'The treatment of other tools: ask, run them always or never, or ask unless they declare that they change nothing.' -rfka 'hints ask always never'
complete -c 'hector-tool' -n '__hector-tool_should_offer_completions_for_flags_or_options "hector-tool call" approve-tainted' -l 'approve-tainted' -d 'The treatment of calls that may do harm, made after the model has read documents, pages or other untrusted text: ask, whatever other options say, never run them, or treat them like all others.' -rfka 'ask never always'
complete -c 'hector-tool' -n '__hector-tool_should_offer_completions_for_flags_or_options "hector-tool call" approver' -l 'approver' -d 'Ask this program, not the terminal: it gets the call on its input, and approves it by exiting with 0.' -rfka ''
complete -c 'hector-tool' -n '__hector-tool_should_offer_completions_for_flags_or_options "hector-tool call" approver-timeout' -l 'approver-timeout' -d 'End that program and refuse the call after this long: 90, 90s, 5m.' -rfka ''
complete -c 'hector-tool' -n '__hector-tool_should_offer_completions_for_flags_or_options "hector-tool call"' -l 'only' -d 'Leave out all tools whose name matches none of these; repeat for more.' -rfka ''
complete -c 'hector-tool' -n '__hector-tool_should_offer_completions_for_flags_or_options "hector-tool call" session-approvals' -l 'session-approvals' -d 'Keep the approvals of a session in this file, for its other processes.' -rfka ''
complete -c 'hector-tool' -n '__hector-tool_should_offer_completions_for_flags_or_options "hector-tool call" max-output' -l 'max-output' -d 'Cut the result of a tool after this many bytes: 100000, 512K, 2M.' -rfka ''
complete -c 'hector-tool' -n '__hector-tool_should_offer_completions_for_flags_or_options "hector-tool call" progress' -l 'progress' -d 'Show on standard error the progress that the tool reports.'
complete -c 'hector-tool' -n '__hector-tool_should_offer_completions_for_flags_or_options "hector-tool call"' -l 'plugin' -d 'A plugin: a name from the configuration, a discovered or built-in one, or a path; repeat for more.' -rfka '(__hector-tool_custom_completion ---completion call -- --plugin (count (__hector-tool_tokens -pc)) (__hector-tool_tokens -tC))'
complete -c 'hector-tool' -n '__hector-tool_should_offer_completions_for_flags_or_options "hector-tool call"' -l 'prefix' -d 'Put this before the names of a plugin\'s tools. Prefixes are for the plugins in their order, or PLUGIN=PREFIX names the plugin; repeat for more.' -rfka ''
complete -c 'hector-tool' -n '__hector-tool_should_offer_completions_for_flags_or_options "hector-tool call" socket' -l 'socket' -d 'Use a plugin that is already running, and leave it running.' -rfka ''
complete -c 'hector-tool' -n '__hector-tool_should_offer_completions_for_flags_or_options "hector-tool call"' -l 'option' -s 'o' -d 'Set an option of the plugin, to the contents of a file by KEY=@FILE; repeat for more.' -rfka ''
complete -c 'hector-tool' -n '__hector-tool_should_offer_completions_for_flags_or_options "hector-tool call"' -l 'allow-path' -d 'Let tools write this protected file, named from their working directory; repeat for more.' -rfka ''
complete -c 'hector-tool' -n '__hector-tool_should_offer_completions_for_flags_or_options "hector-tool call" config' -l 'config' -d 'Read the configuration from this file.' -rfka ''
complete -c 'hector-tool' -n '__hector-tool_should_offer_completions_for_flags_or_options "hector-tool call" timeout' -l 'timeout' -d 'Give up a call after this long: 90, 90s, 500ms or 5m.' -rfka ''
complete -c 'hector-tool' -n '__hector-tool_should_offer_completions_for_flags_or_options "hector-tool call" debug' -l 'debug' -d 'Show what plugins write, and how they are run.'
complete -c 'hector-tool' -n '__hector-tool_should_offer_completions_for_flags_or_options "hector-tool call" q quiet' -l 'quiet' -s 'q' -d 'Print only errors.'
complete -c 'hector-tool' -n '__hector-tool_should_offer_completions_for_flags_or_options "hector-tool call" version' -l 'version' -d 'Show the version.'
complete -c 'hector-tool' -n '__hector-tool_should_offer_completions_for_flags_or_options "hector-tool call" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'hector-tool' -n '__hector-tool_should_offer_completions_for_flags_or_options "hector-tool help" version' -l 'version' -d 'Show the version.'
