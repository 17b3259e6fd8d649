#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// RE2 is C++, which Swift does not see here: each function below is one use of a re2::RE2.

#ifdef __cplusplus
extern "C" {
#endif

/// A compiled regular expression, or the error of one. Any number of threads may use it at once.
typedef struct hector_re2 hector_re2;

typedef struct {
    bool ignores_case;
    /// Takes the pattern as the text to find.
    bool is_literal;
    /// Matches no newline, even where the pattern has one.
    bool never_newline;
    /// In bytes, of which two thirds are for the compiled pattern and the rest for automata.
    int64_t memory;
} hector_re2_options;

/// Compiles a pattern, of which nothing is kept. The caller frees the result.
hector_re2 *hector_re2_new(const char *pattern, size_t length, hector_re2_options options);

void hector_re2_free(hector_re2 *expression);

/// The error of a pattern that could not be compiled, or NULL. It lasts as long as the expression.
const char *hector_re2_error(const hector_re2 *expression);

/// The part of the pattern that the error is about. It lasts as long as the expression.
const char *hector_re2_error_part(const hector_re2 *expression);

/// The number of instructions, by which a byte of text costs more at worst.
int hector_re2_size(const hector_re2 *expression);

/// Finds the leftmost match that begins at `start` or after it. What is before `start` is looked
/// at only for `^` and `\b`. `begin` and `end` are set if there is one.
bool hector_re2_find(
    const hector_re2 *expression, const char *text, size_t length, size_t start, size_t *begin,
    size_t *end);

/// True if there is a match anywhere in the text. This is faster than to find where it is.
bool hector_re2_matches(const hector_re2 *expression, const char *text, size_t length);

#ifdef __cplusplus
}
#endif
