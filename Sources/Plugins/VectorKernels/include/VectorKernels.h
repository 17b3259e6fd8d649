#pragma once

#include <stdbool.h>
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
    /// What `offset_scale` multiplies before it is added to the similarity: a number for each vector
    /// of the blocks, or null.
    const float *offsets;
    float offset_scale;
} hector_query;

/// The instructions that a scan may use, each including those before it.
typedef enum { hector_portable, hector_avx2, hector_avx512vnni } hector_instructions;

/// Returns the best instructions that this machine has.
hector_instructions hector_best_instructions(void);

/// Finds the vectors whose similarity to a query, with their offset, may reach its threshold.
///
/// Sets bit n of `hits[query * blocks + block]` for vector n of that block. If there is such a
/// vector, writes the greatest similarities of all 16, without offsets, to `bounds`, 16 for each of
/// the hits. The similarity of two unit vectors a and b, whose codes stand for a' and b', is at most
/// a'·b' + |a - a'| + (1 + |a - a'|) |b - b'|, by Cauchy and Schwarz.
void hector_scan(
    hector_instructions instructions, const uint8_t *blocks, size_t count, size_t groups,
    const hector_query *queries, size_t query_count, uint16_t *hits, float *bounds);

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

/// The most that a bound of a vector's similarity to a query is off.
float hector_lane_slack(
    const uint8_t *block, size_t groups, int lane, const hector_query *query);

// The lists of an inverted index.

enum { hector_packed_count = 128 };

/// Reads 128 packed numbers and the exceptions that follow them: see PackedNumbers.
///
/// Returns the number of bytes that they take, or 0 if `size` bytes cannot be such numbers.
size_t hector_read_packed(const uint8_t *bytes, size_t size, uint32_t *numbers);

/// Reads pairs of Rice codes: a distance, of which `lower` bits stand as they are, and a number, of
/// which none does. See RiceCode; `longest` is its constant, and `lower` is at most 31.
///
/// Returns false if `size` bytes cannot have so many.
bool hector_read_rice_pairs(
    const uint8_t *bytes, size_t size, int lower, int longest, size_t count, uint32_t *distances,
    uint32_t *numbers);

/// Replaces the distances between numbers by the numbers: each is the one before, plus 1, plus its
/// distance.
///
/// Returns the number after the last one, to the full. `next` is that for the first distance.
uint64_t hector_add_up(uint32_t *distances, size_t count, uint64_t next);

enum { hector_part_rows = 8 };

/// The part of a term's weight that a document has, by the term's frequency and the code of the
/// document's length.
typedef struct {
    /// A row of 256 codes for each frequency from 1 to `hector_part_rows`.
    const float *rows;
    /// For each code the frequency that gives half of the weight.
    const float *halves;
    /// The code of each slot's length.
    const uint8_t *lengths;
} hector_parts;

/// Adds the parts of a term's weight to the sums of slots. `sums` begins with slot `first`.
void hector_add_parts(
    const uint32_t *slots, const uint32_t *frequencies, size_t count, const hector_parts *parts,
    float weight, uint32_t first, float *sums);

/// Raises the numbers of slots to the parts of a term's weight, where these are more. `numbers` begins
/// with slot `first`.
void hector_raise_to_parts(
    const uint32_t *slots, const uint32_t *frequencies, size_t count, const hector_parts *parts,
    float weight, uint32_t first, float *numbers);

/// Adds each of the numbers to a sum.
void hector_add_numbers(const float *numbers, size_t count, float *sums);

/// Returns the number of numbers whose bit is set. `bits` has 64 of them to each word.
size_t hector_count_set(const uint32_t *numbers, size_t count, const uint64_t *bits);

/// Sets a bit for each number that is at least `least`: 64 to each word of `bits`. `count` is a
/// multiple of 64.
void hector_at_least(const float *numbers, size_t count, float least, uint64_t *bits);
