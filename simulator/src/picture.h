#ifndef PICTURE_H
#define PICTURE_H

#include "frame.h"

/** The picture of the sky that a camera takes; README.md has the model with its sources. */
void picture_render(const struct frame *frame, unsigned char *buffer);

#endif
