#ifndef BMP_H
#define BMP_H

#include "ASICamera2.h"

/** Whether a file is a bitmap of 8 bits and this size, as dark subtraction wants it. */
ASI_ERROR_CODE bmp_check(const char *path, int width, int height);

#endif
