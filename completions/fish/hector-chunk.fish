function __hector-chunk_should_offer_completions_for_flags_or_options -a expected_commands
    set -l non_repeating_flags_or_options $argv[2..]
    set -l non_repeating_flags_or_options_absent 0
    set -l positional_index 0
    set -l commands
    __hector-chunk_parse_tokens
    test "$commands" = "$expected_commands"; and return $non_repeating_flags_or_options_absent
end

function __hector-chunk_should_offer_completions_for_positional -a expected_commands positional_index_comparison expected_positional_index
    set -l non_repeating_flags_or_options
    set -l non_repeating_flags_or_options_absent 0
    set -l positional_index 0
    set -l commands
    __hector-chunk_parse_tokens
    test "$commands" = "$expected_commands" -a \( "$positional_index" "$positional_index_comparison" "$expected_positional_index" \)
end

function __hector-chunk_parse_tokens -S
    set -l unparsed_tokens (__hector-chunk_tokens -pc)
    switch $unparsed_tokens[1]
    case 'hector-chunk'
        __hector-chunk_parse_subcommand -r 1 'size=' 'overlap=' 'whole' 'context=' 'ocr' '0/null' 'j/jobs=' 'fail-fast' 'errors=' 'summary' 'progress' 'q/quiet' 'version' 'h/help'
        switch $unparsed_tokens[1]
        case 'help'
            __hector-chunk_parse_subcommand -r 1 'version'
        end
    end
end

function __hector-chunk_tokens
    if test (string split -m 1 -f 1 -- . "$FISH_VERSION") -gt 3
        commandline --tokens-raw $argv
    else
        commandline -o $argv
    end
end

function __hector-chunk_parse_subcommand -S -a positional_count
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

function __hector-chunk_complete_directories
    set -l token (commandline -t)
    string match -- '*/' $token
    set -l subdirs $token*/
    printf %s\n $subdirs
end

function __hector-chunk_custom_completion
    set -x SAP_SHELL fish
    set -x SAP_SHELL_VERSION $FISH_VERSION
    set -l tokens (__hector-chunk_tokens -p)
    if test -z "$(__hector-chunk_tokens -t)"
        set -l index (count (__hector-chunk_tokens -pc))
        set tokens $tokens[..$index] \'\' $tokens[(math $index + 1)..]
    end
    command $tokens[1] $argv $tokens
end

complete -c 'hector-chunk' -f
complete -c 'hector-chunk' -n '__hector-chunk_should_offer_completions_for_flags_or_options "hector-chunk" size' -l 'size' -d 'The most characters in a chunk; a character is a Unicode scalar.' -rfka ''
complete -c 'hector-chunk' -n '__hector-chunk_should_offer_completions_for_flags_or_options "hector-chunk" overlap' -l 'overlap' -d 'The most characters that neighbours share. (default: a tenth of the size)' -rfka ''
complete -c 'hector-chunk' -n '__hector-chunk_should_offer_completions_for_flags_or_options "hector-chunk" whole' -l 'whole' -d 'Make one record of each file.'
complete -c 'hector-chunk' -n '__hector-chunk_should_offer_completions_for_flags_or_options "hector-chunk" context' -l 'context' -d 'Have the title and the headings of a chunk embedded with it, or not.' -rfka 'none headings'
complete -c 'hector-chunk' -n '__hector-chunk_should_offer_completions_for_flags_or_options "hector-chunk" ocr' -l 'ocr' -d 'Read the text on pictures with tesseract(1).'
complete -c 'hector-chunk' -n '__hector-chunk_should_offer_completions_for_flags_or_options "hector-chunk" 0 null' -s '0' -l 'null' -d 'Paths on standard input end in NUL, not newline.'
complete -c 'hector-chunk' -n '__hector-chunk_should_offer_completions_for_flags_or_options "hector-chunk" j jobs' -l 'jobs' -s 'j' -d 'Read up to N files at once. (default: one per core)' -rfka ''
complete -c 'hector-chunk' -n '__hector-chunk_should_offer_completions_for_flags_or_options "hector-chunk" fail-fast' -l 'fail-fast' -d 'Stop at the first file that is skipped.'
complete -c 'hector-chunk' -n '__hector-chunk_should_offer_completions_for_flags_or_options "hector-chunk" errors' -l 'errors' -d 'Write a record for each skipped file to this file.' -rfka ''
complete -c 'hector-chunk' -n '__hector-chunk_should_offer_completions_for_flags_or_options "hector-chunk" summary' -l 'summary' -d 'Print a line of JSON with totals to standard error at the end.'
complete -c 'hector-chunk' -n '__hector-chunk_should_offer_completions_for_flags_or_options "hector-chunk" progress' -l 'progress' -d 'Show progress on standard error.'
complete -c 'hector-chunk' -n '__hector-chunk_should_offer_completions_for_flags_or_options "hector-chunk" q quiet' -l 'quiet' -s 'q' -d 'Do not report files that are skipped because they are not text.'
complete -c 'hector-chunk' -n '__hector-chunk_should_offer_completions_for_flags_or_options "hector-chunk" version' -l 'version' -d 'Show the version.'
complete -c 'hector-chunk' -n '__hector-chunk_should_offer_completions_for_flags_or_options "hector-chunk" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'hector-chunk' -n '__hector-chunk_should_offer_completions_for_positional "hector-chunk" -eq 1' -fa 'help' -d 'Show subcommand help information.'
complete -c 'hector-chunk' -n '__hector-chunk_should_offer_completions_for_flags_or_options "hector-chunk help" version' -l 'version' -d 'Show the version.'
