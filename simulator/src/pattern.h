#ifndef PATTERN_H
#define PATTERN_H

#include "frame.h"

/** The test pattern, of which every pixel can be computed (formula in README.md). */
void pattern_render(const struct frame *frame, unsigned char *buffer);

#endif
