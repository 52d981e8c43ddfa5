#include "bayer.h"

int bayer_colour(ASI_BAYER_PATTERN pattern, int x, int y) {
  static const int red_x[] = {[ASI_BAYER_RG] = 0, [ASI_BAYER_BG] = 1, [ASI_BAYER_GR] = 1,
                              [ASI_BAYER_GB] = 0};
  static const int red_y[] = {[ASI_BAYER_RG] = 0, [ASI_BAYER_BG] = 1, [ASI_BAYER_GR] = 0,
                              [ASI_BAYER_GB] = 1};
  int odd_x = (x ^ red_x[pattern]) & 1, odd_y = (y ^ red_y[pattern]) & 1;
  return odd_x + odd_y;
}

/** A value of 16 bits times a gain with 8 binary places, as 8 bits. */
static unsigned char scaled(unsigned value, unsigned gain) {
  unsigned result = value * gain >> 16;
  return result > 255 ? 255 : result;
}

void bayer_colour_row(const struct mosaic *mosaic, double red, double blue, unsigned char *bgr) {
  const uint16_t *above = mosaic->above, *middle = mosaic->middle, *below = mosaic->below;
  unsigned red_gain = red * 256, blue_gain = blue * 256;
  /* In a row, green pixels alternate with those of one other colour. */
  int first = bayer_colour(mosaic->pattern, mosaic->x, mosaic->y);
  int second = bayer_colour(mosaic->pattern, mosaic->x + 1, mosaic->y);
  bool red_row = first == RED || second == RED;
  for (int i = 0; i < mosaic->width; i++, bgr += 3) {
    int left = i > 0 ? i - 1 : 1, right = i < mosaic->width - 1 ? i + 1 : i - 1;
    unsigned across = (middle[left] + middle[right]) / 2, along = (above[i] + below[i]) / 2;
    unsigned green = middle[i], same = across, other = along;
    if ((i & 1 ? second : first) != GREEN) {
      green = (across + along) / 2;
      same = middle[i];
      other = (above[left] + above[right] + below[left] + below[right]) / 4;
    }
    bgr[0] = scaled(red_row ? other : same, blue_gain);
    bgr[1] = green >> 8;
    bgr[2] = scaled(red_row ? same : other, red_gain);
  }
}
