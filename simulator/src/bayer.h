#ifndef BAYER_H
#define BAYER_H

#include <stdint.h>

#include "model.h"

enum { RED, GREEN, BLUE };

/** The colour of the filter over a pixel. */
int bayer_colour(ASI_BAYER_PATTERN pattern, int x, int y);

/** Three neighbouring rows of a mosaic, of which the middle one is wanted in colour. */
struct mosaic {
  ASI_BAYER_PATTERN pattern;
  int x, y; /* of the middle row's first pixel on the sensor */
  int width;
  const uint16_t *above, *middle, *below;
};

/** Bilinear colours of the middle row, in 8 bits, blue green red, with gains for red and blue. */
void bayer_colour_row(const struct mosaic *mosaic, double red, double blue, unsigned char *bgr);

#endif
