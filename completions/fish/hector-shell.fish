function __hector-shell_should_offer_completions_for_flags_or_options -a expected_commands
    set -l non_repeating_flags_or_options $argv[2..]
    set -l non_repeating_flags_or_options_absent 0
    set -l positional_index 0
    set -l commands
    __hector-shell_parse_tokens
    test "$commands" = "$expected_commands"; and return $non_repeating_flags_or_options_absent
end

function __hector-shell_should_offer_completions_for_positional -a expected_commands positional_index_comparison expected_positional_index
    set -l non_repeating_flags_or_options
    set -l non_repeating_flags_or_options_absent 0
    set -l positional_index 0
    set -l commands
    __hector-shell_parse_tokens
    test "$commands" = "$expected_commands" -a \( "$positional_index" "$positional_index_comparison" "$expected_positional_index" \)
end

function __hector-shell_parse_tokens -S
    set -l unparsed_tokens (__hector-shell_tokens -pc)
    switch $unparsed_tokens[1]
    case 'hector-shell'
        __hector-shell_parse_subcommand 0 'agent=' 'config=' 'plugin=' 'o/option=+' 'm/model=' 's/system=' 'store=+' 'max-iterations=' 'max-tokens-total=' 'timeout=' 'debug' 'q/quiet' 'no-tools' 'allow=+' 'deny=+' 'approve=' 'approver=' 'stream' 'no-stream' 'trace=' 'c/continue' 'session=' 'no-session' 'keep-going' 'version' 'h/help'
        switch $unparsed_tokens[1]
        case 'help'
            __hector-shell_parse_subcommand -r 1 'version'
        end
    end
end

function __hector-shell_tokens
    if test (string split -m 1 -f 1 -- . "$FISH_VERSION") -gt 3
        commandline --tokens-raw $argv
    else
        commandline -o $argv
    end
end

function __hector-shell_parse_subcommand -S -a positional_count
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

function __hector-shell_complete_directories
    set -l token (commandline -t)
    string match -- '*/' $token
    set -l subdirs $token*/
    printf %s\n $subdirs
end

function __hector-shell_custom_completion
    set -x SAP_SHELL fish
    set -x SAP_SHELL_VERSION $FISH_VERSION
    set -l tokens (__hector-shell_tokens -p)
    if test -z "$(__hector-shell_tokens -t)"
        set -l index (count (__hector-shell_tokens -pc))
        set tokens $tokens[..$index] \'\' $tokens[(math $index + 1)..]
    end
    command $tokens[1] $argv $tokens
end

complete -c 'hector-shell' -f
complete -c 'hector-shell' -n '__hector-shell_should_offer_completions_for_flags_or_options "hector-shell" agent' -l 'agent' -d 'The agent: a name under \'agents\' of the configuration.' -rfka '(__hector-shell_custom_completion ---completion -- --agent (count (__hector-shell_tokens -pc)) (__hector-shell_tokens -tC))'
complete -c 'hector-shell' -n '__hector-shell_should_offer_completions_for_flags_or_options "hector-shell" config' -l 'config' -d 'Read the configuration from this file.' -rfka ''
complete -c 'hector-shell' -n '__hector-shell_should_offer_completions_for_flags_or_options "hector-shell" llm plugin' -l 'plugin' -l 'llm' -d 'Use this model\'s plugin: a name or a path.' -rfka '(__hector-shell_custom_completion ---completion -- --plugin (count (__hector-shell_tokens -pc)) (__hector-shell_tokens -tC))'
complete -c 'hector-shell' -n '__hector-shell_should_offer_completions_for_flags_or_options "hector-shell"' -l 'option' -s 'o' -d 'Set an option of the model\'s plugin; repeat for more.' -rfka ''
complete -c 'hector-shell' -n '__hector-shell_should_offer_completions_for_flags_or_options "hector-shell" m model' -l 'model' -s 'm' -d 'The model.' -rfka ''
complete -c 'hector-shell' -n '__hector-shell_should_offer_completions_for_flags_or_options "hector-shell" s system' -l 'system' -s 's' -d 'Give the model this in place of the agent\'s system prompt.' -rfka ''
complete -c 'hector-shell' -n '__hector-shell_should_offer_completions_for_flags_or_options "hector-shell"' -l 'store' -d 'Search this document store, a name or a folder, in place of the agent\'s; repeat for more.' -rfka '(__hector-shell_custom_completion ---completion -- --store (count (__hector-shell_tokens -pc)) (__hector-shell_tokens -tC))'
complete -c 'hector-shell' -n '__hector-shell_should_offer_completions_for_flags_or_options "hector-shell" max-iterations' -l 'max-iterations' -d 'Stop after this many answers of the model.' -rfka ''
complete -c 'hector-shell' -n '__hector-shell_should_offer_completions_for_flags_or_options "hector-shell" max-tokens-total' -l 'max-tokens-total' -d 'Stop a run when it has used this many tokens.' -rfka ''
complete -c 'hector-shell' -n '__hector-shell_should_offer_completions_for_flags_or_options "hector-shell" timeout' -l 'timeout' -d 'Give up a call of a plugin after this long: 90, 90s, 5m.' -rfka ''
complete -c 'hector-shell' -n '__hector-shell_should_offer_completions_for_flags_or_options "hector-shell" debug' -l 'debug' -d 'Show what plugins write, and how they are run.'
complete -c 'hector-shell' -n '__hector-shell_should_offer_completions_for_flags_or_options "hector-shell" q quiet' -l 'quiet' -s 'q' -d 'Print only errors.'
complete -c 'hector-shell' -n '__hector-shell_should_offer_completions_for_flags_or_options "hector-shell" no-tools' -l 'no-tools' -d 'Do not offer tools to the model.'
complete -c 'hector-shell' -n '__hector-shell_should_offer_completions_for_flags_or_options "hector-shell"' -l 'allow' -d 'Run tools whose name matches without asking.' -rfka ''
complete -c 'hector-shell' -n '__hector-shell_should_offer_completions_for_flags_or_options "hector-shell"' -l 'deny' -d 'Never run tools whose name matches.' -rfka ''
complete -c 'hector-shell' -n '__hector-shell_should_offer_completions_for_flags_or_options "hector-shell" approve' -l 'approve' -d 'The treatment of other tools: ask, always, never or hints.' -rfka ''
complete -c 'hector-shell' -n '__hector-shell_should_offer_completions_for_flags_or_options "hector-shell" approver' -l 'approver' -d 'Ask this program, not the terminal; see hector-tool(1).' -rfka ''
complete -c 'hector-shell' -n '__hector-shell_should_offer_completions_for_flags_or_options "hector-shell" stream' -l 'stream' -d 'Print text as it comes, not only what is known to be the answer.'
complete -c 'hector-shell' -n '__hector-shell_should_offer_completions_for_flags_or_options "hector-shell" no-stream' -l 'no-stream' -d 'Print text as it comes, not only what is known to be the answer.'
complete -c 'hector-shell' -n '__hector-shell_should_offer_completions_for_flags_or_options "hector-shell" trace' -l 'trace' -d 'Write everything that crosses a pipe to this file.' -rfka ''
complete -c 'hector-shell' -n '__hector-shell_should_offer_completions_for_flags_or_options "hector-shell" c continue' -s 'c' -l 'continue' -d 'Continue the last session.'
complete -c 'hector-shell' -n '__hector-shell_should_offer_completions_for_flags_or_options "hector-shell" session' -l 'session' -d 'Continue this session, or start it.' -rfka '(__hector-shell_custom_completion ---completion -- --session (count (__hector-shell_tokens -pc)) (__hector-shell_tokens -tC))'
complete -c 'hector-shell' -n '__hector-shell_should_offer_completions_for_flags_or_options "hector-shell" no-session' -l 'no-session' -d 'Do not keep a session.'
complete -c 'hector-shell' -n '__hector-shell_should_offer_completions_for_flags_or_options "hector-shell" keep-going' -l 'keep-going' -d 'In a script, go on after a failure.'
complete -c 'hector-shell' -n '__hector-shell_should_offer_completions_for_flags_or_options "hector-shell" version' -l 'version' -d 'Show the version.'
complete -c 'hector-shell' -n '__hector-shell_should_offer_completions_for_flags_or_options "hector-shell" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'hector-shell' -n '__hector-shell_should_offer_completions_for_positional "hector-shell" -eq 1' -fa 'help' -d 'Show subcommand help information.'
complete -c 'hector-shell' -n '__hector-shell_should_offer_completions_for_flags_or_options "hector-shell help" version' -l 'version' -d 'Show the version.'
