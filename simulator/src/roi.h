#ifndef ROI_H
#define ROI_H

#include <stddef.h>

#include "model.h"

/** The part of the sensor that is read, in binned pixels. */
struct roi {
  int x, y, width, height, bin;
  ASI_IMG_TYPE format;
};

/** The whole sensor, unbinned, as a camera starts with. */
struct roi roi_full(const struct model *model);

/** Chooses size, binning and format, and moves the region to the middle. */
ASI_ERROR_CODE roi_resize(struct roi *roi, const struct model *model, int width, int height,
                          int bin, ASI_IMG_TYPE format);

/** Moves the region; a start the sensor cannot have becomes the next one it can, without a word. */
ASI_ERROR_CODE roi_move(struct roi *roi, const struct model *model, int x, int y);

/** Bytes of a picture of the region. */
size_t roi_bytes(const struct roi *roi);

#endif
