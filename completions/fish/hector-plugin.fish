function __hector-plugin_should_offer_completions_for_flags_or_options -a expected_commands
    set -l non_repeating_flags_or_options $argv[2..]
    set -l non_repeating_flags_or_options_absent 0
    set -l positional_index 0
    set -l commands
    __hector-plugin_parse_tokens
    test "$commands" = "$expected_commands"; and return $non_repeating_flags_or_options_absent
end

function __hector-plugin_should_offer_completions_for_positional -a expected_commands positional_index_comparison expected_positional_index
    set -l non_repeating_flags_or_options
    set -l non_repeating_flags_or_options_absent 0
    set -l positional_index 0
    set -l commands
    __hector-plugin_parse_tokens
    test "$commands" = "$expected_commands" -a \( "$positional_index" "$positional_index_comparison" "$expected_positional_index" \)
end

function __hector-plugin_parse_tokens -S
    set -l unparsed_tokens (__hector-plugin_tokens -pc)
    switch $unparsed_tokens[1]
    case 'hector-plugin'
        __hector-plugin_parse_subcommand 0 'version' 'h/help'
        switch $unparsed_tokens[1]
        case 'list'
            __hector-plugin_parse_subcommand 0 'kind=' 'config=' 'json' 'version' 'h/help'
        case 'info'
            __hector-plugin_parse_subcommand 1 'kind=' 'config=' 'o/option=+' 'mtls' 'no-mtls' 'm/model=' 'start' 'json' 'timeout=' 'debug' 'q/quiet' 'version' 'h/help'
        case 'serve'
            __hector-plugin_parse_subcommand 1 'kind=' 'config=' 'o/option=+' 'mtls' 'no-mtls' 'm/model=' 'socket=' 'debug' 'q/quiet' 'version' 'h/help'
        case 'check'
            __hector-plugin_parse_subcommand 1 'kind=' 'config=' 'o/option=+' 'mtls' 'no-mtls' 'm/model=' 'execute=' 'arguments=' 'tap-version=' 'timeout=' 'debug' 'q/quiet' 'version' 'h/help'
        case 'install'
            __hector-plugin_parse_subcommand 1 'name=' 'key=' 'allow-downgrade' 'offline' 'y/yes' 'q/quiet' 'version' 'h/help'
        case 'update'
            __hector-plugin_parse_subcommand -r 1 'key=' 'allow-downgrade' 'offline' 'y/yes' 'q/quiet' 'version' 'h/help'
        case 'remove'
            __hector-plugin_parse_subcommand -r 1 'version' 'h/help'
        case 'verify'
            __hector-plugin_parse_subcommand -r 1 'version' 'h/help'
        case 'help'
            __hector-plugin_parse_subcommand -r 1 'version'
        end
    end
end

function __hector-plugin_tokens
    if test (string split -m 1 -f 1 -- . "$FISH_VERSION") -gt 3
        commandline --tokens-raw $argv
    else
        commandline -o $argv
    end
end

function __hector-plugin_parse_subcommand -S -a positional_count
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

function __hector-plugin_complete_directories
    set -l token (commandline -t)
    string match -- '*/' $token
    set -l subdirs $token*/
    printf %s\n $subdirs
end

function __hector-plugin_custom_completion
    set -x SAP_SHELL fish
    set -x SAP_SHELL_VERSION $FISH_VERSION
    set -l tokens (__hector-plugin_tokens -p)
    if test -z "$(__hector-plugin_tokens -t)"
        set -l index (count (__hector-plugin_tokens -pc))
        set tokens $tokens[..$index] \'\' $tokens[(math $index + 1)..]
    end
    command $tokens[1] $argv $tokens
end

complete -c 'hector-plugin' -f
complete -c 'hector-plugin' -n '__hector-plugin_should_offer_completions_for_flags_or_options "hector-plugin" version' -l 'version' -d 'Show the version.'
complete -c 'hector-plugin' -n '__hector-plugin_should_offer_completions_for_flags_or_options "hector-plugin" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'hector-plugin' -n '__hector-plugin_should_offer_completions_for_positional "hector-plugin" -eq 1' -fa 'list' -d 'List the plugins that are configured, discovered and built in.'
complete -c 'hector-plugin' -n '__hector-plugin_should_offer_completions_for_positional "hector-plugin" -eq 1' -fa 'info' -d 'Describe a plugin, its location and its settings.'
complete -c 'hector-plugin' -n '__hector-plugin_should_offer_completions_for_positional "hector-plugin" -eq 1' -fa 'serve' -d 'Keep a plugin running at a socket, for filters that are given --socket.'
complete -c 'hector-plugin' -n '__hector-plugin_should_offer_completions_for_positional "hector-plugin" -eq 1' -fa 'check' -d 'Start a plugin and check that it keeps the contract of its kind.'
complete -c 'hector-plugin' -n '__hector-plugin_should_offer_completions_for_positional "hector-plugin" -eq 1' -fa 'install' -d 'Install a plugin into ~/.hector/plugins, after you have agreed.'
complete -c 'hector-plugin' -n '__hector-plugin_should_offer_completions_for_positional "hector-plugin" -eq 1' -fa 'update' -d 'Install plugins again from where they came from, if they have changed there.'
complete -c 'hector-plugin' -n '__hector-plugin_should_offer_completions_for_positional "hector-plugin" -eq 1' -fa 'remove' -d 'Remove plugins that were installed, with their folders.'
complete -c 'hector-plugin' -n '__hector-plugin_should_offer_completions_for_positional "hector-plugin" -eq 1' -fa 'verify' -d 'Check that plugins are what was installed; status 77 if one is not.'
complete -c 'hector-plugin' -n '__hector-plugin_should_offer_completions_for_positional "hector-plugin" -eq 1' -fa 'help' -d 'Show subcommand help information.'
complete -c 'hector-plugin' -n '__hector-plugin_should_offer_completions_for_flags_or_options "hector-plugin list" kind' -l 'kind' -d 'Only plugins of this kind.' -rfka 'llm database embedder tools reasoning_strategy reranker'
complete -c 'hector-plugin' -n '__hector-plugin_should_offer_completions_for_flags_or_options "hector-plugin list" config' -l 'config' -d 'Read the configuration from this file.' -rfka ''
complete -c 'hector-plugin' -n '__hector-plugin_should_offer_completions_for_flags_or_options "hector-plugin list" json' -l 'json' -d 'Print a line of JSON for each plugin.'
complete -c 'hector-plugin' -n '__hector-plugin_should_offer_completions_for_flags_or_options "hector-plugin list" version' -l 'version' -d 'Show the version.'
complete -c 'hector-plugin' -n '__hector-plugin_should_offer_completions_for_flags_or_options "hector-plugin list" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'hector-plugin' -n '__hector-plugin_should_offer_completions_for_positional "hector-plugin info" -eq 1' -fka '(hector config names plugins)'
complete -c 'hector-plugin' -n '__hector-plugin_should_offer_completions_for_flags_or_options "hector-plugin info" kind' -l 'kind' -d 'Only plugins of this kind.' -rfka 'llm database embedder tools reasoning_strategy reranker'
complete -c 'hector-plugin' -n '__hector-plugin_should_offer_completions_for_flags_or_options "hector-plugin info" config' -l 'config' -d 'Read the configuration from this file.' -rfka ''
complete -c 'hector-plugin' -n '__hector-plugin_should_offer_completions_for_flags_or_options "hector-plugin info"' -l 'option' -s 'o' -d 'Set an option of the plugin, to the contents of a file by KEY=@FILE; repeat for more.' -rfka ''
complete -c 'hector-plugin' -n '__hector-plugin_should_offer_completions_for_flags_or_options "hector-plugin info" mtls' -l 'mtls' -d 'Require certificates from both sides or from neither, whatever the configuration says.'
complete -c 'hector-plugin' -n '__hector-plugin_should_offer_completions_for_flags_or_options "hector-plugin info" no-mtls' -l 'no-mtls' -d 'Require certificates from both sides or from neither, whatever the configuration says.'
complete -c 'hector-plugin' -n '__hector-plugin_should_offer_completions_for_flags_or_options "hector-plugin info" m model' -l 'model' -s 'm' -d 'The model: the same as --option model=NAME.' -rfka ''
complete -c 'hector-plugin' -n '__hector-plugin_should_offer_completions_for_flags_or_options "hector-plugin info" start' -l 'start' -d 'Start the plugin, and print its description of itself, too.'
complete -c 'hector-plugin' -n '__hector-plugin_should_offer_completions_for_flags_or_options "hector-plugin info" json' -l 'json' -d 'Print a JSON object.'
complete -c 'hector-plugin' -n '__hector-plugin_should_offer_completions_for_flags_or_options "hector-plugin info" timeout' -l 'timeout' -d 'Give up a call after this long: 90, 90s, 500ms or 5m.' -rfka ''
complete -c 'hector-plugin' -n '__hector-plugin_should_offer_completions_for_flags_or_options "hector-plugin info" debug' -l 'debug' -d 'Show what plugins write, and how they are run.'
complete -c 'hector-plugin' -n '__hector-plugin_should_offer_completions_for_flags_or_options "hector-plugin info" q quiet' -l 'quiet' -s 'q' -d 'Print only errors.'
complete -c 'hector-plugin' -n '__hector-plugin_should_offer_completions_for_flags_or_options "hector-plugin info" version' -l 'version' -d 'Show the version.'
complete -c 'hector-plugin' -n '__hector-plugin_should_offer_completions_for_flags_or_options "hector-plugin info" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'hector-plugin' -n '__hector-plugin_should_offer_completions_for_positional "hector-plugin serve" -eq 1' -fka '(hector config names plugins)'
complete -c 'hector-plugin' -n '__hector-plugin_should_offer_completions_for_flags_or_options "hector-plugin serve" kind' -l 'kind' -d 'Only plugins of this kind.' -rfka 'llm database embedder tools reasoning_strategy reranker'
complete -c 'hector-plugin' -n '__hector-plugin_should_offer_completions_for_flags_or_options "hector-plugin serve" config' -l 'config' -d 'Read the configuration from this file.' -rfka ''
complete -c 'hector-plugin' -n '__hector-plugin_should_offer_completions_for_flags_or_options "hector-plugin serve"' -l 'option' -s 'o' -d 'Set an option of the plugin, to the contents of a file by KEY=@FILE; repeat for more.' -rfka ''
complete -c 'hector-plugin' -n '__hector-plugin_should_offer_completions_for_flags_or_options "hector-plugin serve" mtls' -l 'mtls' -d 'Require certificates from both sides or from neither, whatever the configuration says.'
complete -c 'hector-plugin' -n '__hector-plugin_should_offer_completions_for_flags_or_options "hector-plugin serve" no-mtls' -l 'no-mtls' -d 'Require certificates from both sides or from neither, whatever the configuration says.'
complete -c 'hector-plugin' -n '__hector-plugin_should_offer_completions_for_flags_or_options "hector-plugin serve" m model' -l 'model' -s 'm' -d 'The model: the same as --option model=NAME.' -rfka ''
complete -c 'hector-plugin' -n '__hector-plugin_should_offer_completions_for_flags_or_options "hector-plugin serve" socket' -l 'socket' -d 'The path of the socket to serve the plugin at.' -rfka ''
complete -c 'hector-plugin' -n '__hector-plugin_should_offer_completions_for_flags_or_options "hector-plugin serve" debug' -l 'debug' -d 'Show everything that the plugin logs, including traces.'
complete -c 'hector-plugin' -n '__hector-plugin_should_offer_completions_for_flags_or_options "hector-plugin serve" q quiet' -l 'quiet' -s 'q' -d 'Show warnings and errors only.'
complete -c 'hector-plugin' -n '__hector-plugin_should_offer_completions_for_flags_or_options "hector-plugin serve" version' -l 'version' -d 'Show the version.'
complete -c 'hector-plugin' -n '__hector-plugin_should_offer_completions_for_flags_or_options "hector-plugin serve" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'hector-plugin' -n '__hector-plugin_should_offer_completions_for_positional "hector-plugin check" -eq 1' -fka '(hector config names plugins)'
complete -c 'hector-plugin' -n '__hector-plugin_should_offer_completions_for_flags_or_options "hector-plugin check" kind' -l 'kind' -d 'Only plugins of this kind.' -rfka 'llm database embedder tools reasoning_strategy reranker'
complete -c 'hector-plugin' -n '__hector-plugin_should_offer_completions_for_flags_or_options "hector-plugin check" config' -l 'config' -d 'Read the configuration from this file.' -rfka ''
complete -c 'hector-plugin' -n '__hector-plugin_should_offer_completions_for_flags_or_options "hector-plugin check"' -l 'option' -s 'o' -d 'Set an option of the plugin, to the contents of a file by KEY=@FILE; repeat for more.' -rfka ''
complete -c 'hector-plugin' -n '__hector-plugin_should_offer_completions_for_flags_or_options "hector-plugin check" mtls' -l 'mtls' -d 'Require certificates from both sides or from neither, whatever the configuration says.'
complete -c 'hector-plugin' -n '__hector-plugin_should_offer_completions_for_flags_or_options "hector-plugin check" no-mtls' -l 'no-mtls' -d 'Require certificates from both sides or from neither, whatever the configuration says.'
complete -c 'hector-plugin' -n '__hector-plugin_should_offer_completions_for_flags_or_options "hector-plugin check" m model' -l 'model' -s 'm' -d 'The model: the same as --option model=NAME.' -rfka ''
complete -c 'hector-plugin' -n '__hector-plugin_should_offer_completions_for_flags_or_options "hector-plugin check" execute' -l 'execute' -d 'Run this tool of a tool provider.' -rfka ''
complete -c 'hector-plugin' -n '__hector-plugin_should_offer_completions_for_flags_or_options "hector-plugin check" arguments' -l 'arguments' -d 'The arguments of that tool.' -rfka ''
complete -c 'hector-plugin' -n '__hector-plugin_should_offer_completions_for_flags_or_options "hector-plugin check" tap-version' -l 'tap-version' -d 'The version of the Test Anything Protocol: 14, or 13 for older readers.' -rfka '13 14'
complete -c 'hector-plugin' -n '__hector-plugin_should_offer_completions_for_flags_or_options "hector-plugin check" timeout' -l 'timeout' -d 'Give up a call after this long: 90, 90s, 500ms or 5m.' -rfka ''
complete -c 'hector-plugin' -n '__hector-plugin_should_offer_completions_for_flags_or_options "hector-plugin check" debug' -l 'debug' -d 'Show what plugins write, and how they are run.'
complete -c 'hector-plugin' -n '__hector-plugin_should_offer_completions_for_flags_or_options "hector-plugin check" q quiet' -l 'quiet' -s 'q' -d 'Print only errors.'
complete -c 'hector-plugin' -n '__hector-plugin_should_offer_completions_for_flags_or_options "hector-plugin check" version' -l 'version' -d 'Show the version.'
complete -c 'hector-plugin' -n '__hector-plugin_should_offer_completions_for_flags_or_options "hector-plugin check" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'hector-plugin' -n '__hector-plugin_should_offer_completions_for_positional "hector-plugin install" -eq 1' -F
complete -c 'hector-plugin' -n '__hector-plugin_should_offer_completions_for_flags_or_options "hector-plugin install" name' -l 'name' -d 'The name of its folder, instead of the plugin\'s.' -rfka ''
complete -c 'hector-plugin' -n '__hector-plugin_should_offer_completions_for_flags_or_options "hector-plugin install" key' -l 'key' -d 'The public key that has to have signed it, as \'cosign sign --key\' does; it is remembered.' -rF
complete -c 'hector-plugin' -n '__hector-plugin_should_offer_completions_for_flags_or_options "hector-plugin install" allow-downgrade' -l 'allow-downgrade' -d 'Let an older version take the place of a newer one.'
complete -c 'hector-plugin' -n '__hector-plugin_should_offer_completions_for_flags_or_options "hector-plugin install" offline' -l 'offline' -d 'Use what was fetched before, and do not ask the registry.'
complete -c 'hector-plugin' -n '__hector-plugin_should_offer_completions_for_flags_or_options "hector-plugin install" y yes' -l 'yes' -s 'y' -d 'Agree without being asked.'
complete -c 'hector-plugin' -n '__hector-plugin_should_offer_completions_for_flags_or_options "hector-plugin install" q quiet' -l 'quiet' -s 'q' -d 'Do not show what is installed when --yes agrees.'
complete -c 'hector-plugin' -n '__hector-plugin_should_offer_completions_for_flags_or_options "hector-plugin install" version' -l 'version' -d 'Show the version.'
complete -c 'hector-plugin' -n '__hector-plugin_should_offer_completions_for_flags_or_options "hector-plugin install" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'hector-plugin' -n '__hector-plugin_should_offer_completions_for_positional "hector-plugin update" -ge 1' -fka '(hector plugin list --json | sed -n \'s/.*"installed":"\\([^"]*\\)".*/\\1/p\')'
complete -c 'hector-plugin' -n '__hector-plugin_should_offer_completions_for_flags_or_options "hector-plugin update" key' -l 'key' -d 'The public key that has to have signed it, as \'cosign sign --key\' does; it is remembered.' -rF
complete -c 'hector-plugin' -n '__hector-plugin_should_offer_completions_for_flags_or_options "hector-plugin update" allow-downgrade' -l 'allow-downgrade' -d 'Let an older version take the place of a newer one.'
complete -c 'hector-plugin' -n '__hector-plugin_should_offer_completions_for_flags_or_options "hector-plugin update" offline' -l 'offline' -d 'Use what was fetched before, and do not ask the registry.'
complete -c 'hector-plugin' -n '__hector-plugin_should_offer_completions_for_flags_or_options "hector-plugin update" y yes' -l 'yes' -s 'y' -d 'Agree without being asked.'
complete -c 'hector-plugin' -n '__hector-plugin_should_offer_completions_for_flags_or_options "hector-plugin update" q quiet' -l 'quiet' -s 'q' -d 'Do not show what is installed when --yes agrees.'
complete -c 'hector-plugin' -n '__hector-plugin_should_offer_completions_for_flags_or_options "hector-plugin update" version' -l 'version' -d 'Show the version.'
complete -c 'hector-plugin' -n '__hector-plugin_should_offer_completions_for_flags_or_options "hector-plugin update" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'hector-plugin' -n '__hector-plugin_should_offer_completions_for_positional "hector-plugin remove" -ge 1' -fka '(hector plugin list --json | sed -n \'s/.*"installed":"\\([^"]*\\)".*/\\1/p\')'
complete -c 'hector-plugin' -n '__hector-plugin_should_offer_completions_for_flags_or_options "hector-plugin remove" version' -l 'version' -d 'Show the version.'
complete -c 'hector-plugin' -n '__hector-plugin_should_offer_completions_for_flags_or_options "hector-plugin remove" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'hector-plugin' -n '__hector-plugin_should_offer_completions_for_positional "hector-plugin verify" -ge 1' -fka '(hector plugin list --json | sed -n \'s/.*"installed":"\\([^"]*\\)".*/\\1/p\')'
complete -c 'hector-plugin' -n '__hector-plugin_should_offer_completions_for_flags_or_options "hector-plugin verify" version' -l 'version' -d 'Show the version.'
complete -c 'hector-plugin' -n '__hector-plugin_should_offer_completions_for_flags_or_options "hector-plugin verify" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'hector-plugin' -n '__hector-plugin_should_offer_completions_for_flags_or_options "hector-plugin help" version' -l 'version' -d 'Show the version.'
