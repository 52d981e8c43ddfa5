#include "call.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "clock.h"
#include "trace.h"

static bool take(enum fault_kind kind, const struct call *call, int *value) {
  struct state *state = state_lock();
  bool taken = fault_take(&state->faults, kind, call->number, call->function, value);
  state_unlock();
  return taken;
}

/** What was ordered to go wrong in this call; true if that decided its result. */
static bool suffer(struct call *call) {
  int value;
  if (!state_get()->faults.pending) return false;
  if (take(FAULT_PRINT, call, &value)) {
    printf("asi-sim: %s prints to stdout\n", call->function);
    fflush(stdout);
  }
  call->garbled = take(FAULT_GARBLE, call, &value);
  if (call->garbled) call->byte = value;
  if (take(FAULT_HANG, call, &value)) clock_sleep_until(clock_now() + value * MILLISECOND);
  if (take(FAULT_CRASH, call, &value)) {
    trace_write(call, "crash");
    abort();
  }
  return take(FAULT_CODE, call, &call->result);
}

static bool begin(struct call *call, const char *function, int number, const char *format,
                  va_list arguments) {
  *call = (struct call){.function = function, .number = number, .entered = clock_now()};
  if (trace_is_on()) vsnprintf(call->arguments, sizeof call->arguments, format, arguments);
  return !suffer(call);
}

bool call_begin(struct call *call, const char *function, const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  bool goes_on = begin(call, function, -1, format, arguments);
  va_end(arguments);
  return goes_on;
}

struct camera *call_camera(struct call *call, const char *function, int id, enum readiness wanted,
                           const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  bool goes_on = begin(call, function, camera_number(id), format, arguments);
  va_end(arguments);
  if (!goes_on) return NULL;
  ASI_ERROR_CODE error;
  call->camera = camera_lock(id, wanted, &error);
  call->result = error;
  return call->camera;
}

void call_unlock(struct call *call) {
  if (call->camera) camera_unlock(call->camera);
  call->camera = NULL;
}

void call_garble(const struct call *call, void *found, size_t size) {
  if (call->garbled) memset(found, call->byte, size);
}

int call_end(struct call *call) {
  call_unlock(call);
  if (trace_is_on()) {
    char result[16];
    snprintf(result, sizeof result, "%d", call->result);
    trace_write(call, result);
  }
  return call->result;
}
