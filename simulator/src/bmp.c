#include "bmp.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

/** Offsets in the head of a Windows bitmap. */
enum { WIDTH = 18, HEIGHT = 22, BITS = 28, HEAD = 30 };

static int little_endian(const unsigned char *bytes, int count) {
  unsigned value = 0;
  for (int i = 0; i < count; i++) value |= (unsigned)bytes[i] << 8 * i;
  return value;
}

ASI_ERROR_CODE bmp_check(const char *path, int width, int height) {
  FILE *file = fopen(path, "rb");
  if (!file) return ASI_ERROR_INVALID_PATH;
  unsigned char head[HEAD];
  size_t size = fread(head, 1, sizeof head, file);
  fclose(file);
  if (size < sizeof head || head[0] != 'B' || head[1] != 'M') return ASI_ERROR_INVALID_FILEFORMAT;
  /* Rows from the top down are written as a negative height. */
  bool fits = little_endian(head + WIDTH, 4) == width &&
              abs(little_endian(head + HEIGHT, 4)) == height && little_endian(head + BITS, 2) == 8;
  return fits ? ASI_SUCCESS : ASI_ERROR_INVALID_FILEFORMAT;
}
