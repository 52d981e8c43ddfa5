#ifndef SENSOR_H
#define SENSOR_H

#include "model.h"

/** Electrons for one unit of the converter at a gain. */
double sensor_electrons_per_adu(const struct model *model, long gain);

/** Read noise of one pixel in electrons at a gain. */
double sensor_read_noise(const struct model *model, long gain);

/** Dark current in electrons a second and pixel at a temperature; it doubles every 6 degrees. */
double sensor_dark_current(const struct model *model, double celsius);

/** The gain where an electron is one unit of the converter; the lowest if even that is above. */
int sensor_unity_gain(const struct model *model);

/** The gain with the lowest read noise. */
int sensor_quietest_gain(const struct model *model);

#endif
