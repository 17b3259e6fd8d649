#pragma once
#include <errno.h>
#include <iconv.h>

// Swift imports iconv_t, a pointer to void, as an optional that compares badly with (iconv_t)-1.
static inline int hector_iconv_is_valid(iconv_t converter) { return converter != (iconv_t)-1; }
