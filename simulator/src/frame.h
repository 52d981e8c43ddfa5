#ifndef FRAME_H
#define FRAME_H

#include <stdint.h>

#include "roi.h"

/** An exposure that was made, with everything its picture depends on besides the sky. */
struct frame {
  int camera; /* number of the camera, by which its sensor's flaws are known */
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

/** Makes the picture, straight into the caller's buffer of roi_bytes: of the sky, or the pattern. */
void frame_render(const struct frame *frame, unsigned char *buffer);

#endif
