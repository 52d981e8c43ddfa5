#ifndef SKY_H
#define SKY_H

#include <stdint.h>

#include "model.h"
#include "settings.h"

/** A star of the catalogue: J2000 degrees, and its VT magnitude. */
struct star {
  double ra, dec, magnitude;
};

/** A part of the sky there are stars for; the list of fields ends with a NULL name. */
struct field {
  const char *name;
  const struct star *stars;
  int count;
};

extern const struct field sky_fields[];

/** A star where a camera sees it: unbinned pixels from the centre of the top left one. */
struct image {
  double x, y;
  double rate; /* electrons a second */
};

/** What a camera sees of the sky. */
struct view {
  double scale;          /* arcsec a pixel */
  double background;     /* electrons a second and pixel */
  int count;
  struct image *images; /* owned by the view */
};

/** Says on stderr which fields there are, if this is none of them. */
void sky_check(const char *name);

/** Looks at the sky with a camera, from the pointing moved by an offset in arcsec (mount.h). */
struct view sky_look(const struct settings *settings, const struct model *model,
                     const double offset[2]);

/** Lets go of what a view holds. */
void sky_look_away(struct view *view);

#endif
