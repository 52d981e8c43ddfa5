#ifndef NOISE_H
#define NOISE_H

#include <stdint.h>

/** Longest row of pixels there can be. */
#define NOISE_ROW_MAX 16384
/** What a deviation of one sigma is in the table. */
#define NOISE_UNIT 256.0

/** Mixes bits well (the finaliser of splitmix64, Steele, Lea & Flood 2014). */
uint64_t noise_hash(uint64_t value);

/** Normal deviates times NOISE_UNIT for a row of pixels: as random as the key, always the same. */
const int16_t *noise_row(uint64_t key, int x);

/** The even level and its noise for the pixels of a row, alternating between two kinds. */
struct ground {
  double level[2], sigma[2]; /* ADU of 16 bits */
};

/** Fills a row, of a multiple of 8 pixels, with noisy ground; values are cut off at 0 and 65535. */
void noise_fill(uint16_t *row, int width, const int16_t *deviates, const struct ground *ground,
                uint16_t mask);

#endif
