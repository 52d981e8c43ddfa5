/*
 * Noise for the price of a memory pass: the deviates of a row are a stretch of one table, from a
 * place that differs from row to row and frame to frame. The table's length is prime and it stays
 * in the processor's cache.
 */
#include "noise.h"

#include <math.h>
#include <pthread.h>

#define RING 65521

static int16_t table[RING + NOISE_ROW_MAX];

uint64_t noise_hash(uint64_t value) {
  value += UINT64_C(0x9e3779b97f4a7c15);
  value = (value ^ (value >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
  value = (value ^ (value >> 27)) * UINT64_C(0x94d049bb133111eb);
  return value ^ (value >> 31);
}

/** A number between 0 and 1, never 0. */
static double uniform(uint64_t key) { return ((noise_hash(key) >> 11) + 1) * 0x1p-53; }

/** Box and Muller's transform, then exactly mean 0 and sigma 1. */
static void fill_table(void) {
  static float deviates[RING];
  double sum = 0, squares = 0;
  for (int i = 0; i < RING; i++) {
    double radius = sqrt(-2 * log(uniform(2 * i)));
    deviates[i] = radius * cos(2 * M_PI * uniform(2 * i + 1));
    sum += deviates[i];
    squares += deviates[i] * deviates[i];
  }
  double mean = sum / RING, sigma = sqrt(squares / RING - mean * mean);
  for (int i = 0; i < RING + NOISE_ROW_MAX; i++)
    table[i] = lrint((deviates[i % RING] - mean) / sigma * NOISE_UNIT);
}

const int16_t *noise_row(uint64_t key, int x) {
  static pthread_once_t once = PTHREAD_ONCE_INIT;
  pthread_once(&once, fill_table);
  return table + (noise_hash(key) % RING + x) % RING;
}

void noise_fill(uint16_t *row, int width, const int16_t *deviates, const struct ground *ground,
                uint16_t mask) {
  /* Fixed point with as many binary places as the products of 16 by 16 bits allow. */
  int places = 14;
  double most = fmax(ground->sigma[0], ground->sigma[1]) / NOISE_UNIT;
  while (places > 0 && ldexp(most, places) > INT16_MAX) places--;
  int32_t level[8];
  int16_t sigma[8];
  for (int i = 0; i < 8; i++) {
    level[i] = lrint(ldexp(fmin(ground->level[i % 2], 65535), places));
    sigma[i] = lrint(fmin(ldexp(ground->sigma[i % 2] / NOISE_UNIT, places), INT16_MAX));
  }
  for (int x = 0; x < width; x += 8)
    for (int i = 0; i < 8; i++) {
      int32_t value = (level[i] + deviates[x + i] * sigma[i]) >> places;
      value = value < 0 ? 0 : value;
      value = value > 65535 ? 65535 : value;
      row[x + i] = value & mask;
    }
}
