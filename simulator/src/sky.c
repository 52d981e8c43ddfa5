#include "sky.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "mount.h"

#define RADIANS (M_PI / 180)
#define ARCSECONDS (RADIANS / 3600)

/** Photons a second, square cm and Angstrom of a star of magnitude 0 at 5500 A (Bessell 1979). */
#define PHOTONS 1005.0
/** Width of the band a bare silicon sensor sees, Angstrom. */
#define BAND 3000.0
/** Share of the light that passes the telescope. */
#define TRANSMISSION 0.8

/** The field of a name; one without name and stars if there is none. */
static const struct field *find_field(const char *name) {
  const struct field *field = sky_fields;
  while (field->name && strcmp(field->name, name) != 0) field++;
  return field;
}

void sky_check(const char *name) {
  if (find_field(name)->name || strcmp(name, "none") == 0) return;
  fprintf(stderr, "asi-sim: there is no sky \"%s\"; ASI_SIM_SKY can be none", name);
  for (const struct field *field = sky_fields; field->name; field++)
    fprintf(stderr, ", %s", field->name);
  fprintf(stderr, "\n");
}

/** The middle of the region a field's stars are in. No field crosses right ascension 0. */
static void find_middle(const struct field *field, double *ra, double *dec) {
  double low[2] = {360, 90}, high[2] = {0, -90};
  for (int i = 0; i < field->count; i++) {
    const struct star *star = &field->stars[i];
    low[0] = fmin(low[0], star->ra);
    high[0] = fmax(high[0], star->ra);
    low[1] = fmin(low[1], star->dec);
    high[1] = fmax(high[1], star->dec);
  }
  *ra = (low[0] + high[0]) / 2;
  *dec = (low[1] + high[1]) / 2;
}

/** Electrons a second from a source of magnitude 0. */
static double zero_point(const struct settings *settings, const struct model *model) {
  double radius = settings->aperture / 10 / 2;
  return PHOTONS * BAND * M_PI * radius * radius * TRANSMISSION * model->quantum_efficiency;
}

struct view sky_look(const struct settings *settings, const struct model *model,
                     const double offset[2]) {
  struct view view = {.scale = model->pixel_um / 1000 / settings->focal_length / ARCSECONDS};
  const struct field *field = find_field(settings->sky);
  if (!field->name) return view;

  double ra0 = settings->ra, dec0 = settings->dec;
  if (!settings->aimed) find_middle(field, &ra0, &dec0);
  dec0 = dec0 * RADIANS + offset[NORTH] * ARCSECONDS;
  ra0 = ra0 * RADIANS + offset[EAST] * ARCSECONDS / cos(dec0);
  double zero = zero_point(settings, model);
  view.background = zero * pow(10, -0.4 * settings->background) * view.scale * view.scale;
  view.images = malloc(field->count * sizeof *view.images);
  if (!view.images) return view;

  double turn = settings->rotation * RADIANS;
  for (int i = 0; i < field->count; i++) {
    const struct star *star = &field->stars[i];
    double ra = star->ra * RADIANS - ra0, dec = star->dec * RADIANS;
    double depth = sin(dec0) * sin(dec) + cos(dec0) * cos(dec) * cos(ra);
    if (depth <= 0.5) continue;
    /* Gnomonic projection onto the plane that touches the sky where the telescope points. */
    double east = cos(dec) * sin(ra) / depth;
    double north = (cos(dec0) * sin(dec) - sin(dec0) * cos(dec) * cos(ra)) / depth;
    double left = east * cos(turn) - north * sin(turn);
    double up = north * cos(turn) + east * sin(turn);
    view.images[view.count++] = (struct image){
        .x = (model->width - 1) / 2.0 - left / ARCSECONDS / view.scale,
        .y = (model->height - 1) / 2.0 - up / ARCSECONDS / view.scale,
        .rate = zero * pow(10, -0.4 * star->magnitude),
    };
  }
  return view;
}

void sky_look_away(struct view *view) { free(view->images); }
