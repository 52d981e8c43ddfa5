#include "settings.h"

#include <stdio.h>
#include <stdlib.h>

static void read_text(const char *name, const char *otherwise, char *text, size_t size) {
  const char *value = getenv(name);
  snprintf(text, size, "%s", value ? value : otherwise);
}

static double read_number(const char *name, double otherwise) {
  const char *value = getenv(name);
  if (!value || !*value) return otherwise;
  char *end;
  double number = strtod(value, &end);
  if (!*end) return number;
  fprintf(stderr, "asi-sim: %s=%s is not a number, %g is used\n", name, value, otherwise);
  return otherwise;
}

/** A number that must be above 0. */
static double read_positive(const char *name, double otherwise) {
  double number = read_number(name, otherwise);
  if (number > 0) return number;
  fprintf(stderr, "asi-sim: %s must be above 0, %g is used\n", name, otherwise);
  return otherwise;
}

static bool read_pair(const char *name, double *first, double *second) {
  const char *value = getenv(name);
  if (!value || !*value) return false;
  if (sscanf(value, "%lf,%lf", first, second) == 2) return true;
  fprintf(stderr, "asi-sim: %s=%s is not two numbers with a comma between\n", name, value);
  return false;
}

void settings_read(struct settings *settings) {
  *settings = (struct settings){
      .focal_length = read_positive("ASI_SIM_FOCAL_LENGTH", 400),
      .aperture = read_positive("ASI_SIM_APERTURE", 80),
      .fwhm = read_positive("ASI_SIM_FWHM", 5),
      .background = read_number("ASI_SIM_SKY_BACKGROUND", 20.5),
      .rotation = read_number("ASI_SIM_ROTATION", 0),
      .guide_rate = read_number("ASI_SIM_GUIDE_RATE", 7.5),
      .ambient = read_number("ASI_SIM_AMBIENT", 20),
      .cooler_seconds = read_positive("ASI_SIM_COOLER_SECONDS", 30),
      .usb_mbps = read_number("ASI_SIM_USB_MBPS", -1),
      .seed = (uint64_t)read_number("ASI_SIM_SEED", 1),
      .pattern = read_number("ASI_SIM_PATTERN", 0) != 0,
  };
  read_text("ASI_SIM_CAMERAS", "ASI2600MC Pro", settings->cameras, sizeof settings->cameras);
  read_text("ASI_SIM_SKY", "pleiades", settings->sky, sizeof settings->sky);
  read_text("ASI_SIM_TRACE", "", settings->trace, sizeof settings->trace);
  settings->aimed = read_pair("ASI_SIM_POINTING", &settings->ra, &settings->dec);
  read_pair("ASI_SIM_DRIFT", &settings->drift_ra, &settings->drift_dec);
}
