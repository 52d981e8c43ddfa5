/*
 * From light to numbers, row by row and straight into the caller's buffer:
 *
 *   sky and dark current --> noise_fill (all pixels, fixed point) --+
 *   stars, hot pixels ----> light (few pixels, exact) ---> digitise +--> 16-bit row --> format
 */
#include "picture.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "bayer.h"
#include "clock.h"
#include "noise.h"
#include "sensor.h"
#include "sky.h"
#include "state.h"

/** Share of the white light each filter passes; white balance 52 and 95 then make a grey sky. */
static const double filters[] = {[RED] = 0.72, [GREEN] = 0.75, [BLUE] = 0.395};

/** Share of the pixels that are hot, and their mean dark current in units of a good pixel's. */
#define HOT_SHARE 1e-4
#define HOT_EXCESS 100.0

/** Stars are drawn out to where they are this part of the ground's noise. */
#define FAINTEST 0.05
#define RADIUS_MAX 300.0

/** A star in binned pixels of the sensor: Moffat's profile with exponent 3 (1969, A&A 3, 455). */
struct spot {
  float x, y, radius, peak;
};

/** A stretch of a row where light falls. */
struct span {
  int from, to;
};

struct picture {
  const struct frame *frame;
  uint64_t key; /* of this sensor and frame */
  double seconds;
  double adu_per_electron; /* of 16 bits */
  double pedestal;         /* ADU of 16 bits */
  double read_variance;    /* electrons squared */
  double full_well;
  uint16_t mask;
  double share[2][2];  /* of the light, by row and column parity on the sensor */
  double ground[2][2]; /* electrons without stars */
  double hot;          /* electrons of a mean hot pixel */
  float width2;        /* square of Moffat's alpha, pixels */
  int samples;         /* across a pixel; a sharp star is not even over one */
  int spot_count, span_count;
  struct spot *spots;
  struct span *spans;
  float *light; /* of one row, zero outside the spans */
  uint16_t *rows[3];
  unsigned char *bgr; /* one row */
};

static bool has_mosaic(const struct frame *frame) {
  return frame->model->colour && !(frame->mono_bin && frame->roi.bin > 1);
}

static double filter_share(const struct frame *frame, int x, int y) {
  if (!frame->model->colour) return 1;
  if (has_mosaic(frame)) return filters[bayer_colour(frame->model->bayer, x, y)];
  return (filters[RED] + 2 * filters[GREEN] + filters[BLUE]) / 4;
}

/** Keeps the stars that reach into the region. */
static void place_spots(struct picture *picture, const struct view *view, double noise) {
  const struct roi *roi = &picture->frame->roi;
  double peak_share = 2 / (M_PI * picture->width2);
  for (int i = 0; i < view->count; i++) {
    double x = (view->images[i].x + 0.5) / roi->bin - 0.5;
    double y = (view->images[i].y + 0.5) / roi->bin - 0.5;
    double peak = view->images[i].rate * picture->seconds * peak_share;
    double reach = cbrt(peak / (FAINTEST * noise)) - 1;
    if (reach <= 0) continue;
    double radius = fmin(RADIUS_MAX, sqrt(reach * picture->width2));
    if (x + radius < roi->x || x - radius > roi->x + roi->width) continue;
    if (y + radius < roi->y || y - radius > roi->y + roi->height) continue;
    picture->spots[picture->spot_count++] = (struct spot){x, y, radius, peak};
  }
}

/** A span of the row, cut to the region; NULL where nothing is left of it. */
static struct span *add_span(struct picture *picture, double from, double to) {
  const struct roi *roi = &picture->frame->roi;
  int first = fmax(from, roi->x), last = fmin(to, roi->x + roi->width - 1);
  if (first > last) return NULL;
  struct span *span = &picture->spans[picture->span_count++];
  *span = (struct span){first - roi->x, last - roi->x + 1};
  return span;
}

static void add_stars(struct picture *picture, int y) {
  const struct roi *roi = &picture->frame->roi;
  int samples = picture->samples;
  for (int i = 0; i < picture->spot_count; i++) {
    const struct spot *spot = &picture->spots[i];
    float height = y - spot->y, half = spot->radius * spot->radius - height * height;
    if (half < 0) continue;
    half = sqrtf(half);
    struct span *span = add_span(picture, ceilf(spot->x - half), floorf(spot->x + half));
    if (!span) continue;
    float peak = spot->peak / (samples * samples);
    for (int sample = 0; sample < samples * samples; sample++) {
      float dy = height + (sample / samples + 0.5f) / samples - 0.5f;
      float dx = roi->x - spot->x + (sample % samples + 0.5f) / samples - 0.5f;
      float row = 1 + dy * dy / picture->width2, inverse = 1 / picture->width2;
      for (int x = span->from; x < span->to; x++) {
        float across = x + dx, fall = row + across * across * inverse;
        picture->light[x] += peak / (fall * fall * fall);
      }
    }
  }
}

/** The hot pixels of a sensor are where the camera's serial number puts them. */
static void add_hot_pixels(struct picture *picture, int y) {
  const struct frame *frame = picture->frame;
  const struct roi *roi = &frame->roi;
  for (int line = y * roi->bin; line < (y + 1) * roi->bin; line++) {
    uint64_t key = noise_hash(frame->sensor + line);
    int count = frame->model->width * HOT_SHARE + (key % 1000) / 1000.0;
    for (int i = 0; i < count; i++) {
      key = noise_hash(key);
      int x = key % frame->model->width / roi->bin;
      if (!add_span(picture, x, x)) continue;
      double excess = -log(((key >> 40) + 1) * 0x1p-24);
      picture->light[x - roi->x] += picture->hot * excess / picture->share[y & 1][x & 1];
    }
  }
}

static uint16_t digitise(const struct picture *picture, double electrons, double deviate) {
  electrons = fmin(electrons, picture->full_well);
  electrons += deviate * sqrt(electrons + picture->read_variance);
  double value = picture->pedestal + electrons * picture->adu_per_electron;
  return (uint16_t)fmin(65535, fmax(0, value)) & picture->mask;
}

/** One row as the converter delivers it, left-justified in 16 bits; y is of the region. */
static void expose_row(struct picture *picture, int row, uint16_t *out) {
  const struct roi *roi = &picture->frame->roi;
  int y = roi->y + row;
  const int16_t *deviates = noise_row(picture->key + y, roi->x);
  const double *electrons = picture->ground[y & 1], *share = picture->share[y & 1];
  struct ground ground;
  for (int i = 0; i < 2; i++) {
    double level = fmin(electrons[(roi->x + i) & 1], picture->full_well);
    ground.level[i] = picture->pedestal + level * picture->adu_per_electron;
    ground.sigma[i] = sqrt(level + picture->read_variance) * picture->adu_per_electron;
  }
  noise_fill(out, roi->width, deviates, &ground, picture->mask);

  picture->span_count = 0;
  add_stars(picture, y);
  if (picture->frame->flaws) add_hot_pixels(picture, y);
  for (int i = 0; i < picture->span_count; i++)
    for (int x = picture->spans[i].from; x < picture->spans[i].to; x++) {
      if (picture->light[x] == 0) continue;
      int parity = (roi->x + x) & 1;
      out[x] = digitise(picture, electrons[parity] + picture->light[x] * share[parity],
                        deviates[x] / NOISE_UNIT);
      picture->light[x] = 0;
    }
}

static void write_raw8(const uint16_t *row, int width, unsigned char *out) {
  for (int x = 0; x < width; x++) out[x] = row[x] >> 8;
}

static void write_grey(const uint16_t *row, int width, unsigned char *bgr) {
  for (int x = 0; x < width; x++, bgr += 3) bgr[0] = bgr[1] = bgr[2] = row[x] >> 8;
}

/** Brightness of colours as the eye weighs them (ITU-R BT.601). */
static void write_luma(const unsigned char *bgr, int width, unsigned char *out) {
  for (int x = 0; x < width; x++, bgr += 3)
    out[x] = (29 * bgr[0] + 150 * bgr[1] + 77 * bgr[2]) >> 8;
}

static void mirror(unsigned char *row, int width, int bytes) {
  for (unsigned char *left = row, *right = row + (width - 1) * bytes; left < right;
       left += bytes, right -= bytes)
    for (int i = 0; i < bytes; i++) {
      unsigned char swapped = left[i];
      left[i] = right[i];
      right[i] = swapped;
    }
}

/** A row of the region with its neighbours; at the edges, the neighbour on the other side. */
static struct mosaic neighbours(struct picture *picture, int row) {
  const struct roi *roi = &picture->frame->roi;
  int above = row > 0 ? row - 1 : 1, below = row < roi->height - 1 ? row + 1 : row - 1;
  if (row == 0)
    for (int i = 0; i < 2; i++) expose_row(picture, i, picture->rows[i]);
  else if (below > row)
    expose_row(picture, below, picture->rows[below % 3]);
  return (struct mosaic){
      .pattern = picture->frame->model->bayer,
      .x = roi->x, .y = roi->y + row, .width = roi->width,
      .above = picture->rows[above % 3],
      .middle = picture->rows[row % 3],
      .below = picture->rows[below % 3],
  };
}

static void write_bgr(struct picture *picture, int row, unsigned char *bgr) {
  const struct frame *frame = picture->frame;
  if (has_mosaic(frame)) {
    struct mosaic mosaic = neighbours(picture, row);
    bayer_colour_row(&mosaic, frame->wb_r / 50.0, frame->wb_b / 50.0, bgr);
  } else {
    expose_row(picture, row, picture->rows[0]);
    write_grey(picture->rows[0], frame->roi.width, bgr);
  }
}

static void write_row(struct picture *picture, int row, unsigned char *out) {
  int width = picture->frame->roi.width;
  switch (picture->frame->roi.format) {
    case ASI_IMG_RAW16:
      expose_row(picture, row, (uint16_t *)out);
      break;
    case ASI_IMG_RGB24:
      write_bgr(picture, row, out);
      break;
    case ASI_IMG_Y8:
      write_bgr(picture, row, picture->bgr);
      write_luma(picture->bgr, width, out);
      break;
    default:
      expose_row(picture, row, picture->rows[0]);
      write_raw8(picture->rows[0], width, out);
  }
}

static void write_picture(struct picture *picture, unsigned char *buffer) {
  const struct frame *frame = picture->frame;
  const struct roi *roi = &frame->roi;
  size_t stride = roi_bytes(roi) / roi->height;
  for (int row = 0; row < roi->height; row++) {
    int place = frame->flip & ASI_FLIP_VERT ? roi->height - 1 - row : row;
    unsigned char *out = buffer + place * stride;
    write_row(picture, row, out);
    if (frame->flip & ASI_FLIP_HORIZ) mirror(out, roi->width, stride / roi->width);
  }
}

/** What sensor, gain and exposure make of light. */
static struct picture describe(const struct frame *frame, const struct settings *settings,
                               const struct view *view) {
  const struct model *model = frame->model;
  int bin = frame->roi.bin, pixels = bin * bin;
  int bits = model->bits - (frame->high_speed ? 2 : 0);
  double per_adu = sensor_electrons_per_adu(model, frame->gain);
  double read_noise = sensor_read_noise(model, frame->gain);
  double seconds = (double)(frame->end - frame->start) / SECOND;
  double dark = sensor_dark_current(model, frame->temperature) * seconds;
  double alpha = settings->fwhm / view->scale / bin / 2 / sqrt(cbrt(2) - 1);
  struct picture picture = {
      .frame = frame,
      .key = noise_hash(settings->seed ^ noise_hash(frame->sensor + frame->number)),
      .seconds = seconds,
      .adu_per_electron = (1 << (16 - model->bits)) / per_adu,
      /* Half a step of the converter makes cutting off round. */
      .pedestal = frame->offset * model->offset_step * pixels + (1 << (16 - bits)) / 2.0,
      .read_variance = read_noise * read_noise * pixels,
      .full_well = model->full_well * pixels,
      .mask = 0xffff << (16 - bits),
      .hot = dark * HOT_EXCESS,
      .width2 = alpha * alpha,
      .samples = alpha < 2.5 ? 3 : 1,
  };
  for (int y = 0; y < 2; y++)
    for (int x = 0; x < 2; x++) {
      picture.share[y][x] = filter_share(frame, x, y);
      picture.ground[y][x] = pixels * (view->background * seconds * picture.share[y][x] + dark);
    }
  return picture;
}

void picture_render(const struct frame *frame, unsigned char *buffer) {
  double offset[2];
  struct state *state = state_lock();
  mount_mean(&state->mount, frame->start, frame->end, offset);
  state_unlock();
  struct view view = sky_look(&state->settings, frame->model, offset);
  struct picture picture = describe(frame, &state->settings, &view);

  int width = frame->roi.width;
  int spans = view.count + frame->roi.bin * (int)(frame->model->width * HOT_SHARE + 2);
  picture.spots = malloc(view.count * sizeof *picture.spots);
  picture.spans = malloc(spans * sizeof *picture.spans);
  picture.light = calloc(width, sizeof *picture.light);
  picture.bgr = malloc(3 * width);
  uint16_t *rows = malloc(3 * width * sizeof *rows);
  for (int i = 0; i < 3; i++) picture.rows[i] = rows + i * width;

  place_spots(&picture, &view, sqrt(picture.ground[0][0] + picture.read_variance));
  write_picture(&picture, buffer);

  free(rows);
  free(picture.bgr);
  free(picture.light);
  free(picture.spans);
  free(picture.spots);
  sky_look_away(&view);
}
