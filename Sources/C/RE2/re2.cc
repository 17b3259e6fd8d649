#include "CRE2.h"

#include <re2/re2.h>

struct hector_re2 {
    const re2::RE2 expression;

    hector_re2(const re2::StringPiece &pattern, const re2::RE2::Options &options)
        : expression(pattern, options) {}
};

// A piece of text whose address is NULL means no text at all to RE2.
static re2::StringPiece piece(const char *text, size_t length) {
    return length == 0 ? re2::StringPiece("", 0) : re2::StringPiece(text, length);
}

hector_re2 *hector_re2_new(const char *pattern, size_t length, hector_re2_options given) {
    re2::RE2::Options options;
    options.set_log_errors(false);
    options.set_case_sensitive(!given.ignores_case);
    options.set_literal(given.is_literal);
    options.set_never_nl(given.never_newline);
    options.set_max_mem(given.memory);
    // Groups are not asked for, and cost time.
    options.set_never_capture(true);
    return new hector_re2(piece(pattern, length), options);
}

void hector_re2_free(hector_re2 *expression) { delete expression; }

const char *hector_re2_error(const hector_re2 *expression) {
    return expression->expression.ok() ? nullptr : expression->expression.error().c_str();
}

const char *hector_re2_error_part(const hector_re2 *expression) {
    return expression->expression.error_arg().c_str();
}

int hector_re2_size(const hector_re2 *expression) { return expression->expression.ProgramSize(); }

bool hector_re2_find(
    const hector_re2 *expression, const char *text, size_t length, size_t start, size_t *begin,
    size_t *end) {
    const re2::StringPiece whole = piece(text, length);
    re2::StringPiece match;
    if (!expression->expression.Match(whole, start, length, re2::RE2::UNANCHORED, &match, 1)) {
        return false;
    }
    *begin = match.data() - whole.data();
    *end = *begin + match.size();
    return true;
}

bool hector_re2_matches(const hector_re2 *expression, const char *text, size_t length) {
    return expression->expression.Match(
        piece(text, length), 0, length, re2::RE2::UNANCHORED, nullptr, 0);
}
