#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "ASISimulator.h"
#include "state.h"

static bool exists(const struct state *state, int camera) {
  return camera >= -1 && camera < state->camera_count;
}

/** A byte more in the file beside the state: whoever watches that file knows that there is something new. */
static void announce(void) {
  const char *state = getenv("ASI_SIM_STATE");
  if (!state || !*state) return;
  char path[PATH_MAX];
  snprintf(path, sizeof path, "%s.orders", state);
  int file = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0666);
  if (file < 0) return;
  if (write(file, "\n", 1) != 1) fprintf(stderr, "asi-sim: %s cannot be written\n", path);
  close(file);
}

static int order(struct fault fault, const char *function) {
  int length = strcspn(function, "+");
  snprintf(fault.function, sizeof fault.function, "%.*s", length, function);
  if (function[length] == '+') fault.after = atoi(function + length + 1);
  struct state *state = state_lock();
  bool ordered = exists(state, fault.camera) && fault_order(&state->faults, fault);
  state_unlock();
  announce();
  return ordered ? 0 : -1;
}

int SimFail(int camera, const char *function, int code, int times) {
  return order((struct fault){FAULT_CODE, camera, .value = code, .times = times}, function);
}

int SimHang(int camera, const char *function, int milliseconds, int times) {
  return order((struct fault){FAULT_HANG, camera, .value = milliseconds, .times = times}, function);
}

int SimCrash(int camera, const char *function, int times) {
  return order((struct fault){FAULT_CRASH, camera, .times = times}, function);
}

int SimPrint(int camera, const char *function) {
  return order((struct fault){FAULT_PRINT, camera, .times = 1}, function);
}

int SimGarble(int camera, const char *function, int byte, int times) {
  return order((struct fault){FAULT_GARBLE, camera, .value = byte, .times = times}, function);
}

int SimExposureFail(int camera, int times) {
  return order((struct fault){FAULT_EXPOSURE, camera, .times = times}, "");
}

int SimExposureStuck(int camera, int times) {
  return order((struct fault){FAULT_STUCK, camera, .times = times}, "");
}

int SimClear(void) {
  struct state *state = state_lock();
  fault_clear(&state->faults);
  state_unlock();
  announce();
  return 0;
}

static int plug(int camera, bool plugged) {
  struct state *state = state_lock();
  int result = exists(state, camera) ? 0 : -1;
  for (int i = 0; result == 0 && i < state->camera_count; i++)
    if (camera == -1 || camera == i) state_plug(state, i, plugged);
  state_unlock();
  announce();
  return result;
}

int SimUnplug(int camera) { return plug(camera, false); }

int SimPlug(int camera) { return plug(camera, true); }

int SimAdd(const char *name) {
  int model = model_find(name);
  if (model < 0) return -1;
  struct state *state = state_lock();
  int camera = state_add(state, model);
  state_unlock();
  announce();
  return camera;
}
