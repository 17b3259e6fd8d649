#pragma once

#include <stddef.h>
#include <stdint.h>
#include <xxhash.h>

// The library chooses the best instructions of the machine only behind a name of its own, which it
// has only on x86.
#if defined(__x86_64__) && __has_include(<xxh_x86dispatch.h>)
#include <xxh_x86dispatch.h>
#endif

/// Returns XXH3 with 64 bits of the bytes.
static inline uint64_t hector_xxh3(const void *bytes, size_t count, uint64_t seed) {
    return XXH3_64bits_withSeed(bytes, count, seed);
}
