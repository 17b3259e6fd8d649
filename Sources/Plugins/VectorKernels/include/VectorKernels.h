#pragma once

#include <stddef.h>
#include <stdint.h>

// What Swift's vectors cannot be told: which instructions this very machine has.
//
// Codes come in blocks of 16 vectors. In a block, four components of each of the 16 vectors lie
// together, then the next four: 64 bytes of codes for each such group. So one instruction
// multiplies four components of 16 vectors with four of the query, and no sum crosses lanes.
// (The layout of André, Kermarrec and Le Scouarnec's "fast scan", with bytes for nibbles.)
// After its codes a block has a scale and an error for each of its vectors.

enum { hector_block_vectors = 16 };

/// The size in bytes of a block of vectors with `groups` * 4 components.
static inline size_t hector_block_size(size_t groups) {
    return groups * 64 + 2 * hector_block_vectors * sizeof(float);
}

/// A query as the scan wants it.
typedef struct {
    /// `groups` * 4 components, zeros at the end included.
    const int8_t *codes;
    /// 128 times the sum of the codes: codes of vectors are stored with 128 added.
    int32_t bias;
    /// What one step of the query's codes is worth.
    float scale;
    /// How far the query's codes are off, as the length of the difference.
    float error;
    /// The smallest similarity that is of interest.
    float threshold;
} hector_query;

/// What a scan may use, each including what is before it.
typedef enum { hector_portable, hector_avx2, hector_avx512vnni } hector_instructions;

/// The best that this machine has.
hector_instructions hector_best_instructions(void);

/// Finds the vectors whose similarity to a query may reach its threshold.
///
/// Sets bit n of `hits[query * blocks + block]` for vector n of that block. The similarity of
/// two unit vectors a and b, whose codes stand for a' and b', is at most
/// a'·b' + |a - a'| + (1 + |a - a'|) |b - b'|, by Cauchy and Schwarz.
void hector_scan(
    hector_instructions instructions, const uint8_t *blocks, size_t count, size_t groups,
    const hector_query *queries, size_t query_count, uint16_t *hits);

/// The sum of products, added up in double precision. `a` need not be aligned.
double hector_dot(const void *a, const float *b, size_t count);

/// Writes for each component how many steps it is, to the nearest, a step being 1/127 of the
/// largest component in size, which must not be 0.
///
/// Returns the sum of the squares of how far off that is.
double hector_quantize(const float *vector, size_t count, float largest, int8_t *codes);

/// The size of the largest component.
float hector_largest(const float *vector, size_t count);
