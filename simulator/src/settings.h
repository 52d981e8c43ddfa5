#ifndef SETTINGS_H
#define SETTINGS_H

#include <stdbool.h>
#include <stdint.h>

/** What the environment asks of the simulated world; README.md describes each variable. */
struct settings {
  char cameras[512];
  char sky[32];
  bool aimed; /* ra and dec were given; otherwise the field's middle is in the middle */
  double ra, dec;            /* degrees, J2000 */
  double focal_length;       /* mm */
  double aperture;           /* mm */
  double fwhm;               /* arcsec */
  double background;         /* magnitudes per square arcsec */
  double rotation;           /* degrees */
  double guide_rate;         /* arcsec/s */
  double drift_ra, drift_dec; /* arcsec/s */
  double ambient;            /* degrees C */
  double cooler_seconds;     /* time constant of the cooler */
  double usb_mbps;           /* 10^6 bytes/s, 0 no delay, negative as the model's USB */
  uint64_t seed;
  bool pattern;
  char trace[256];
};

/** Reads the settings from the environment. */
void settings_read(struct settings *settings);

#endif
