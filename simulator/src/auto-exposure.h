#ifndef AUTO_EXPOSURE_H
#define AUTO_EXPOSURE_H

#include "camera.h"

/** Mean brightness of a picture, 0 to 255. */
double auto_exposure_brightness(const struct frame *frame, const unsigned char *buffer);

/** Moves those of exposure time and gain that are automatic towards the wanted brightness. */
void auto_exposure_adjust(struct camera *camera, double brightness);

#endif
