#ifndef FAULT_H
#define FAULT_H

#include <stdatomic.h>
#include <stdbool.h>

#define FAULTS_MAX 32

enum fault_kind {
  FAULT_CODE,
  FAULT_HANG,
  FAULT_CRASH,
  FAULT_PRINT,
  FAULT_GARBLE,
  FAULT_EXPOSURE,
  FAULT_STUCK
};

/** Something ordered to go wrong. */
struct fault {
  enum fault_kind kind;
  int camera;        /* number of the camera, -1 for whichever */
  char function[40]; /* "*" for any; empty for faults of exposures */
  int value;         /* error code, milliseconds, or byte that results are filled with */
  int after;         /* calls that are let pass before */
  int times;         /* how often it is still to happen */
};

/** All that was ordered; `pending` lets calls pass without the lock while there is nothing. */
struct faults {
  atomic_int pending;
  struct fault list[FAULTS_MAX];
};

/** Orders a fault; false if there is no room. */
bool fault_order(struct faults *faults, struct fault fault);

/** Uses up one occurrence of a fault that fits, and tells its value. */
bool fault_take(struct faults *faults, enum fault_kind kind, int camera, const char *function,
                int *value);

/** Forgets everything ordered. */
void fault_clear(struct faults *faults);

#endif
