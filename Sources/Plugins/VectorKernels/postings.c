#include "VectorKernels.h"

#include <string.h>

static inline __attribute__((always_inline)) uint64_t word_at(const uint8_t *bytes) {
    uint64_t word;
    memcpy(&word, bytes, sizeof word);
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
    word = __builtin_bswap64(word);
#endif
    return word;
}

static void unpack_portable(const uint8_t *bytes, int bits, uint32_t *numbers) {
    const uint64_t mask = (UINT64_C(1) << bits) - 1;
    size_t bit = 0;
    for (size_t i = 0; i < 128; i++, bit += (size_t)bits)
        numbers[i] = (uint32_t)(word_at(bytes + bit / 8) >> bit % 8 & mask);
}

#if defined(__x86_64__)

#include <immintrin.h>

/// Spreads numbers of up to 16 bits over whole bytes or pairs of them.
__attribute__((target("avx2,bmi2")))
static void unpack_bmi2(const uint8_t *bytes, int bits, uint32_t *numbers) {
    if (bits <= 8) {
        const uint64_t mask = UINT64_C(0x0101010101010101) * ((1u << bits) - 1);
        for (size_t i = 0; i < 128; i += 8, bytes += bits) {
            const __m128i eight = _mm_cvtsi64_si128((long long)_pdep_u64(word_at(bytes), mask));
            _mm256_storeu_si256((void *)(numbers + i), _mm256_cvtepu8_epi32(eight));
        }
        return;
    }
    const uint64_t mask = UINT64_C(0x0001000100010001) * ((1u << bits) - 1);
    for (size_t i = 0; i < 128; i += 8, bytes += bits) {
        const uint64_t low = word_at(bytes);
        const uint64_t high = word_at(bytes + bits / 2) >> bits % 2 * 4;
        const __m128i eight = _mm_set_epi64x(
            (long long)_pdep_u64(high, mask), (long long)_pdep_u64(low, mask));
        _mm256_storeu_si256((void *)(numbers + i), _mm256_cvtepu16_epi32(eight));
    }
}

static int has_bmi2(void) {
    __builtin_cpu_init();
    return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("bmi2");
}

#endif

/// Unpacks numbers of up to 32 bits, `bits` * 16 bytes.
static void unpack(const uint8_t *bytes, int bits, uint32_t *numbers) {
    if (bits == 0) {
        memset(numbers, 0, 128 * sizeof *numbers);
        return;
    }
    // Words of eight bytes are read to the end, and the last of them goes beyond it.
    uint8_t copy[128 * 4 + 8];
    memcpy(copy, bytes, (size_t)bits * 16);
    memset(copy + bits * 16, 0, 8);
#if defined(__x86_64__)
    if (bits <= 16 && has_bmi2()) {
        unpack_bmi2(copy, bits, numbers);
        return;
    }
#endif
    unpack_portable(copy, bits, numbers);
}

size_t hector_read_packed(const uint8_t *bytes, size_t size, uint32_t *numbers) {
    if (size < 2) return 0;
    const int bits = bytes[0];
    if (bits > 32 || size - 2 < (size_t)bits * 16) return 0;
    unpack(bytes + 2, bits, numbers);
    size_t place = 2 + (size_t)bits * 16;
    for (int exceptions = bytes[1]; exceptions > 0; exceptions--) {
        if (place == size) return 0;
        const uint8_t number = bytes[place++];
        uint64_t upper = 1;
        if (number & 0x80) {
            uint64_t rest = 0;
            for (int shift = 0;; shift += 7) {
                if (place == size || shift > 63) return 0;
                const uint8_t byte = bytes[place++];
                rest |= (uint64_t)(byte & 0x7F) << shift;
                if (byte < 0x80) break;
            }
            upper = rest + 2;
        }
        numbers[number & 0x7F] |= (uint32_t)(upper << bits);
    }
    return place;
}

/// The bits from one on, at least 57 of them; those behind the end are zeros.
static inline __attribute__((always_inline)) uint64_t bits_at(
    const uint8_t *bytes, size_t size, size_t bit
) {
    const size_t place = bit / 8;
    if (place + 8 <= size) return word_at(bytes + place) >> bit % 8;
    uint64_t word = 0;
    for (size_t byte = place; byte < size; byte++)
        word |= (uint64_t)bytes[byte] << 8 * (byte - place);
    return word >> bit % 8;
}

/// Returns the number of bits that a code takes, or 0 for none.
static inline __attribute__((always_inline)) size_t read_rice(
    uint64_t bits, int lower, int longest, uint32_t *number
) {
    if (bits == 0) return 0;
    const int upper = __builtin_ctzll(bits);
    if (upper > longest) return 0;
    bits >>= upper + 1;
    if (upper == longest) {
        *number = (uint32_t)bits;
        return (size_t)upper + 1 + 32;
    }
    *number = (uint32_t)upper << lower | (uint32_t)(bits & ((UINT64_C(1) << lower) - 1));
    return (size_t)(upper + 1 + lower);
}

bool hector_read_rice_pairs(
    const uint8_t *bytes, size_t size, int lower, int longest, size_t count, uint32_t *distances,
    uint32_t *numbers
) {
    size_t bit = 0;
    for (size_t i = 0; i < count; i++) {
        const uint64_t bits = bits_at(bytes, size, bit);
        size_t taken = read_rice(bits, lower, longest, &distances[i]);
        if (taken == 0) return false;
        bit += taken;
        // Most often the second code is among the bits that are there.
        const uint64_t rest = taken <= 32 ? bits >> taken : 0;
        if (rest & 0xFFFF) {
            taken = read_rice(rest, 0, 16, &numbers[i]);
        } else {
            taken = read_rice(bits_at(bytes, size, bit), 0, longest, &numbers[i]);
        }
        if (taken == 0) return false;
        bit += taken;
        if (bit > size * 8) return false;
    }
    return true;
}

static uint64_t add_up_slowly(uint32_t *distances, size_t count, uint64_t next) {
    for (size_t i = 0; i < count; i++) {
        next += distances[i];
        distances[i] = (uint32_t)next++;
    }
    return next;
}

uint64_t hector_add_up(uint32_t *distances, size_t count, uint64_t next) {
#if defined(__x86_64__)
    uint32_t all = 0;
    for (size_t i = 0; i < count; i++) all |= distances[i];
    // The sum of fewer than 2^8 numbers below 2^22, and of one below 2^31, has 32 bits.
    if (count % 4 || count >= 256 || all >> 22 || next >> 31) {
        return add_up_slowly(distances, count, next);
    }
    const __m128i one = _mm_set1_epi32(1);
    __m128i last = _mm_set1_epi32((int)(uint32_t)next - 1);
    for (size_t i = 0; i < count; i += 4) {
        __m128i four = _mm_add_epi32(_mm_loadu_si128((const void *)(distances + i)), one);
        four = _mm_add_epi32(four, _mm_slli_si128(four, 4));
        four = _mm_add_epi32(four, _mm_slli_si128(four, 8));
        four = _mm_add_epi32(four, last);
        _mm_storeu_si128((void *)(distances + i), four);
        last = _mm_shuffle_epi32(four, 0xFF);
    }
    return (uint64_t)(uint32_t)_mm_cvtsi128_si32(last) + 1;
#else
    return add_up_slowly(distances, count, next);
#endif
}

static inline __attribute__((always_inline)) float part_of(
    uint32_t slot, uint32_t frequency, const hector_parts *parts
) {
    const uint8_t length = parts->lengths[slot];
    // Hardly any document has a term more often than there are rows.
    return frequency - 1 < hector_part_rows
        ? parts->rows[(size_t)(frequency - 1) * 256 + length]
        : (float)frequency / ((float)frequency + parts->halves[length]);
}

void hector_add_parts(
    const uint32_t *slots, const uint32_t *frequencies, size_t count, const hector_parts *parts,
    float weight, uint32_t first, float *sums
) {
    const hector_parts own = *parts;
    for (size_t i = 0; i < count; i++)
        sums[slots[i] - first] += weight * part_of(slots[i], frequencies[i], &own);
}

void hector_raise_to_parts(
    const uint32_t *slots, const uint32_t *frequencies, size_t count, const hector_parts *parts,
    float weight, uint32_t first, float *numbers
) {
    const hector_parts own = *parts;
    for (size_t i = 0; i < count; i++) {
        const float part = weight * part_of(slots[i], frequencies[i], &own);
        float *number = &numbers[slots[i] - first];
        *number = *number < part ? part : *number;
    }
}

void hector_add_numbers(const float *numbers, size_t count, float *sums) {
    for (size_t i = 0; i < count; i++) sums[i] += numbers[i];
}

size_t hector_count_set(const uint32_t *numbers, size_t count, const uint64_t *bits) {
    size_t found = 0;
    for (size_t i = 0; i < count; i++) found += bits[numbers[i] / 64] >> numbers[i] % 64 & 1;
    return found;
}

#if defined(__x86_64__)

__attribute__((target("avx512f")))
static void at_least_avx512(const float *numbers, size_t count, float least, uint64_t *bits) {
    const __m512 limit = _mm512_set1_ps(least);
    for (size_t word = 0; word < count / 64; word++) {
        uint64_t found = 0;
        for (size_t i = 0; i < 4; i++) {
            const __m512 these = _mm512_loadu_ps(numbers + word * 64 + i * 16);
            found |= (uint64_t)_mm512_cmp_ps_mask(these, limit, _CMP_GE_OQ) << i * 16;
        }
        bits[word] = found;
    }
}

static void at_least_sse(const float *numbers, size_t count, float least, uint64_t *bits) {
    const __m128 limit = _mm_set1_ps(least);
    for (size_t word = 0; word < count / 64; word++) {
        uint64_t found = 0;
        for (size_t i = 0; i < 64; i += 4) {
            const __m128 four = _mm_loadu_ps(numbers + word * 64 + i);
            found |= (uint64_t)(unsigned)_mm_movemask_ps(_mm_cmpge_ps(four, limit)) << i;
        }
        bits[word] = found;
    }
}

void hector_at_least(const float *numbers, size_t count, float least, uint64_t *bits) {
    __builtin_cpu_init();
    if (__builtin_cpu_supports("avx512f")) {
        at_least_avx512(numbers, count, least, bits);
    } else {
        at_least_sse(numbers, count, least, bits);
    }
}

#else

void hector_at_least(const float *numbers, size_t count, float least, uint64_t *bits) {
    for (size_t word = 0; word < count / 64; word++) {
        uint64_t found = 0;
        for (size_t i = 0; i < 64; i++)
            found |= (uint64_t)(numbers[word * 64 + i] >= least) << i;
        bits[word] = found;
    }
}

#endif
