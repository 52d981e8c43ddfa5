#ifndef CALL_H
#define CALL_H

#include "camera.h"

/** A call of the library on its way through faults, checks and trace. */
struct call {
  const char *function;
  int64_t entered;
  char arguments[320];
  int number; /* of the camera's hardware, -1 for none */
  struct camera *camera; /* locked until call_end */
  int result;
  bool garbled; /* its results are to be nonsense: bytes such as this one */
  unsigned char byte;
};

/** Enters a call that needs no camera: false when an ordered fault has set its result already. */
bool call_begin(struct call *call, const char *function, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/**
 * Enters a call for a camera, locked in `call->camera` until call_end. NULL when it is not as ready
 * as wanted or a fault was ordered; then `call->result` is set.
 */
struct camera *call_camera(struct call *call, const char *function, int id, enum readiness wanted,
                           const char *format, ...) __attribute__((format(printf, 5, 6)));

/** Lets others use the camera while the call still works for its caller. */
void call_unlock(struct call *call);

/** Spoils what a call found out, where that was ordered. */
void call_garble(const struct call *call, void *found, size_t size);

/** Leaves the call, with a line in the trace, and returns its result. */
int call_end(struct call *call);

#endif
