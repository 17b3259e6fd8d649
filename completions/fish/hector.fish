function __hector_should_offer_completions_for_flags_or_options -a expected_commands
    set -l non_repeating_flags_or_options $argv[2..]
    set -l non_repeating_flags_or_options_absent 0
    set -l positional_index 0
    set -l commands
    __hector_parse_tokens
    test "$commands" = "$expected_commands"; and return $non_repeating_flags_or_options_absent
end

function __hector_should_offer_completions_for_positional -a expected_commands positional_index_comparison expected_positional_index
    set -l non_repeating_flags_or_options
    set -l non_repeating_flags_or_options_absent 0
    set -l positional_index 0
    set -l commands
    __hector_parse_tokens
    test "$commands" = "$expected_commands" -a \( "$positional_index" "$positional_index_comparison" "$expected_positional_index" \)
end

function __hector_parse_tokens -S
    set -l unparsed_tokens (__hector_tokens -pc)
    switch $unparsed_tokens[1]
    case 'hector'
        __hector_parse_subcommand 0 'agent=' 'config=' 'plugin=' 'o/option=+' 'm/model=' 's/system=' 'store=+' 'max-iterations=' 'max-tokens-total=' 'timeout=' 'debug' 'q/quiet' 'f/file=+' 'no-tools' 'allow=+' 'deny=+' 'approve=' 'approver=' 'approver-timeout=' 'approve-tainted=' 'allow-path=+' 'stream' 'no-stream' 'json' 'j/jobs=' 'progress' 'trace=' 'c/continue' 'session=' 'no-session' 'version' 'h/help'
        switch $unparsed_tokens[1]
        case 'run'
            __hector_parse_subcommand -r 1 'agent=' 'config=' 'plugin=' 'o/option=+' 'm/model=' 's/system=' 'store=+' 'max-iterations=' 'max-tokens-total=' 'timeout=' 'debug' 'q/quiet' 'f/file=+' 'no-tools' 'allow=+' 'deny=+' 'approve=' 'approver=' 'approver-timeout=' 'approve-tainted=' 'allow-path=+' 'stream' 'no-stream' 'json' 'j/jobs=' 'progress' 'trace=' 'c/continue' 'session=' 'no-session' 'version' 'h/help'
        case 'replay'
            __hector_parse_subcommand 1 'agent=' 'config=' 'plugin=' 'o/option=+' 'm/model=' 's/system=' 'store=+' 'max-iterations=' 'max-tokens-total=' 'timeout=' 'debug' 'q/quiet' 'json' 'version' 'h/help'
        case 'query'
            __hector_parse_subcommand -r 1 'config=' 'k/top-k=' 'min-score=' 'json' 'timeout=' 'debug' 'q/quiet' 'version' 'h/help'
        case 'validate'
            __hector_parse_subcommand 1 'config=' 'pipeline=' 'records=' 'version' 'h/help'
        case 'session'
            __hector_parse_subcommand 0 'version' 'h/help'
            switch $unparsed_tokens[1]
            case 'list'
                __hector_parse_subcommand 0 'json' 'version' 'h/help'
            case 'show'
                __hector_parse_subcommand 1 'json' 'version' 'h/help'
            case 'delete'
                __hector_parse_subcommand -r 1 'version' 'h/help'
            end
        case 'approvals'
            __hector_parse_subcommand 0 'version' 'h/help'
            switch $unparsed_tokens[1]
            case 'list'
                __hector_parse_subcommand 0 'json' 'version' 'h/help'
            case 'remove'
                __hector_parse_subcommand -r 1 'all' 'version' 'h/help'
            end
        case 'config'
            __hector_parse_subcommand 0 'version' 'h/help'
            switch $unparsed_tokens[1]
            case 'path'
                __hector_parse_subcommand 0 'config=' 'version' 'h/help'
            case 'show'
                __hector_parse_subcommand 0 'config=' 'version' 'h/help'
            case 'names'
                __hector_parse_subcommand 1 'config=' 'version' 'h/help'
            end
        case 'keys'
            __hector_parse_subcommand 0 'version' 'h/help'
            switch $unparsed_tokens[1]
            case 'list'
                __hector_parse_subcommand 0 'version' 'h/help'
            case 'set'
                __hector_parse_subcommand -r 2 'file' 'version' 'h/help'
            case 'remove'
                __hector_parse_subcommand -r 1 'version' 'h/help'
            end
        case 'trust'
            __hector_parse_subcommand 1 'list' 'revoke' 'json' 'q/quiet' 'version' 'h/help'
        case 'help'
            __hector_parse_subcommand -r 1 'version'
        end
    end
end

function __hector_tokens
    if test (string split -m 1 -f 1 -- . "$FISH_VERSION") -gt 3
        commandline --tokens-raw $argv
    else
        commandline -o $argv
    end
end

function __hector_parse_subcommand -S -a positional_count
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

function __hector_complete_directories
    set -l token (commandline -t)
    string match -- '*/' $token
    set -l subdirs $token*/
    printf %s\n $subdirs
end

function __hector_custom_completion
    set -x SAP_SHELL fish
    set -x SAP_SHELL_VERSION $FISH_VERSION
    set -l tokens (__hector_tokens -p)
    if test -z "$(__hector_tokens -t)"
        set -l index (count (__hector_tokens -pc))
        set tokens $tokens[..$index] \'\' $tokens[(math $index + 1)..]
    end
    command $tokens[1] $argv $tokens
end

complete -c 'hector' -f
complete -c 'hector' -n '__hector_should_offer_completions_for_flags_or_options "hector" agent' -l 'agent' -d 'The agent: a name under \'agents\' of the configuration.' -rfka '(__hector_custom_completion ---completion -- --agent (count (__hector_tokens -pc)) (__hector_tokens -tC))'
complete -c 'hector' -n '__hector_should_offer_completions_for_flags_or_options "hector" config' -l 'config' -d 'Read the configuration from this file.' -rfka ''
complete -c 'hector' -n '__hector_should_offer_completions_for_flags_or_options "hector" llm plugin' -l 'plugin' -l 'llm' -d 'Use this model\'s plugin: a name or a path.' -rfka '(__hector_custom_completion ---completion -- --plugin (count (__hector_tokens -pc)) (__hector_tokens -tC))'
complete -c 'hector' -n '__hector_should_offer_completions_for_flags_or_options "hector"' -l 'option' -s 'o' -d 'Set an option of the model\'s plugin; repeat for more.' -rfka ''
complete -c 'hector' -n '__hector_should_offer_completions_for_flags_or_options "hector" m model' -l 'model' -s 'm' -d 'The model.' -rfka ''
complete -c 'hector' -n '__hector_should_offer_completions_for_flags_or_options "hector" s system' -l 'system' -s 's' -d 'Give the model this in place of the agent\'s system prompt.' -rfka ''
complete -c 'hector' -n '__hector_should_offer_completions_for_flags_or_options "hector"' -l 'store' -d 'Search this document store, a name or a folder, in place of the agent\'s; repeat for more.' -rfka '(__hector_custom_completion ---completion -- --store (count (__hector_tokens -pc)) (__hector_tokens -tC))'
complete -c 'hector' -n '__hector_should_offer_completions_for_flags_or_options "hector" max-iterations' -l 'max-iterations' -d 'Stop after this many answers of the model.' -rfka ''
complete -c 'hector' -n '__hector_should_offer_completions_for_flags_or_options "hector" max-tokens-total' -l 'max-tokens-total' -d 'Stop a run when it has used this many tokens.' -rfka ''
complete -c 'hector' -n '__hector_should_offer_completions_for_flags_or_options "hector" timeout' -l 'timeout' -d 'Give up a call of a plugin after this long: 90, 90s, 5m.' -rfka ''
complete -c 'hector' -n '__hector_should_offer_completions_for_flags_or_options "hector" debug' -l 'debug' -d 'Show what plugins write, and how they are run.'
complete -c 'hector' -n '__hector_should_offer_completions_for_flags_or_options "hector" q quiet' -l 'quiet' -s 'q' -d 'Print only errors.'
complete -c 'hector' -n '__hector_should_offer_completions_for_flags_or_options "hector"' -s 'f' -l 'file' -d 'Send this file as context, or standard input with \'-\'; repeat for more.' -rF
complete -c 'hector' -n '__hector_should_offer_completions_for_flags_or_options "hector" no-tools' -l 'no-tools' -d 'Do not offer tools to the model.'
complete -c 'hector' -n '__hector_should_offer_completions_for_flags_or_options "hector"' -l 'allow' -d 'Run tools whose name matches without asking.' -rfka ''
complete -c 'hector' -n '__hector_should_offer_completions_for_flags_or_options "hector"' -l 'deny' -d 'Never run tools whose name matches.' -rfka ''
complete -c 'hector' -n '__hector_should_offer_completions_for_flags_or_options "hector" approve' -l 'approve' -d 'The treatment of other tools: ask, always, never or hints.' -rfka ''
complete -c 'hector' -n '__hector_should_offer_completions_for_flags_or_options "hector" approver' -l 'approver' -d 'Ask this program, not the terminal; see hector-tool(1).' -rfka ''
complete -c 'hector' -n '__hector_should_offer_completions_for_flags_or_options "hector" approver-timeout' -l 'approver-timeout' -d 'End that program and refuse the call after this long: 90, 90s, 5m.' -rfka ''
complete -c 'hector' -n '__hector_should_offer_completions_for_flags_or_options "hector" approve-tainted' -l 'approve-tainted' -d 'The treatment of calls that may do harm, made after the model has read documents, pages or other untrusted text: ask, never or always.' -rfka ''
complete -c 'hector' -n '__hector_should_offer_completions_for_flags_or_options "hector"' -l 'allow-path' -d 'Let tools write this protected file; repeat for more. See hector-tool(1).' -rfka ''
complete -c 'hector' -n '__hector_should_offer_completions_for_flags_or_options "hector" stream' -l 'stream' -d 'Print text as it comes, not only what is known to be the answer.'
complete -c 'hector' -n '__hector_should_offer_completions_for_flags_or_options "hector" no-stream' -l 'no-stream' -d 'Print text as it comes, not only what is known to be the answer.'
complete -c 'hector' -n '__hector_should_offer_completions_for_flags_or_options "hector" json' -l 'json' -d 'Print a line of JSON for each event.'
complete -c 'hector' -n '__hector_should_offer_completions_for_flags_or_options "hector" j jobs' -l 'jobs' -s 'j' -d 'Answer up to N lines at a time.' -rfka ''
complete -c 'hector' -n '__hector_should_offer_completions_for_flags_or_options "hector" progress' -l 'progress' -d 'Show on standard error how many lines are answered.'
complete -c 'hector' -n '__hector_should_offer_completions_for_flags_or_options "hector" trace' -l 'trace' -d 'Write everything that crosses a pipe to this file.' -rfka ''
complete -c 'hector' -n '__hector_should_offer_completions_for_flags_or_options "hector" c continue' -s 'c' -l 'continue' -d 'Continue the last session.'
complete -c 'hector' -n '__hector_should_offer_completions_for_flags_or_options "hector" session' -l 'session' -d 'Continue this session, or start it.' -rfka '(__hector_custom_completion ---completion -- --session (count (__hector_tokens -pc)) (__hector_tokens -tC))'
complete -c 'hector' -n '__hector_should_offer_completions_for_flags_or_options "hector" no-session' -l 'no-session' -d 'Do not keep a session.'
complete -c 'hector' -n '__hector_should_offer_completions_for_flags_or_options "hector" version' -l 'version' -d 'Show the version.'
complete -c 'hector' -n '__hector_should_offer_completions_for_flags_or_options "hector" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'hector' -n '__hector_should_offer_completions_for_positional "hector" -eq 1' -fa 'run' -d 'Answer a question, or each line; the default subcommand.'
complete -c 'hector' -n '__hector_should_offer_completions_for_positional "hector" -eq 1' -fa 'replay' -d 'Run an agent again with every answer taken from a trace.'
complete -c 'hector' -n '__hector_should_offer_completions_for_positional "hector" -eq 1' -fa 'query' -d 'Search a document store.'
complete -c 'hector' -n '__hector_should_offer_completions_for_positional "hector" -eq 1' -fa 'validate' -d 'Report all errors in a configuration and in the plugins it names.'
complete -c 'hector' -n '__hector_should_offer_completions_for_positional "hector" -eq 1' -fa 'session' -d 'List, show and delete sessions.'
complete -c 'hector' -n '__hector_should_offer_completions_for_positional "hector" -eq 1' -fa 'approvals' -d 'List and take back what tools may always do.'
complete -c 'hector' -n '__hector_should_offer_completions_for_positional "hector" -eq 1' -fa 'config' -d 'Show which configuration is used, and its contents.'
complete -c 'hector' -n '__hector_should_offer_completions_for_positional "hector" -eq 1' -fa 'keys' -d 'Keep keys for ${NAME} in the settings of plugins.'
complete -c 'hector' -n '__hector_should_offer_completions_for_positional "hector" -eq 1' -fa 'trust' -d 'Trust a folder, so that its hector.yaml and plugins are used.'
complete -c 'hector' -n '__hector_should_offer_completions_for_positional "hector" -eq 1' -fa 'help' -d 'Show subcommand help information.'
complete -c 'hector' -n '__hector_should_offer_completions_for_flags_or_options "hector run" agent' -l 'agent' -d 'The agent: a name under \'agents\' of the configuration.' -rfka '(__hector_custom_completion ---completion run -- --agent (count (__hector_tokens -pc)) (__hector_tokens -tC))'
complete -c 'hector' -n '__hector_should_offer_completions_for_flags_or_options "hector run" config' -l 'config' -d 'Read the configuration from this file.' -rfka ''
complete -c 'hector' -n '__hector_should_offer_completions_for_flags_or_options "hector run" llm plugin' -l 'plugin' -l 'llm' -d 'Use this model\'s plugin: a name or a path.' -rfka '(__hector_custom_completion ---completion run -- --plugin (count (__hector_tokens -pc)) (__hector_tokens -tC))'
complete -c 'hector' -n '__hector_should_offer_completions_for_flags_or_options "hector run"' -l 'option' -s 'o' -d 'Set an option of the model\'s plugin; repeat for more.' -rfka ''
complete -c 'hector' -n '__hector_should_offer_completions_for_flags_or_options "hector run" m model' -l 'model' -s 'm' -d 'The model.' -rfka ''
complete -c 'hector' -n '__hector_should_offer_completions_for_flags_or_options "hector run" s system' -l 'system' -s 's' -d 'Give the model this in place of the agent\'s system prompt.' -rfka ''
complete -c 'hector' -n '__hector_should_offer_completions_for_flags_or_options "hector run"' -l 'store' -d 'Search this document store, a name or a folder, in place of the agent\'s; repeat for more.' -rfka '(__hector_custom_completion ---completion run -- --store (count (__hector_tokens -pc)) (__hector_tokens -tC))'
complete -c 'hector' -n '__hector_should_offer_completions_for_flags_or_options "hector run" max-iterations' -l 'max-iterations' -d 'Stop after this many answers of the model.' -rfka ''
complete -c 'hector' -n '__hector_should_offer_completions_for_flags_or_options "hector run" max-tokens-total' -l 'max-tokens-total' -d 'Stop a run when it has used this many tokens.' -rfka ''
complete -c 'hector' -n '__hector_should_offer_completions_for_flags_or_options "hector run" timeout' -l 'timeout' -d 'Give up a call of a plugin after this long: 90, 90s, 5m.' -rfka ''
complete -c 'hector' -n '__hector_should_offer_completions_for_flags_or_options "hector run" debug' -l 'debug' -d 'Show what plugins write, and how they are run.'
complete -c 'hector' -n '__hector_should_offer_completions_for_flags_or_options "hector run" q quiet' -l 'quiet' -s 'q' -d 'Print only errors.'
complete -c 'hector' -n '__hector_should_offer_completions_for_flags_or_options "hector run"' -s 'f' -l 'file' -d 'Send this file as context, or standard input with \'-\'; repeat for more.' -rF
complete -c 'hector' -n '__hector_should_offer_completions_for_flags_or_options "hector run" no-tools' -l 'no-tools' -d 'Do not offer tools to the model.'
complete -c 'hector' -n '__hector_should_offer_completions_for_flags_or_options "hector run"' -l 'allow' -d 'Run tools whose name matches without asking.' -rfka ''
complete -c 'hector' -n '__hector_should_offer_completions_for_flags_or_options "hector run"' -l 'deny' -d 'Never run tools whose name matches.' -rfka ''
complete -c 'hector' -n '__hector_should_offer_completions_for_flags_or_options "hector run" approve' -l 'approve' -d 'The treatment of other tools: ask, always, never or hints.' -rfka ''
complete -c 'hector' -n '__hector_should_offer_completions_for_flags_or_options "hector run" approver' -l 'approver' -d 'Ask this program, not the terminal; see hector-tool(1).' -rfka ''
complete -c 'hector' -n '__hector_should_offer_completions_for_flags_or_options "hector run" approver-timeout' -l 'approver-timeout' -d 'End that program and refuse the call after this long: 90, 90s, 5m.' -rfka ''
complete -c 'hector' -n '__hector_should_offer_completions_for_flags_or_options "hector run" approve-tainted' -l 'approve-tainted' -d 'The treatment of calls that may do harm, made after the model has read documents, pages or other untrusted text: ask, never or always.' -rfka ''
complete -c 'hector' -n '__hector_should_offer_completions_for_flags_or_options "hector run"' -l 'allow-path' -d 'Let tools write this protected file; repeat for more. See hector-tool(1).' -rfka ''
complete -c 'hector' -n '__hector_should_offer_completions_for_flags_or_options "hector run" stream' -l 'stream' -d 'Print text as it comes, not only what is known to be the answer.'
complete -c 'hector' -n '__hector_should_offer_completions_for_flags_or_options "hector run" no-stream' -l 'no-stream' -d 'Print text as it comes, not only what is known to be the answer.'
complete -c 'hector' -n '__hector_should_offer_completions_for_flags_or_options "hector run" json' -l 'json' -d 'Print a line of JSON for each event.'
complete -c 'hector' -n '__hector_should_offer_completions_for_flags_or_options "hector run" j jobs' -l 'jobs' -s 'j' -d 'Answer up to N lines at a time.' -rfka ''
complete -c 'hector' -n '__hector_should_offer_completions_for_flags_or_options "hector run" progress' -l 'progress' -d 'Show on standard error how many lines are answered.'
complete -c 'hector' -n '__hector_should_offer_completions_for_flags_or_options "hector run" trace' -l 'trace' -d 'Write everything that crosses a pipe to this file.' -rfka ''
complete -c 'hector' -n '__hector_should_offer_completions_for_flags_or_options "hector run" c continue' -s 'c' -l 'continue' -d 'Continue the last session.'
complete -c 'hector' -n '__hector_should_offer_completions_for_flags_or_options "hector run" session' -l 'session' -d 'Continue this session, or start it.' -rfka '(__hector_custom_completion ---completion run -- --session (count (__hector_tokens -pc)) (__hector_tokens -tC))'
complete -c 'hector' -n '__hector_should_offer_completions_for_flags_or_options "hector run" no-session' -l 'no-session' -d 'Do not keep a session.'
complete -c 'hector' -n '__hector_should_offer_completions_for_flags_or_options "hector run" version' -l 'version' -d 'Show the version.'
complete -c 'hector' -n '__hector_should_offer_completions_for_flags_or_options "hector run" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'hector' -n '__hector_should_offer_completions_for_flags_or_options "hector replay" agent' -l 'agent' -d 'The agent: a name under \'agents\' of the configuration.' -rfka '(__hector_custom_completion ---completion replay -- --agent (count (__hector_tokens -pc)) (__hector_tokens -tC))'
complete -c 'hector' -n '__hector_should_offer_completions_for_flags_or_options "hector replay" config' -l 'config' -d 'Read the configuration from this file.' -rfka ''
complete -c 'hector' -n '__hector_should_offer_completions_for_flags_or_options "hector replay" llm plugin' -l 'plugin' -l 'llm' -d 'Use this model\'s plugin: a name or a path.' -rfka '(__hector_custom_completion ---completion replay -- --plugin (count (__hector_tokens -pc)) (__hector_tokens -tC))'
complete -c 'hector' -n '__hector_should_offer_completions_for_flags_or_options "hector replay"' -l 'option' -s 'o' -d 'Set an option of the model\'s plugin; repeat for more.' -rfka ''
complete -c 'hector' -n '__hector_should_offer_completions_for_flags_or_options "hector replay" m model' -l 'model' -s 'm' -d 'The model.' -rfka ''
complete -c 'hector' -n '__hector_should_offer_completions_for_flags_or_options "hector replay" s system' -l 'system' -s 's' -d 'Give the model this in place of the agent\'s system prompt.' -rfka ''
complete -c 'hector' -n '__hector_should_offer_completions_for_flags_or_options "hector replay"' -l 'store' -d 'Search this document store, a name or a folder, in place of the agent\'s; repeat for more.' -rfka '(__hector_custom_completion ---completion replay -- --store (count (__hector_tokens -pc)) (__hector_tokens -tC))'
complete -c 'hector' -n '__hector_should_offer_completions_for_flags_or_options "hector replay" max-iterations' -l 'max-iterations' -d 'Stop after this many answers of the model.' -rfka ''
complete -c 'hector' -n '__hector_should_offer_completions_for_flags_or_options "hector replay" max-tokens-total' -l 'max-tokens-total' -d 'Stop a run when it has used this many tokens.' -rfka ''
complete -c 'hector' -n '__hector_should_offer_completions_for_flags_or_options "hector replay" timeout' -l 'timeout' -d 'Give up a call of a plugin after this long: 90, 90s, 5m.' -rfka ''
complete -c 'hector' -n '__hector_should_offer_completions_for_flags_or_options "hector replay" debug' -l 'debug' -d 'Show what plugins write, and how they are run.'
complete -c 'hector' -n '__hector_should_offer_completions_for_flags_or_options "hector replay" q quiet' -l 'quiet' -s 'q' -d 'Print only errors.'
complete -c 'hector' -n '__hector_should_offer_completions_for_flags_or_options "hector replay" json' -l 'json' -d 'Print a line of JSON for each event.'
complete -c 'hector' -n '__hector_should_offer_completions_for_flags_or_options "hector replay" version' -l 'version' -d 'Show the version.'
complete -c 'hector' -n '__hector_should_offer_completions_for_flags_or_options "hector replay" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'hector' -n '__hector_should_offer_completions_for_positional "hector query" -ge 1' -fka '(__hector_custom_completion ---completion query -- positional@0 (count (__hector_tokens -pc)) (__hector_tokens -tC))'
complete -c 'hector' -n '__hector_should_offer_completions_for_flags_or_options "hector query" config' -l 'config' -d 'Read the configuration from this file.' -rfka ''
complete -c 'hector' -n '__hector_should_offer_completions_for_flags_or_options "hector query" k top-k' -s 'k' -l 'top-k' -d 'The most results.' -rfka ''
complete -c 'hector' -n '__hector_should_offer_completions_for_flags_or_options "hector query" min-score' -l 'min-score' -d 'Leave out results with a lower score.' -rfka ''
complete -c 'hector' -n '__hector_should_offer_completions_for_flags_or_options "hector query" json' -l 'json' -d 'Print a line of JSON for each result.'
complete -c 'hector' -n '__hector_should_offer_completions_for_flags_or_options "hector query" timeout' -l 'timeout' -d 'Give up a call after this long: 90, 90s, 500ms or 5m.' -rfka ''
complete -c 'hector' -n '__hector_should_offer_completions_for_flags_or_options "hector query" debug' -l 'debug' -d 'Show what plugins write, and how they are run.'
complete -c 'hector' -n '__hector_should_offer_completions_for_flags_or_options "hector query" q quiet' -l 'quiet' -s 'q' -d 'Print only errors.'
complete -c 'hector' -n '__hector_should_offer_completions_for_flags_or_options "hector query" version' -l 'version' -d 'Show the version.'
complete -c 'hector' -n '__hector_should_offer_completions_for_flags_or_options "hector query" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'hector' -n '__hector_should_offer_completions_for_flags_or_options "hector validate" config' -l 'config' -d 'The same as the argument.' -rfka ''
complete -c 'hector' -n '__hector_should_offer_completions_for_flags_or_options "hector validate" pipeline' -l 'pipeline' -d 'Say what this pipeline of filters cannot do, instead; nothing is run on records.' -rfka ''
complete -c 'hector' -n '__hector_should_offer_completions_for_flags_or_options "hector validate" records' -l 'records' -d 'With --pipeline, print the price of this many records by the configuration\'s prices.' -rfka ''
complete -c 'hector' -n '__hector_should_offer_completions_for_flags_or_options "hector validate" version' -l 'version' -d 'Show the version.'
complete -c 'hector' -n '__hector_should_offer_completions_for_flags_or_options "hector validate" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'hector' -n '__hector_should_offer_completions_for_flags_or_options "hector session" version' -l 'version' -d 'Show the version.'
complete -c 'hector' -n '__hector_should_offer_completions_for_flags_or_options "hector session" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'hector' -n '__hector_should_offer_completions_for_positional "hector session" -eq 1' -fa 'list' -d 'Print the sessions, the latest first.'
complete -c 'hector' -n '__hector_should_offer_completions_for_positional "hector session" -eq 1' -fa 'show' -d 'Print the messages of a session.'
complete -c 'hector' -n '__hector_should_offer_completions_for_positional "hector session" -eq 1' -fa 'delete' -d 'Delete sessions.'
complete -c 'hector' -n '__hector_should_offer_completions_for_flags_or_options "hector session list" json' -l 'json' -d 'Print a line of JSON for each.'
complete -c 'hector' -n '__hector_should_offer_completions_for_flags_or_options "hector session list" version' -l 'version' -d 'Show the version.'
complete -c 'hector' -n '__hector_should_offer_completions_for_flags_or_options "hector session list" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'hector' -n '__hector_should_offer_completions_for_positional "hector session show" -eq 1' -fka '(__hector_custom_completion ---completion session show -- positional@0 (count (__hector_tokens -pc)) (__hector_tokens -tC))'
complete -c 'hector' -n '__hector_should_offer_completions_for_flags_or_options "hector session show" json' -l 'json' -d 'Print a line of JSON for each message.'
complete -c 'hector' -n '__hector_should_offer_completions_for_flags_or_options "hector session show" version' -l 'version' -d 'Show the version.'
complete -c 'hector' -n '__hector_should_offer_completions_for_flags_or_options "hector session show" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'hector' -n '__hector_should_offer_completions_for_positional "hector session delete" -ge 1' -fka '(__hector_custom_completion ---completion session delete -- positional@0 (count (__hector_tokens -pc)) (__hector_tokens -tC))'
complete -c 'hector' -n '__hector_should_offer_completions_for_flags_or_options "hector session delete" version' -l 'version' -d 'Show the version.'
complete -c 'hector' -n '__hector_should_offer_completions_for_flags_or_options "hector session delete" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'hector' -n '__hector_should_offer_completions_for_flags_or_options "hector approvals" version' -l 'version' -d 'Show the version.'
complete -c 'hector' -n '__hector_should_offer_completions_for_flags_or_options "hector approvals" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'hector' -n '__hector_should_offer_completions_for_positional "hector approvals" -eq 1' -fa 'list' -d 'Print the approvals, the oldest first.'
complete -c 'hector' -n '__hector_should_offer_completions_for_positional "hector approvals" -eq 1' -fa 'remove' -d 'Take approvals back.'
complete -c 'hector' -n '__hector_should_offer_completions_for_flags_or_options "hector approvals list" json' -l 'json' -d 'Print a line of JSON for each.'
complete -c 'hector' -n '__hector_should_offer_completions_for_flags_or_options "hector approvals list" version' -l 'version' -d 'Show the version.'
complete -c 'hector' -n '__hector_should_offer_completions_for_flags_or_options "hector approvals list" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'hector' -n '__hector_should_offer_completions_for_positional "hector approvals remove" -ge 1' -fka '(__hector_custom_completion ---completion approvals remove -- positional@0 (count (__hector_tokens -pc)) (__hector_tokens -tC))'
complete -c 'hector' -n '__hector_should_offer_completions_for_flags_or_options "hector approvals remove" all' -l 'all' -d 'Take all of them back.'
complete -c 'hector' -n '__hector_should_offer_completions_for_flags_or_options "hector approvals remove" version' -l 'version' -d 'Show the version.'
complete -c 'hector' -n '__hector_should_offer_completions_for_flags_or_options "hector approvals remove" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'hector' -n '__hector_should_offer_completions_for_flags_or_options "hector config" version' -l 'version' -d 'Show the version.'
complete -c 'hector' -n '__hector_should_offer_completions_for_flags_or_options "hector config" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'hector' -n '__hector_should_offer_completions_for_positional "hector config" -eq 1' -fa 'path' -d 'Print the path of the configuration that is used.'
complete -c 'hector' -n '__hector_should_offer_completions_for_positional "hector config" -eq 1' -fa 'show' -d 'Print the configuration as it is used, with secrets masked.'
complete -c 'hector' -n '__hector_should_offer_completions_for_positional "hector config" -eq 1' -fa 'names' -d 'Print the names that are available, one per line.'
complete -c 'hector' -n '__hector_should_offer_completions_for_flags_or_options "hector config path" config' -l 'config' -d 'Read the configuration from this file.' -rfka ''
complete -c 'hector' -n '__hector_should_offer_completions_for_flags_or_options "hector config path" version' -l 'version' -d 'Show the version.'
complete -c 'hector' -n '__hector_should_offer_completions_for_flags_or_options "hector config path" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'hector' -n '__hector_should_offer_completions_for_flags_or_options "hector config show" config' -l 'config' -d 'Read the configuration from this file.' -rfka ''
complete -c 'hector' -n '__hector_should_offer_completions_for_flags_or_options "hector config show" version' -l 'version' -d 'Show the version.'
complete -c 'hector' -n '__hector_should_offer_completions_for_flags_or_options "hector config show" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'hector' -n '__hector_should_offer_completions_for_positional "hector config names" -eq 1' -fka 'agents stores sessions plugins llms embedders databases tools strategies rerankers programs'
complete -c 'hector' -n '__hector_should_offer_completions_for_flags_or_options "hector config names" config' -l 'config' -d 'Read the configuration from this file.' -rfka ''
complete -c 'hector' -n '__hector_should_offer_completions_for_flags_or_options "hector config names" version' -l 'version' -d 'Show the version.'
complete -c 'hector' -n '__hector_should_offer_completions_for_flags_or_options "hector config names" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'hector' -n '__hector_should_offer_completions_for_flags_or_options "hector keys" version' -l 'version' -d 'Show the version.'
complete -c 'hector' -n '__hector_should_offer_completions_for_flags_or_options "hector keys" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'hector' -n '__hector_should_offer_completions_for_positional "hector keys" -eq 1' -fa 'list' -d 'Print the names of the keys.'
complete -c 'hector' -n '__hector_should_offer_completions_for_positional "hector keys" -eq 1' -fa 'set' -d 'Keep a key, read from standard input or asked for at the terminal.'
complete -c 'hector' -n '__hector_should_offer_completions_for_positional "hector keys" -eq 1' -fa 'remove' -d 'Forget keys.'
complete -c 'hector' -n '__hector_should_offer_completions_for_flags_or_options "hector keys list" version' -l 'version' -d 'Show the version.'
complete -c 'hector' -n '__hector_should_offer_completions_for_flags_or_options "hector keys list" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'hector' -n '__hector_should_offer_completions_for_flags_or_options "hector keys set" file' -l 'file' -d 'Keep it in a file, even if there is a keyring.'
complete -c 'hector' -n '__hector_should_offer_completions_for_flags_or_options "hector keys set" version' -l 'version' -d 'Show the version.'
complete -c 'hector' -n '__hector_should_offer_completions_for_flags_or_options "hector keys set" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'hector' -n '__hector_should_offer_completions_for_positional "hector keys remove" -ge 1' -fka '(__hector_custom_completion ---completion keys remove -- positional@0 (count (__hector_tokens -pc)) (__hector_tokens -tC))'
complete -c 'hector' -n '__hector_should_offer_completions_for_flags_or_options "hector keys remove" version' -l 'version' -d 'Show the version.'
complete -c 'hector' -n '__hector_should_offer_completions_for_flags_or_options "hector keys remove" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'hector' -n '__hector_should_offer_completions_for_positional "hector trust" -eq 1' -fa '(__hector_complete_directories)'
complete -c 'hector' -n '__hector_should_offer_completions_for_flags_or_options "hector trust" list' -l 'list' -d 'Print the trusted folders, and those that no longer are.'
complete -c 'hector' -n '__hector_should_offer_completions_for_flags_or_options "hector trust" revoke' -l 'revoke' -d 'End the trust in the folder.'
complete -c 'hector' -n '__hector_should_offer_completions_for_flags_or_options "hector trust" json' -l 'json' -d 'With --list, print a line of JSON for each.'
complete -c 'hector' -n '__hector_should_offer_completions_for_flags_or_options "hector trust" q quiet' -l 'quiet' -s 'q' -d 'Print only errors.'
complete -c 'hector' -n '__hector_should_offer_completions_for_flags_or_options "hector trust" version' -l 'version' -d 'Show the version.'
complete -c 'hector' -n '__hector_should_offer_completions_for_flags_or_options "hector trust" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'hector' -n '__hector_should_offer_completions_for_flags_or_options "hector help" version' -l 'version' -d 'Show the version.'
# 'hector NAME ...' is completed as 'hector-NAME ...' if there is such a program.
function __hector_program
    set -l tokens (__hector_tokens -pc)
    if set -q tokens[2]; and not contains -- $tokens[2] approvals config help keys query replay run session trust validate
        for program in $tokens[1]-$tokens[2] hector-$tokens[2]
            type -q -- $program; and echo $program; and return
        end
    end
    return 1
end

functions -c __hector_parse_tokens __hector_parse_own_tokens
function __hector_parse_tokens -S
    # So that nothing of hector's own is offered.
    if __hector_program >/dev/null
        set commands
    else
        __hector_parse_own_tokens
    end
end

function __hector_complete_program
    set -l words (string replace -r '^\s*\S+\s+\S+' '' -- (commandline -pc))
    complete -C (__hector_program)$words
end

complete -c 'hector' -n 'test (count (__hector_tokens -pc)) -eq 1' -fa '(hector config names programs 2>/dev/null)' -d 'Program.'
complete -c 'hector' -n '__hector_program >/dev/null' -fa '(__hector_complete_program)'
