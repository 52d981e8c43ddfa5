#ifndef FRAME_H
#define FRAME_H

#include <stdint.h>

#include "roi.h"

/** An exposure that was made, with everything its picture depends on besides the sky. */
struct frame {
  uint64_t sensor; /* tells sensors and their flaws apart; the lower 32 bits are 0 */
  const struct model *model;
  struct roi roi;
  ASI_FLIP_STATUS flip;
  long gain, offset, wb_r, wb_b;
  bool high_speed, mono_bin;
  bool flaws;         /* hot pixels show, for no dark is subtracted */
  int64_t start, end; /* clock_now, of the exposure */
  double temperature; /* degrees C */
  uint32_t number;    /* counted for the camera from 0, one for each picture delivered */
};

/** Makes the picture, of the sky or the pattern, straight into the caller's buffer of roi_bytes. */
void frame_render(const struct frame *frame, unsigned char *buffer);

#endif
