#include "roi.h"

struct roi roi_full(const struct model *model) {
  return (struct roi){
      .width = model->width, .height = model->height, .bin = 1, .format = ASI_IMG_RAW8};
}

static bool has_bin(const struct model *model, int bin) {
  for (const int *each = model->bins; *each; each++)
    if (*each == bin) return true;
  return false;
}

static bool has_format(const struct model *model, ASI_IMG_TYPE format) {
  for (const ASI_IMG_TYPE *each = model->formats; *each != ASI_IMG_END; each++)
    if (*each == format) return true;
  return false;
}

ASI_ERROR_CODE roi_resize(struct roi *roi, const struct model *model, int width, int height,
                          int bin, ASI_IMG_TYPE format) {
  if (!has_bin(model, bin)) return ASI_ERROR_INVALID_SIZE;
  int widest = model->width / bin, highest = model->height / bin;
  if (width <= 0 || width > widest || width % 8) return ASI_ERROR_INVALID_SIZE;
  if (height <= 0 || height > highest || height % 2) return ASI_ERROR_INVALID_SIZE;
  if (width * height % model->block) return ASI_ERROR_INVALID_SIZE;
  if (!has_format(model, format)) return ASI_ERROR_INVALID_IMGTYPE;
  *roi = (struct roi){.width = width, .height = height, .bin = bin, .format = format};
  return roi_move(roi, model, (widest - width) / 2, (highest - height) / 2);
}

ASI_ERROR_CODE roi_move(struct roi *roi, const struct model *model, int x, int y) {
  if (x < 0 || x + roi->width > model->width / roi->bin) return ASI_ERROR_OUTOF_BOUNDARY;
  if (y < 0 || y + roi->height > model->height / roi->bin) return ASI_ERROR_OUTOF_BOUNDARY;
  roi->x = x - x % model->align_x;
  roi->y = y - y % model->align_y;
  return ASI_SUCCESS;
}

size_t roi_bytes(const struct roi *roi) {
  size_t pixels = (size_t)roi->width * roi->height;
  if (roi->format == ASI_IMG_RAW16) return 2 * pixels;
  return roi->format == ASI_IMG_RGB24 ? 3 * pixels : pixels;
}
