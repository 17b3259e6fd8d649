import ArgumentParser

extension OtherProgram {
    /// Returns the completion script of this program, which passes `hector NAME ...` on to the
    /// completion of `hector-NAME`, as the program itself does.
    static func completion(extending script: String, for shell: CompletionShell) -> String {
        let names = own.sorted()
        switch shell {
        case .bash: return script + "\n" + bash(names.joined(separator: "|"))
        case .fish: return script + "\n" + fish(names.joined(separator: " "))
        case .zsh:
            // The addition goes before the script's end, where the script calls or registers its
            // function.
            let call = #"if [[ "${funcstack[1]}""#
            guard let end = script.firstRange(of: call) else { return script }
            return script[..<end.lowerBound] + zsh(names.joined(separator: "|")) + "\n"
                + script[end.lowerBound...]
        default: return script
        }
    }

    private static func bash(_ own: String) -> String {
        #"""
        # 'hector NAME ...' is completed as 'hector-NAME ...' if there is such a program.
        _hector_and_programs() {
            local -r name="${COMP_WORDS[1]}"
            local program="${1}-${name}"
            type -P "${program}" >/dev/null || program="hector-${name}"
            if [[ "${COMP_CWORD}" -le 1 || "${name}" = @(\#(own)) ]] || ! type -P "${program}" >/dev/null; then
                _hector "${@}"
                if [[ "${COMP_CWORD}" -eq 1 ]]; then
                    COMPREPLY+=($(compgen -W "$("${1}" config names programs 2>/dev/null)" -- "${2}"))
                fi
                return
            fi

            # Loaded by bash-completion, or from beside this script.
            local loader
            for loader in _comp_load __load_completion; do
                complete -p "hector-${name}" &>/dev/null && break
                declare -F "${loader}" >/dev/null && "${loader}" "hector-${name}"
            done
            if ! complete -p "hector-${name}" &>/dev/null && [[ -r "${BASH_SOURCE[0]%/*}/hector-${name}" ]]; then
                source "${BASH_SOURCE[0]%/*}/hector-${name}"
            fi
            local function
            function="$(complete -p "hector-${name}" 2>/dev/null)" || return
            [[ "${function}" = *' -F '* ]] || return
            function="${function#* -F }"
            function="${function%% *}"

            local -r rest="${COMP_LINE#*"${COMP_WORDS[0]}"*"${name}"}"
            local -ir point="$((COMP_POINT - ${#COMP_LINE} + ${#rest} + ${#program}))"
            local -ar words=("${program}" "${COMP_WORDS[@]:2}")
            local -a COMP_WORDS=("${words[@]}")
            local COMP_LINE="${program}${rest}" COMP_POINT="${point}" COMP_CWORD="$((COMP_CWORD - 1))"
            "${function}" "${program}" "${2}" "${COMP_WORDS[COMP_CWORD - 1]}"
        }

        complete -o filenames -F _hector_and_programs hector
        """#
    }

    private static func zsh(_ own: String) -> String {
        #"""
        # 'hector NAME ...' is completed as 'hector-NAME ...' if there is such a program.
        functions[_hector_itself]="${functions[_hector]}"
        _hector() {
            local program
            if [[ "${CURRENT}" -gt 2 && "${words[2]}" != (\#(own)) ]]; then
                program="$(whence -p -- "${words[1]}-${words[2]}" || whence -p -- "hector-${words[2]}")"
            fi
            if [[ -n "${program}" ]]; then
                words=("${program}" "${words[@]:2}")
                ((CURRENT--))
                _normal
                return
            fi

            local -i ret=1
            _hector_itself "${@}" && ret=0
            if [[ "${CURRENT}" -eq 2 ]]; then
                local -ar programs=("${(@f)$("${words[1]}" config names programs 2>/dev/null)}")
                _describe -V program programs && ret=0
            fi
            return "${ret}"
        }
        """# + "\n"
    }

    private static func fish(_ own: String) -> String {
        #"""
        # 'hector NAME ...' is completed as 'hector-NAME ...' if there is such a program.
        function __hector_program
            set -l tokens (__hector_tokens -pc)
            if set -q tokens[2]; and not contains -- $tokens[2] \#(own)
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
        """#
    }
}
