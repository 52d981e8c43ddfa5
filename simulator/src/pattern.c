#include "pattern.h"

/** A row of values from `value` on in steps of `step`, both modulo 65536. */
struct ramp {
  uint16_t value, step;
};

static void write_raw16(uint16_t *row, int width, struct ramp ramp, uint16_t mask) {
  for (int i = 0; i < width; i++) row[i] = (uint16_t)(ramp.value + i * ramp.step) & mask;
}

static void write_raw8(unsigned char *row, int width, struct ramp ramp) {
  for (int i = 0; i < width; i++) row[i] = (uint16_t)(ramp.value + i * ramp.step) >> 8;
}

static void write_rgb24(unsigned char *row, int width, struct ramp ramp) {
  for (int i = 0; i < width; i++) {
    unsigned char blue = (uint16_t)(ramp.value + i * ramp.step) >> 8;
    row[3 * i] = blue;
    row[3 * i + 1] = blue + 85;
    row[3 * i + 2] = blue + 170;
  }
}

void pattern_render(const struct frame *frame, unsigned char *buffer) {
  const struct roi *roi = &frame->roi;
  bool mirrored = frame->flip & ASI_FLIP_HORIZ, upside_down = frame->flip & ASI_FLIP_VERT;
  uint16_t mask = 0xffff << (16 - frame->model->bits);
  size_t stride = roi_bytes(roi) / roi->height;
  int x = mirrored ? roi->x + roi->width - 1 : roi->x;
  for (int i = 0; i < roi->height; i++, buffer += stride) {
    int y = upside_down ? roi->y + roi->height - 1 - i : roi->y + i;
    struct ramp ramp = {
        .value = x * 257 + y * 1543 + roi->bin * 4099 + frame->number * 8209,
        .step = mirrored ? -257 : 257,
    };
    if (roi->format == ASI_IMG_RAW16)
      write_raw16((uint16_t *)buffer, roi->width, ramp, mask);
    else if (roi->format == ASI_IMG_RGB24)
      write_rgb24(buffer, roi->width, ramp);
    else
      write_raw8(buffer, roi->width, ramp);
  }
}
