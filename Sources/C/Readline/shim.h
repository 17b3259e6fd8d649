#pragma once

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <readline/history.h>
#include <readline/readline.h>

// Readline is configured by assigning to globals, which Swift 6 rightly calls
// shared mutable state. Each function below reads or assigns one of them.

/// Sets the function that is called with the word under the cursor and its byte range in the line.
/// It returns a malloc'd, NULL-terminated array that readline frees.
static inline void hector_readline_set_completer(rl_completion_func_t *completer) {
    rl_attempted_completion_function = completer;
}

/// Sets whether readline completes file names when the completer returns nothing.
static inline void hector_readline_set_completes_files(int completes) {
    rl_attempted_completion_over = !completes;
}

/// Returns a name quoted for sh(1), in malloc'd memory; readline's own function ignores quotes in
/// the name. The closing quote is there only if the match is complete.
static inline char *hector_quoted_name(char *name, int match, char *quote) {
    (void)quote;
    char *quoted = malloc(4 * strlen(name) + 3);
    if (!quoted) abort();
    char *end = quoted;
    *end++ = '\'';
    for (; *name; name++) {
        if (*name == '\'') end = stpcpy(end, "'\\'");
        *end++ = *name;
    }
    if (match == SINGLE_MATCH) *end++ = '\'';
    *end = 0;
    return quoted;
}

/// Sets whether file names are quoted where sh(1) would misread them.
static inline void hector_readline_set_quoting(int quotes) {
    // Readline keeps the addresses.
    rl_filename_quote_characters = quotes ? " \t\n\\\"'`@$><=;|&{(*?[]#~" : "";
    rl_completer_quote_characters = quotes ? "'\"" : NULL;
    rl_filename_quoting_function = hector_quoted_name;
}

/// Sets the character that follows a completed word.
static inline void hector_readline_set_suffix(int character) {
    rl_completion_append_character = character;
}

/// Makes words end only at blanks, as names and paths may contain any other character.
static inline void hector_readline_break_words_at_blanks(void) {
    // Readline keeps the address.
    rl_completer_word_break_characters = " \t\n";
}

/// Sets the name for `$if` in ~/.inputrc; readline keeps the address.
static inline void hector_readline_set_name(const char *name) {
    rl_readline_name = name;
}

/// Leaves the handling of signals to the program.
static inline void hector_readline_leave_signals(void) {
    rl_catch_signals = 0;
    rl_catch_sigwinch = 0;
    // LINES and COLUMNS in the environment would outlive a resize in children.
    rl_change_environment = 0;
}

static inline void hector_readline_set_terminal_functions(
    rl_vintfunc_t *prepare, rl_voidfunc_t *restore
) {
    rl_prep_term_function = prepare;
    rl_deprep_term_function = restore;
}

static inline void hector_readline_show_on_standard_error(void) {
    rl_outstream = stderr;
}

static inline FILE *hector_readline_output(void) {
    return rl_outstream;
}

static inline const char *hector_readline_line(void) {
    return rl_line_buffer;
}

/// The length of the line in bytes.
static inline int hector_readline_length(void) {
    return rl_end;
}

static inline void hector_readline_redisplay(void) {
    (*rl_redisplay_function)();
}
