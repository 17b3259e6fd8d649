#pragma once

#include <stddef.h>
#include <stdint.h>

// The kernels are in C because Swift's vectors cannot choose the instructions of the machine that
// the program happens to run on.
//
// Codes come in blocks of 16 vectors. In a block, four components of each of the 16 vectors lie
// together, followed by the next four: 64 bytes of codes for each such group. So one instruction
// multiplies four components of 16 vectors by four of the query, and no sum crosses lanes. (The
// layout is that of André, Kermarrec and Le Scouarnec's "fast scan", with bytes in place of
// nibbles.) After its codes, a block has a scale and an error for each of its vectors.

enum { hector_block_vectors = 16 };

/// Returns the size in bytes of a block of vectors with `groups` * 4 components.
static inline size_t hector_block_size(size_t groups) {
    return groups * 64 + 2 * hector_block_vectors * sizeof(float);
}

/// A query in the form that the scan needs.
typedef struct {
    /// The `groups` * 4 components, including zeros at the end.
    const int8_t *codes;
    /// 128 times the sum of the codes, as codes of vectors are stored with 128 added.
    int32_t bias;
    /// The value of one step of the query's codes.
    float scale;
    /// The error of the query's codes, as the length of the difference.
    float error;
    /// The smallest similarity that is of interest.
    float threshold;
} hector_query;

/// The instructions that a scan may use, each including those before it.
typedef enum { hector_portable, hector_avx2, hector_avx512vnni } hector_instructions;

/// Returns the best instructions that this machine has.
hector_instructions hector_best_instructions(void);

/// Finds the vectors whose similarity to a query may reach its threshold.
///
/// Sets bit n of `hits[query * blocks + block]` for vector n of that block. The similarity of
/// two unit vectors a and b, whose codes stand for a' and b', is at most
/// a'·b' + |a - a'| + (1 + |a - a'|) |b - b'|, by Cauchy and Schwarz.
void hector_scan(
    hector_instructions instructions, const uint8_t *blocks, size_t count, size_t groups,
    const hector_query *queries, size_t query_count, uint16_t *hits);

/// Returns the sum of products, added up in double precision. `a` need not be aligned.
double hector_dot(const void *a, const float *b, size_t count);

/// Writes the number of steps of each component, to the nearest, where a step is 1/127 of the
/// largest component in size, which must not be 0.
///
/// Returns the sum of the squares of the errors.
double hector_quantize(const float *vector, size_t count, float largest, int8_t *codes);

/// Returns the size of the largest component.
float hector_largest(const float *vector, size_t count);

// One vector of a block, its lane.

/// Makes all lanes of a block empty: their similarity to anything is minus infinity.
void hector_clear_block(uint8_t *block, size_t groups);

/// Puts a vector's codes into a lane of a block.
void hector_set_codes(
    uint8_t *block, size_t groups, int lane, const int8_t *codes, size_t count, float scale,
    float error);

/// Copies a lane of a block into a lane of another.
void hector_copy_codes(
    uint8_t *block, int lane, const uint8_t *source, int source_lane, size_t groups);

/// The smallest and the largest similarity that a vector can have to a query.
typedef struct {
    float lower, upper;
} hector_bounds;

hector_bounds hector_lane_bounds(
    const uint8_t *block, size_t groups, int lane, const hector_query *query);
