function __hector-bench_should_offer_completions_for_flags_or_options -a expected_commands
    set -l non_repeating_flags_or_options $argv[2..]
    set -l non_repeating_flags_or_options_absent 0
    set -l positional_index 0
    set -l commands
    __hector-bench_parse_tokens
    test "$commands" = "$expected_commands"; and return $non_repeating_flags_or_options_absent
end

function __hector-bench_should_offer_completions_for_positional -a expected_commands positional_index_comparison expected_positional_index
    set -l non_repeating_flags_or_options
    set -l non_repeating_flags_or_options_absent 0
    set -l positional_index 0
    set -l commands
    __hector-bench_parse_tokens
    test "$commands" = "$expected_commands" -a \( "$positional_index" "$positional_index_comparison" "$expected_positional_index" \)
end

function __hector-bench_parse_tokens -S
    set -l unparsed_tokens (__hector-bench_tokens -pc)
    switch $unparsed_tokens[1]
    case 'hector-bench'
        __hector-bench_parse_subcommand 1 'C/collection=' 'k/top-k=' 'mode=' 'alpha=' 'embedder=' 'json' 'plugin=' 'socket=' 'o/option=+' 'config=' 'timeout=' 'debug' 'q/quiet' 'version' 'h/help'
        switch $unparsed_tokens[1]
        case 'help'
            __hector-bench_parse_subcommand -r 1 'version'
        end
    end
end

function __hector-bench_tokens
    if test (string split -m 1 -f 1 -- . "$FISH_VERSION") -gt 3
        commandline --tokens-raw $argv
    else
        commandline -o $argv
    end
end

function __hector-bench_parse_subcommand -S -a positional_count
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

function __hector-bench_complete_directories
    set -l token (commandline -t)
    string match -- '*/' $token
    set -l subdirs $token*/
    printf %s\n $subdirs
end

function __hector-bench_custom_completion
    set -x SAP_SHELL fish
    set -x SAP_SHELL_VERSION $FISH_VERSION
    set -l tokens (__hector-bench_tokens -p)
    if test -z "$(__hector-bench_tokens -t)"
        set -l index (count (__hector-bench_tokens -pc))
        set tokens $tokens[..$index] \'\' $tokens[(math $index + 1)..]
    end
    command $tokens[1] $argv $tokens
end

complete -c 'hector-bench' -f
complete -c 'hector-bench' -n '__hector-bench_should_offer_completions_for_positional "hector-bench" -eq 1' -F
complete -c 'hector-bench' -n '__hector-bench_should_offer_completions_for_flags_or_options "hector-bench" C collection' -s 'C' -l 'collection' -d 'The collection.' -rfka '(__hector-bench_custom_completion ---completion -- --collection (count (__hector-bench_tokens -pc)) (__hector-bench_tokens -tC))'
complete -c 'hector-bench' -n '__hector-bench_should_offer_completions_for_flags_or_options "hector-bench" k top-k' -s 'k' -l 'top-k' -d 'The number of places that count.' -rfka ''
complete -c 'hector-bench' -n '__hector-bench_should_offer_completions_for_flags_or_options "hector-bench" mode' -l 'mode' -d 'The modes to measure, with commas: text, vector, hybrid. (default: all)' -rfka ''
complete -c 'hector-bench' -n '__hector-bench_should_offer_completions_for_flags_or_options "hector-bench" alpha' -l 'alpha' -d 'The weights of the vector to measure in the mode hybrid, with commas. (default: 0.05, 0.1, 0.2 and so on to 1)' -rfka ''
complete -c 'hector-bench' -n '__hector-bench_should_offer_completions_for_flags_or_options "hector-bench" embedder' -l 'embedder' -d 'The embedder: a name or a path. (default: the collection\'s)' -rfka '(__hector-bench_custom_completion ---completion -- --embedder (count (__hector-bench_tokens -pc)) (__hector-bench_tokens -tC))'
complete -c 'hector-bench' -n '__hector-bench_should_offer_completions_for_flags_or_options "hector-bench" json' -l 'json' -d 'Print JSON lines at a terminal, too.'
complete -c 'hector-bench' -n '__hector-bench_should_offer_completions_for_flags_or_options "hector-bench" plugin' -l 'plugin' -d 'The database: a name from the configuration, a discovered or built-in one, or a path.' -rfka '(__hector-bench_custom_completion ---completion -- --plugin (count (__hector-bench_tokens -pc)) (__hector-bench_tokens -tC))'
complete -c 'hector-bench' -n '__hector-bench_should_offer_completions_for_flags_or_options "hector-bench" socket' -l 'socket' -d 'Use a database that is already running, and leave it running.' -rfka ''
complete -c 'hector-bench' -n '__hector-bench_should_offer_completions_for_flags_or_options "hector-bench"' -l 'option' -s 'o' -d 'Set an option of the database; repeat for more.' -rfka ''
complete -c 'hector-bench' -n '__hector-bench_should_offer_completions_for_flags_or_options "hector-bench" config' -l 'config' -d 'Read the configuration from this file.' -rfka ''
complete -c 'hector-bench' -n '__hector-bench_should_offer_completions_for_flags_or_options "hector-bench" timeout' -l 'timeout' -d 'Give up a call after this long: 90, 90s, 500ms or 5m.' -rfka ''
complete -c 'hector-bench' -n '__hector-bench_should_offer_completions_for_flags_or_options "hector-bench" debug' -l 'debug' -d 'Show what plugins write, and how they are run.'
complete -c 'hector-bench' -n '__hector-bench_should_offer_completions_for_flags_or_options "hector-bench" q quiet' -l 'quiet' -s 'q' -d 'Print only errors.'
complete -c 'hector-bench' -n '__hector-bench_should_offer_completions_for_flags_or_options "hector-bench" version' -l 'version' -d 'Show the version.'
complete -c 'hector-bench' -n '__hector-bench_should_offer_completions_for_flags_or_options "hector-bench" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'hector-bench' -n '__hector-bench_should_offer_completions_for_positional "hector-bench" -eq 2' -fa 'help' -d 'Show subcommand help information.'
complete -c 'hector-bench' -n '__hector-bench_should_offer_completions_for_flags_or_options "hector-bench help" version' -l 'version' -d 'Show the version.'
