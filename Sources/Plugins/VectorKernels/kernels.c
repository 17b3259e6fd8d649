#include "VectorKernels.h"

#include <string.h>

typedef float unaligned_float __attribute__((aligned(1)));

#if defined(__x86_64__)
#define CLONES __attribute__((target_clones("avx512f", "arch=haswell", "default")))
#else
#define CLONES
#endif

CLONES
double hector_dot(const void *a, const float *b, size_t count) {
    const unaligned_float *left = a;
    // There are sixteen sums, so that the additions need not wait for each other.
    double sums[16] = {0};
    size_t i = 0;
    for (; i + 16 <= count; i += 16)
        for (size_t lane = 0; lane < 16; lane++)
            sums[lane] += (double)left[i + lane] * (double)b[i + lane];
    for (size_t lane = 0; i < count; i++, lane++) sums[lane] += (double)left[i] * (double)b[i];
    double sum = 0;
    for (size_t lane = 0; lane < 16; lane++) sum += sums[lane];
    return sum;
}

/// Returns the square of the code's error.
static inline __attribute__((always_inline)) double quantize(
    float component, double step, double inverse, int8_t *code
) {
    // Beyond this a double has no fraction, so adding it rounds, which not every processor has an
    // instruction for.
    const double large = 0x1.8p52;
    const double steps = (component * inverse + large) - large;
    const double difference = component - steps * step;
    *code = (int8_t)(int32_t)steps;
    return difference * difference;
}

CLONES
double hector_quantize(const float *vector, size_t count, float largest, int8_t *codes) {
    const double step = (double)largest / 127, inverse = 127 / (double)largest;
    double squares[16] = {0};
    size_t i = 0;
    for (; i + 16 <= count; i += 16)
        for (size_t lane = 0; lane < 16; lane++)
            squares[lane] += quantize(vector[i + lane], step, inverse, &codes[i + lane]);
    for (; i < count; i++) squares[0] += quantize(vector[i], step, inverse, &codes[i]);
    double square = 0;
    for (size_t lane = 0; lane < 16; lane++) square += squares[lane];
    return square;
}

static inline __attribute__((always_inline)) float larger(float a, float b) {
    return a > b ? a : b;
}

CLONES
float hector_largest(const float *vector, size_t count) {
    float largest[16] = {0};
    size_t i = 0;
    for (; i + 16 <= count; i += 16)
        for (size_t lane = 0; lane < 16; lane++)
            largest[lane] = larger(largest[lane], __builtin_fabsf(vector[i + lane]));
    for (; i < count; i++) largest[0] = larger(largest[0], __builtin_fabsf(vector[i]));
    for (size_t lane = 1; lane < 16; lane++) largest[0] = larger(largest[0], largest[lane]);
    return largest[0];
}

void hector_clear_block(uint8_t *block, size_t groups) {
    // What is not a component is multiplied by zeros in every query.
    memset(block, 0, groups * 64 + hector_block_vectors * sizeof(float));
    const float empty = -__builtin_inff();
    for (int lane = 0; lane < hector_block_vectors; lane++)
        memcpy(block + groups * 64 + 64 + lane * 4, &empty, sizeof empty);
}

void hector_set_codes(
    uint8_t *block, size_t groups, int lane, const int8_t *codes, size_t count, float scale,
    float error
) {
    for (size_t i = 0; i < count; i++)
        block[i / 4 * 64 + (size_t)lane * 4 + i % 4] = (uint8_t)codes[i] ^ 0x80;
    memcpy(block + groups * 64 + lane * 4, &scale, sizeof scale);
    memcpy(block + groups * 64 + 64 + lane * 4, &error, sizeof error);
}

void hector_copy_codes(
    uint8_t *block, int lane, const uint8_t *source, int source_lane, size_t groups
) {
    // The scale and the error lie as two more groups do.
    for (size_t group = 0; group < groups + 2; group++)
        memcpy(block + group * 64 + lane * 4, source + group * 64 + source_lane * 4, 4);
}

float hector_lane_slack(
    const uint8_t *block, size_t groups, int lane, const hector_query *query
) {
    float error;
    memcpy(&error, block + groups * 64 + 64 + lane * 4, sizeof error);
    return error + (1 + error) * query->error;
}

/// Returns the hits among 16 vectors, from the sums of products of their codes with the query's.
static inline __attribute__((always_inline)) uint16_t hits_among(
    const int32_t *sums, const uint8_t *tail, const hector_query *query, size_t block,
    float *found
) {
    float scales[16], errors[16], bounds[16];
    memcpy(scales, tail, sizeof scales);
    memcpy(errors, tail + sizeof scales, sizeof errors);
    for (int n = 0; n < 16; n++)
        bounds[n] = (float)(sums[n] - query->bias) * (scales[n] * query->scale) + errors[n]
            + (1 + errors[n]) * query->error;
    float scores[16];
    memcpy(scores, bounds, sizeof scores);
    if (query->offsets)
        for (int n = 0; n < 16; n++)
            scores[n] += query->offset_scale * query->offsets[block * 16 + (size_t)n];
    uint16_t hits = 0;
    for (int n = 0; n < 16; n++) hits |= (uint16_t)((scores[n] >= query->threshold) << n);
    if (hits) memcpy(found, bounds, sizeof bounds);
    return hits;
}

#if !defined(__x86_64__)

// Compilers for ARM know loads that take every fourth byte, and make vectors of this.
static void portable_scan(
    const uint8_t *blocks, size_t count, size_t groups,
    const hector_query *queries, size_t query_count, uint16_t *hits, float *bounds
) {
    const size_t size = hector_block_size(groups);
    for (size_t block = 0; block < count; block++) {
        const uint8_t *codes = blocks + block * size;
        for (size_t q = 0; q < query_count; q++) {
            int32_t sums[16] = {0};
            for (size_t group = 0; group < groups; group++) {
                const int8_t *four = queries[q].codes + group * 4;
                const uint8_t *these = codes + group * 64;
                for (int n = 0; n < 16; n++)
                    sums[n] += (int)these[n * 4] * four[0] + (int)these[n * 4 + 1] * four[1]
                        + (int)these[n * 4 + 2] * four[2] + (int)these[n * 4 + 3] * four[3];
            }
            hits[q * count + block] = hits_among(
                sums, codes + groups * 64, &queries[q], block, bounds + (q * count + block) * 16);
        }
    }
}

hector_instructions hector_best_instructions(void) { return hector_portable; }

void hector_scan(
    hector_instructions instructions, const uint8_t *blocks, size_t count, size_t groups,
    const hector_query *queries, size_t query_count, uint16_t *hits, float *bounds
) {
    (void)instructions;
    portable_scan(blocks, count, groups, queries, query_count, hits, bounds);
}

#else

#include <immintrin.h>

static void portable_scan(
    const uint8_t *blocks, size_t count, size_t groups,
    const hector_query *queries, size_t query_count, uint16_t *hits, float *bounds
) {
    const size_t size = hector_block_size(groups);
    const __m128i zero = _mm_setzero_si128();
    for (size_t block = 0; block < count; block++) {
        const uint8_t *codes = blocks + block * size;
        for (size_t q = 0; q < query_count; q++) {
            // Each holds two partial sums for each of two vectors.
            __m128i partial[8] = {0};
            for (size_t group = 0; group < groups; group++) {
                const int8_t *four = queries[q].codes + group * 4;
                const __m128i query = _mm_set_epi16(
                    four[3], four[2], four[1], four[0], four[3], four[2], four[1], four[0]);
                for (int n = 0; n < 4; n++) {
                    const __m128i bytes =
                        _mm_loadu_si128((const void *)(codes + group * 64 + n * 16));
                    partial[n * 2] = _mm_add_epi32(
                        partial[n * 2], _mm_madd_epi16(_mm_unpacklo_epi8(bytes, zero), query));
                    partial[n * 2 + 1] = _mm_add_epi32(
                        partial[n * 2 + 1], _mm_madd_epi16(_mm_unpackhi_epi8(bytes, zero), query));
                }
            }
            int32_t halves[32], sums[16];
            memcpy(halves, partial, sizeof halves);
            for (int n = 0; n < 16; n++) sums[n] = halves[n * 2] + halves[n * 2 + 1];
            hits[q * count + block] = hits_among(
                sums, codes + groups * 64, &queries[q], block, bounds + (q * count + block) * 16);
        }
    }
}

__attribute__((target("avx2,fma")))
static void scan_avx2(
    const uint8_t *blocks, size_t count, size_t groups,
    const hector_query *queries, size_t query_count, uint16_t *hits, float *bounds
) {
    const size_t size = hector_block_size(groups);
    for (size_t block = 0; block < count; block++) {
        const uint8_t *codes = blocks + block * size;
        for (size_t q = 0; q < query_count; q++) {
            // Each holds two partial sums for each of four vectors. Bytes are widened first,
            // because the instruction that multiplies them unwidened saturates.
            __m256i partial[4] = {0};
            for (size_t group = 0; group < groups; group++) {
                int32_t four;
                memcpy(&four, queries[q].codes + group * 4, sizeof four);
                const __m256i query = _mm256_cvtepi8_epi16(_mm_set1_epi32(four));
                for (int n = 0; n < 4; n++) {
                    const __m128i bytes =
                        _mm_loadu_si128((const void *)(codes + group * 64 + n * 16));
                    partial[n] = _mm256_add_epi32(
                        partial[n], _mm256_madd_epi16(_mm256_cvtepu8_epi16(bytes), query));
                }
            }
            int32_t sums[16];
            for (int n = 0; n < 4; n += 2) {
                // Within 128-bit lanes, the order is 0 1 4 5 | 2 3 6 7; the permutation puts the
                // vectors in order.
                const __m256i pairs = _mm256_permute4x64_epi64(
                    _mm256_hadd_epi32(partial[n], partial[n + 1]), 0xd8);
                _mm256_storeu_si256((void *)(sums + n * 4), pairs);
            }
            hits[q * count + block] = hits_among(
                sums, codes + groups * 64, &queries[q], block, bounds + (q * count + block) * 16);
        }
    }
}

#define VNNI __attribute__((target("avx512f,avx512bw,avx512vl,avx512vnni")))

VNNI static inline __attribute__((always_inline)) uint16_t hits_vnni(
    __m512i sums, const uint8_t *tail, const hector_query *query, size_t block, float *found
) {
    const __m512 errors = _mm512_loadu_ps(tail + 64);
    const __m512 scales =
        _mm512_mul_ps(_mm512_loadu_ps(tail), _mm512_set1_ps(query->scale));
    const __m512 products =
        _mm512_cvtepi32_ps(_mm512_sub_epi32(sums, _mm512_set1_epi32(query->bias)));
    const __m512 slack = _mm512_fmadd_ps(
        errors, _mm512_set1_ps(1 + query->error), _mm512_set1_ps(query->error));
    const __m512 bounds = _mm512_fmadd_ps(products, scales, slack);
    __m512 scores = bounds;
    if (query->offsets)
        scores = _mm512_fmadd_ps(
            _mm512_loadu_ps(query->offsets + block * 16), _mm512_set1_ps(query->offset_scale),
            bounds);
    const uint16_t hits =
        _mm512_cmp_ps_mask(scores, _mm512_set1_ps(query->threshold), _CMP_GE_OQ);
    if (hits) _mm512_storeu_ps(found, bounds);
    return hits;
}

VNNI static inline __attribute__((always_inline)) __m512i four_of(
    const hector_query *query, size_t group
) {
    int32_t four;
    memcpy(&four, query->codes + group * 4, sizeof four);
    return _mm512_set1_epi32(four);
}

VNNI static void scan_vnni(
    const uint8_t *blocks, size_t count, size_t groups,
    const hector_query *queries, size_t query_count, uint16_t *hits, float *bounds
) {
    const size_t size = hector_block_size(groups);
    for (size_t block = 0; block < count; block++) {
        const uint8_t *codes = blocks + block * size;
        const uint8_t *tail = codes + groups * 64;
        size_t q = 0;
        // Four queries share each load of codes.
        for (; q + 4 <= query_count; q += 4) {
            __m512i sums[4] = {0};
            for (size_t group = 0; group < groups; group++) {
                const __m512i bytes = _mm512_loadu_si512(codes + group * 64);
                for (int n = 0; n < 4; n++)
                    sums[n] = _mm512_dpbusd_epi32(sums[n], bytes, four_of(&queries[q + n], group));
            }
            for (int n = 0; n < 4; n++)
                hits[(q + n) * count + block] = hits_vnni(
                    sums[n], tail, &queries[q + n], block, bounds + ((q + n) * count + block) * 16);
        }
        for (; q < query_count; q++) {
            __m512i sums[4] = {0};
            size_t group = 0;
            for (; group + 4 <= groups; group += 4)
                for (int n = 0; n < 4; n++)
                    sums[n] = _mm512_dpbusd_epi32(
                        sums[n], _mm512_loadu_si512(codes + (group + n) * 64),
                        four_of(&queries[q], group + n));
            for (; group < groups; group++)
                sums[0] = _mm512_dpbusd_epi32(
                    sums[0], _mm512_loadu_si512(codes + group * 64), four_of(&queries[q], group));
            sums[0] = _mm512_add_epi32(
                _mm512_add_epi32(sums[0], sums[1]), _mm512_add_epi32(sums[2], sums[3]));
            hits[q * count + block] = hits_vnni(
                sums[0], tail, &queries[q], block, bounds + (q * count + block) * 16);
        }
    }
}

hector_instructions hector_best_instructions(void) {
    __builtin_cpu_init();
    if (__builtin_cpu_supports("avx512vnni") && __builtin_cpu_supports("avx512bw")
        && __builtin_cpu_supports("avx512vl"))
        return hector_avx512vnni;
    if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")) return hector_avx2;
    return hector_portable;
}

void hector_scan(
    hector_instructions instructions, const uint8_t *blocks, size_t count, size_t groups,
    const hector_query *queries, size_t query_count, uint16_t *hits, float *bounds
) {
    switch (instructions) {
    case hector_avx512vnni: scan_vnni(blocks, count, groups, queries, query_count, hits, bounds); break;
    case hector_avx2: scan_avx2(blocks, count, groups, queries, query_count, hits, bounds); break;
    case hector_portable: portable_scan(blocks, count, groups, queries, query_count, hits, bounds); break;
    }
}

#endif
