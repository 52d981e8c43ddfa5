/*
 * A process of its own that uses the library: reads lines "FUNCTION ARGUMENTS" and answers each with
 * the result. For tests of what several processes see of each other.
 */
#include <stdio.h>
#include <string.h>

#include "ASICamera2.h"

static int call(const char *function, int first, int second) {
  if (strcmp(function, "count") == 0) return ASIGetNumOfConnectedCameras();
  if (strcmp(function, "open") == 0) return ASIOpenCamera(first);
  if (strcmp(function, "init") == 0) return ASIInitCamera(first);
  if (strcmp(function, "close") == 0) return ASICloseCamera(first);
  if (strcmp(function, "on") == 0) return ASIPulseGuideOn(first, second);
  if (strcmp(function, "start") == 0) return ASIStartExposure(first, second);
  if (strcmp(function, "status") == 0) {
    ASI_EXPOSURE_STATUS status;
    int result = ASIGetExpStatus(first, &status);
    return result ? -result : (int)status;
  }
  return -1000;
}

int main(void) {
  char line[100], function[20];
  while (fgets(line, sizeof line, stdin)) {
    int first = 0, second = 0;
    sscanf(line, "%19s %d %d", function, &first, &second);
    printf("%d\n", call(function, first, second));
    fflush(stdout);
  }
  return 0;
}
